"""The policies in force somewhere, as a caller gives them: core knows no tenant."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from dangwu import Regime

RegimeAt = Callable[[str], Awaitable[Regime]]
"""By the path of a unit. Of a case, which has stood elsewhere too: `casework.model.RegimeFor`."""
