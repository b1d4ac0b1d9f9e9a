"""The policies in force at a unit: national ⊔ every activation on its path, compiled once and kept in this process.

A county's activations are kept with the version under which they were read; a request brings the present version along
(access.actor_for), so an old version is never used, in whatever process the change was made. Compiled regimes are kept by the
versions of the activations they consist of, so a change recompiles only the paths that it touches.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from core.casework.model import Way
from core.errors import NotFound
from dangwu import Adoption, DangwuError, Floor, Policy, Regime
from tenants.database.session import Session, current_session
from tenants.policies import floors, plugins, texts
from tenants.policies.changes import Activation, on_way
from tenants.policies.lineage import Move
from tenants.policies.rows import activations_known, live_activations, moves
from tenants.policies.strangers import stamp
from tenants.policies.updates import agreed

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


Chain = tuple[str, frozenset[tuple[UUID, date, date | None]]]


def chain_key(activations: Iterable[Activation]) -> Chain:
    """What tells one regime from another: the floor's texts, and the activations. A version of an activation never changes, only
    the time in which it reaches."""
    return floors.stamp(), frozenset((item.id, item.since, item.until) for item in activations)


class Contradiction(plugins.Unjudged):
    """What reaches a unit or a case cannot be in force together; adopting, moving and merging refuse what leads there."""

    def __init__(self, problems: Iterable[str]) -> None:
        super().__init__(
            f"在这里执行的政策相互矛盾，有关事项暂停办理：{''.join(problems)}请把这段话告诉县委组织部的管理员。",
            code="policy-conflict",
        )


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
        """The regime of these activations, compiled if need be. Raises Unjudged where they cannot be in force together."""
        chain = tuple(activations)
        key = chain_key(chain)
        with self._lock:
            found = self._regimes.get(key)
            if found is not None:
                self._regimes.move_to_end(key)
                return found
        try:
            made = compiled(chain)
        except DangwuError as error:
            raise Contradiction(error.problems) from error
        with self._lock:
            self._regimes[key] = made
            while len(self._regimes) > self._most_regimes:
                self._regimes.popitem(last=False)
        return made


cache = PolicyCache()


def compiled(activations: Iterable[Activation]) -> Regime:
    """The regime of the floor and these activations, each by the text that it has adopted, whatever is installed.

    The texts have been read (`texts.load`). Raises dangwu's ConflictError and PolicyError, and BrokenPlugin where there is no
    text; an activation without one that has an end is left out and reported: somebody has decided to do without.
    """
    return on_floor(activations, floors.in_force())


def on_floor(activations: Iterable[Activation], floor: Floor, *more: Adoption) -> Regime:
    """The same on another floor, or with `more` beside."""
    listed, adoptions, checking = tuple(activations), [], set()
    for item in listed:
        if item.text is None and item.until is not None:
            log.error("activation %s of plugin %r has no text", item.id, item.plugin)
            continue
        found = adoption_of(texts.policy_of(item.text, item.plugin), item)
        adoptions.append(msgspec.structs.replace(found, held=agreed(item, listed)))
        if texts.needs_check(item.text):
            checking.add(item.plugin)
    return plugins.installed().compose([*adoptions, *more], floor, checking)


def adoption_of(policy: Policy, item: Activation) -> Adoption:
    """An activation of `policy` as the contract has it."""
    chosen = item.choice
    return Adoption(policy, item.since, item.until, chosen.without, chosen.also, chosen.fill)


def where_judged(ways: Iterable[Way], regime_of: Callable[[Way], Regime]) -> dict[Way, Regime]:
    """The regime of each way, those left out where nothing can be judged."""
    found = {}
    for way in ways:
        with suppress(plugins.Unjudged, DangwuError):
            found[way] = regime_of(way)
    return found


async def county_policies() -> CountyPolicies:
    """The live activations of the session's county, at its present version."""
    session = current_session()
    if session.policies_changed:
        # What this transaction has written is nobody else's yet, and may be rolled back: it is read, never kept.
        return await _read(0)
    county_id, version = _county(session), session.policy_version
    if version is None:
        version = session.policy_version = await session.fetchval(
            "select policy_version from county where id = $1", county_id
        )
    known = cache.county(county_id, version or 0)
    if known is None:
        known = await _read(version or 0)
        cache.keep(county_id, known)
    return known


async def _read(version: int) -> CountyPolicies:
    live = await live_activations()
    await read_texts(live)
    return CountyPolicies(version, live, await moves())


async def read_texts(activations: Iterable[Activation]) -> None:
    """Read what `compiled` needs: the texts of these activations, and those of the floor."""
    await texts.load(item.text for item in activations)
    await floors.refresh()
    await stamp.refresh()


async def regime_of_path(where: str | Way) -> Regime:
    """The policies in force at the unit at this path, or for a case that came this way, with their history.

    It is what core's services take as `regime_for`. Who may see the unit or the case is checked by the caller.
    """
    return cache.regime((await county_policies()).reaching(where))


async def regime_as_known(path: str, at: datetime) -> Regime:
    """The policies in force at a unit as they were known at a moment, by what was decided until then: core's `known_for`."""
    known = await activations_known(at)
    await read_texts(known)
    return cache.regime(CountyPolicies(0, known, (await county_policies()).moves).reaching(path))


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
