"""Asking the caller for the policies of a path, whether it answers at once or has to look them up."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

from core.casework.model import RegimeFor
from dangwu.regime import Regime


async def regime_at(regime_for: RegimeFor, path: str) -> Regime:
    """The policies in force at one path."""
    answer = regime_for(path)
    return await answer if inspect.isawaitable(answer) else answer


async def regimes_at(regime_for: RegimeFor, paths: Iterable[str]) -> dict[str, Regime]:
    """The same for many paths, each asked for once."""
    return {path: await regime_at(regime_for, path) for path in sorted(set(paths))}
