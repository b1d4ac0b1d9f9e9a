"""Before a change of policies is saved: what it does to the rules, and to the cases under way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple
from uuid import UUID

import msgspec

from core.actor import Actor
from core.bulk import many_objects
from core.casework.model import LoadedCase, Way
from core.casework.standing.sweep import load_these, running_below
from core.database import fetch
from dangwu import Difference, Regime, difference
from tenants.policies import floors, texts
from tenants.policies.changes import Activation, Adopt, Change, on_way
from tenants.policies.preview.cases import CaseSeen, case_changes
from tenants.policies.preview.found import CaseChanges
from tenants.policies.preview.rules import UNCHANGED, RuleChanges, rule_changes
from tenants.policies.regimes import (
    Chain,
    CountyPolicies,
    cache,
    chain_key,
    compiled,
    read_texts,
    where_judged,
)
from tenants.policies.seen import seen
from tenants.policies.service import Planned, prepare
from tenants.policies.together import Remaining, remaining


class Preview(msgspec.Struct, frozen=True):
    """`day` is the day as of which rules and cases are compared: the first day of the change, today if that is past. `text`: how
    the text that is adopted differs from the one before, where it does; `remaining`: what contradicted itself before, so that
    nothing was judged there and nothing can be compared, and what still will."""

    day: date
    rules: RuleChanges
    cases: CaseChanges
    text: Difference | None = None
    remaining: Remaining = Remaining()


class Previewed(NamedTuple):
    """A preview, and what it rested on (`seen`): `service.apply` takes that, and refuses when it has changed since."""

    preview: Preview
    seen: str


async def preview(actor: Actor, unit_id: UUID, change: Change, today: date) -> Previewed:
    """What a change at a unit would do; writes nothing. Raises what `service.apply` would raise.

    For few cases: they are judged while the caller waits, beside the event loop. For many, see stored.py.
    """
    planned, day = await planned_for(actor, unit_id, change, today)
    found = await cases_changed(planned, day, await running_below(planned.place.path))
    return await previewed(planned, day, found)


async def previewed(planned: Planned, day: date, found: CaseChanges) -> Previewed:
    """The preview, with what was found about cases."""
    rules = await asyncio.to_thread(rules_changed, planned, day)
    before, after = (CountyPolicies(0, live, planned.moves) for live in (planned.before, planned.after))
    left = await remaining(before, after, planned.place.path)
    path = planned.place.path
    return Previewed(Preview(day, rules, found, text_changed(planned), left), seen(planned.before, path))


async def planned_for(actor: Actor, unit_id: UUID, change: Change, today: date) -> tuple[Planned, date]:
    """The change as it would be made, and the day of the preview."""
    planned = await prepare(actor, unit_id, change)
    return planned, max(today, change.since if isinstance(change, Adopt) else change.day)


def rules_changed(planned: Planned, day: date) -> RuleChanges:
    """What becomes of the rules at the unit."""
    place = Way(planned.place.path)
    after = _regimes(planned, {place}).get(place)
    if after is None:
        return UNCHANGED
    before = _before(planned, {place}).get(place, after)
    touched = [texts.policy_of(item.text, item.plugin) for item in _one_each(planned.added)]
    return rule_changes(before, after, touched, day)


def text_changed(planned: Planned) -> Difference | None:
    """How the text that the change adopts differs from the one that goes; None where it stays."""
    new = planned.added[-1]
    gone = {item.supersedes for item in planned.added}
    old = next((item for item in planned.before if item.id in gone), None)
    if old is None or old.text == new.text:
        return None
    one, two = texts.known(old.text), texts.policy_of(new.text, new.plugin)
    return difference(one, two, new.choice.fill, floors.in_force()) if one is not None else None


async def cases_changed(planned: Planned, day: date, case_ids: Sequence[UUID]) -> CaseChanges:
    """What becomes of these cases."""
    await read_texts((*planned.before, *planned.after))
    return await changed(case_ids, partial(_before, planned), partial(_regimes, planned), day)


Regimes = Callable[[set[Way]], dict[Way, Regime]]
"""The policies of cases that came these ways, those left out for which nothing can be judged."""


async def changed(case_ids: Sequence[UUID], before: Regimes, after: Regimes, day: date) -> CaseChanges:
    """What becomes of cases when `after` holds instead of `before`: two queries, then judged beside the event loop (a thousand
    take about a second)."""
    loaded = await load_these(case_ids)
    stored = {row["id"]: dict(row) for row in await fetch(_STORED, list(case_ids))}
    with many_objects():
        return await asyncio.to_thread(_compare, loaded, stored, before, after, day)


_Stored = dict[UUID, dict[str, object]]
_STORED = """
    select id, status, stage, open_steps, open_states, reasons, next_due, waiting_until, computed_on, changes_on
    from case_file where id = any($1)"""


def _compare(
    loaded: list[LoadedCase], stored: _Stored, before: Regimes, after: Regimes, day: date
) -> CaseChanges:
    ways = {case.way for case in loaded}
    then = after(ways)
    was = {**then, **before(ways)}
    cases = (_seen(case, stored.get(case.id), was[case.way], day) for case in loaded if case.way in then)
    return case_changes(cases, was, then, day)


def _before(planned: Planned, ways: set[Way]) -> dict[Way, Regime]:
    return where_judged(ways, lambda way: cache.regime(on_way(planned.before, way, planned.moves)))


def _regimes(planned: Planned, ways: set[Way]) -> dict[Way, Regime]:
    """The regime of each way after the change; what is only planned never goes into the cache of the process."""
    made: dict[Chain, Regime] = {}

    def regime_of(way: Way) -> Regime:
        chain = on_way(planned.after, way, planned.moves)
        key = chain_key(chain)
        if key not in made:
            made[key] = compiled(chain)
        return made[key]

    return where_judged(ways, regime_of)


def _one_each(added: tuple[Activation, ...]) -> list[Activation]:
    return list({item.plugin: item for item in added}.values())


def _seen(case: LoadedCase, stored: dict[str, object] | None, before: Regime, day: date) -> CaseSeen:
    """With the stored standing, unless time or a rule's own date has changed it since it was computed."""
    usable = stored if stored is not None and _holds(stored, before, day) else None
    return CaseSeen(case.id, case.person_name, case.way, case.case, usable)


def _holds(stored: dict[str, object], before: Regime, day: date) -> bool:
    computed, changes = stored["computed_on"], stored["changes_on"]
    assert isinstance(computed, date)
    if computed > day or (isinstance(changes, date) and changes <= day):
        return False
    return not any(computed < turn <= day for turn in before.breaks)
