"""The policies in force at a unit: national ⊔ every activation on its path, compiled once and kept in this process.

A county's activations are kept with the version under which they were read; a request brings the present version along
(access.actor_for), so an old version is never used, in whatever process the change was made. Compiled regimes are kept by the
versions of the activations they consist of, so a change recompiles only the paths that it touches.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from core.casework.model import Way
from core.errors import NotFound
from dangwu import Adoption, Regime
from tenants.database.session import Session, current_session
from tenants.policies import plugins
from tenants.policies.changes import Activation, on_way
from tenants.policies.lineage import Move
from tenants.policies.rows import live_activations, moves

log = logging.getLogger(__name__)
MOST_REGIMES = 1024
MOST_COUNTIES = 512


class CountyPolicies(NamedTuple):
    """A county's live activations and the moves of its units, as read under this version of its policies."""

    version: int
    live: tuple[Activation, ...]
    moves: tuple[Move, ...] = ()

    def reaching(self, where: str | Way) -> tuple[Activation, ...]:
        """The activations that reach the unit at a path, or a case that came this way; now or earlier."""
        return on_way(self.live, Way(where) if isinstance(where, str) else where, self.moves)


Chain = frozenset[tuple[UUID, date, date | None]]


def chain_key(activations: Iterable[Activation]) -> Chain:
    """What tells one regime from another: a version of an activation never changes, only the time in which it reaches."""
    return frozenset((item.id, item.since, item.until) for item in activations)


class PolicyCache:
    """What this process knows of policies; bounded, the longest unused goes first; safe for threads."""

    def __init__(self, most_counties: int = MOST_COUNTIES, most_regimes: int = MOST_REGIMES) -> None:
        self._counties: OrderedDict[UUID, CountyPolicies] = OrderedDict()
        self._regimes: OrderedDict[Chain, Regime] = OrderedDict()
        self._most_counties, self._most_regimes = most_counties, most_regimes
        self._lock = threading.Lock()

    def county(self, county_id: UUID, version: int) -> CountyPolicies | None:
        """What is known of a county, unless it is older than `version`."""
        with self._lock:
            known = self._counties.get(county_id)
            if known is None or known.version < version:
                return None
            self._counties.move_to_end(county_id)
            return known

    def keep(self, county_id: UUID, policies: CountyPolicies) -> None:
        """Keep a county's activations, unless newer ones are known by now."""
        with self._lock:
            known = self._counties.get(county_id)
            if known is None or known.version <= policies.version:
                self._counties[county_id] = policies
                self._counties.move_to_end(county_id)
            while len(self._counties) > self._most_counties:
                self._counties.popitem(last=False)

    def outdate(self, county_id: UUID, version: int) -> None:
        """Forget what is older than `version`: another process has changed it."""
        with self._lock:
            known = self._counties.get(county_id)
            if known is not None and known.version < version:
                del self._counties[county_id]

    def regime(self, activations: Iterable[Activation]) -> Regime:
        """The regime of these activations, compiled if need be. Raises dangwu's ConflictError and PolicyError."""
        chain = tuple(activations)
        key = chain_key(chain)
        with self._lock:
            found = self._regimes.get(key)
            if found is not None:
                self._regimes.move_to_end(key)
                return found
        made = compiled(chain)
        with self._lock:
            self._regimes[key] = made
            while len(self._regimes) > self._most_regimes:
                self._regimes.popitem(last=False)
        return made


cache = PolicyCache()


def compiled(activations: Iterable[Activation]) -> Regime:
    """The regime of national and these activations.

    Raises dangwu's ConflictError and PolicyError, and BrokenPlugin for one that cannot be loaded or is not installed. An
    activation with an end whose plugin has since been removed is left out and reported: somebody has decided to do without.
    """
    known = plugins.installed().policies
    adoptions = []
    for item in activations:
        if item.plugin not in known:
            if item.until is None or item.plugin in plugins.installed().broken:
                raise plugins.BrokenPlugin(item.plugin)
            log.error("activation %s names plugin %r, which is not installed", item.id, item.plugin)
            continue
        chosen = item.choice
        adoptions.append(
            Adoption(known[item.plugin], item.since, item.until, chosen.without, chosen.also, chosen.fill)
        )
    return plugins.installed().compose(adoptions)


async def county_policies() -> CountyPolicies:
    """The live activations of the session's county, at its present version."""
    session = current_session()
    if session.policies_changed:
        # What this transaction has written is nobody else's yet, and may be rolled back: it is read, never kept.
        return CountyPolicies(0, await live_activations(), await moves())
    county_id, version = _county(session), session.policy_version
    if version is None:
        version = session.policy_version = await session.fetchval(
            "select policy_version from county where id = $1", county_id
        )
    known = cache.county(county_id, version or 0)
    if known is None:
        known = CountyPolicies(version or 0, await live_activations(), await moves())
        cache.keep(county_id, known)
    return known


async def regime_of_path(where: str | Way) -> Regime:
    """The policies in force at the unit at this path, or for a case that came this way, with their history.

    It is what core's services take as `regime_for`. Who may see the unit or the case is checked by the caller.
    """
    return cache.regime((await county_policies()).reaching(where))


async def regimes_of_paths(paths: Iterable[str]) -> dict[str, Regime]:
    """The same for many paths at once."""
    known = await county_policies()
    return {path: cache.regime(known.reaching(path)) for path in set(paths)}


async def regime_of_unit(unit_id: UUID) -> Regime:
    """The policies in force at a unit. Raises NotFound. Who may see the unit is checked by the caller."""
    path = await current_session().fetchval("select path from unit where id = $1", unit_id)
    if path is None:
        raise NotFound("没有找到这个党组织。请从组织树中重新选择。")
    return await regime_of_path(path)


def _county(session: Session) -> UUID:
    if session.county_id is None:
        raise RuntimeError("政策属于某个县：请先进入 county_session(县编号)。")
    return session.county_id
