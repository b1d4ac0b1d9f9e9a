"""Asking the caller for the policies of a case, whether it answers at once or has to look them up."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

from core.casework.model import RegimeFor, Way
from dangwu.regime import Regime


async def regime_at(regime_for: RegimeFor, way: Way) -> Regime:
    """The policies by which a case that came this way is judged."""
    answer = regime_for(way)
    return await answer if inspect.isawaitable(answer) else answer


async def regimes_at(regime_for: RegimeFor, ways: Iterable[Way]) -> dict[Way, Regime]:
    """The same for many, each asked for once."""
    return {way: await regime_at(regime_for, way) for way in sorted(set(ways))}
