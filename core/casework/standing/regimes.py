"""Asking the caller for the policies of a case, whether it answers at once or has to look them up."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Iterable

from core.casework.model import RegimeFor, Way
from core.errors import Conflict
from dangwu import Regime

log = logging.getLogger(__name__)


async def regime_at(regime_for: RegimeFor, way: Way) -> Regime:
    """The policies by which a case that came this way is judged."""
    answer = regime_for(way)
    return await answer if inspect.isawaitable(answer) else answer


async def regimes_at(regime_for: RegimeFor, ways: Iterable[Way]) -> dict[Way, Regime]:
    """The same for many, each asked for once. Where the policies cannot be said at present nothing is judged: it is left out."""
    found = {}
    for way in sorted(set(ways)):
        try:
            found[way] = await regime_at(regime_for, way)
        except Conflict as error:
            # One unit's broken policy must not keep the standings of all others from being worked out.
            log.error("cases at %s are not worked out: %s", way.path, error.sentence)
    return found
