"""What dividing a unit will mean, before it is done: for each new unit, for what is left, and by which policies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.carry import coming_to, running_of
from core.changes.split import Split, checked_split
from core.database import fetch
from core.organisation.branches import said_of_size
from core.organisation.model import UnitView
from core.register.carry import people_of_unit
from core.register.rights.holders import Holder, holders
from tenants.accounts.grants import roles_at
from tenants.foreseen import PolicyChange, told
from tenants.policies.regimes import county_policies


class ForeseenPart(msgspec.Struct, frozen=True, kw_only=True):
    """A new unit: how many people go there, how many of them full members, units below, cases (procedure → how many); what is
    said of its size."""

    name: str
    kind: str
    code: str | None
    people: int
    full: int
    units: tuple[str, ...]
    cases: Mapping[str, int]
    size: str


class ForeseenSplit(msgspec.Struct, frozen=True, kw_only=True):
    """The new units; what is left at the old one (`rest`: the name of the new unit that takes it, after which the old one is no
    more); posts and roles that end; what stands there under way; the policies that the old unit alone has adopted."""

    parts: tuple[ForeseenPart, ...]
    left: ForeseenPart
    rest: str
    posts: tuple[Holder, ...]
    roles: int
    coming: int
    open: tuple[str, ...]
    loses: tuple[PolicyChange, ...]


async def foreseen_split(
    actor: Actor, unit_id: UUID, plan: Split, seen_version: int, today: date
) -> ForeseenSplit:
    """Of dividing a unit so. Raises as `core.changes.split.split`."""
    unit = await checked_split(actor, unit_id, plan, seen_version, today)
    there = await people_of_unit(unit.id)
    below = await fetch(
        "select id, name from unit where parent_id = $1 and dissolved is null order by path", unit.id
    )
    running = await running_of([one.id for one in there])
    gone = {one for part in plan.parts for one in part.people}
    moved = {one for part in plan.parts for one in part.units}
    names = {row["id"]: row["name"] for row in below}
    rest = plan.parts[plan.rest].draft.name if plan.rest is not None else ""

    def part(name: str, kind: str, code: str | None, people: Set[UUID], units: Set[UUID]) -> ForeseenPart:
        chosen = [one for one in there if one.id in people]
        full, members = (sum(getattr(one, what) for one in chosen) for what in ("full", "member"))
        return ForeseenPart(
            name=name, kind=kind, code=code, people=len(chosen), full=full,
            units=tuple(name for one, name in names.items() if one in units),
            cases=Counter(one.procedure for one in running if one.person_id in people),
            size=said_of_size(full, members) if kind == "branch" and not units else "",
        )  # fmt: skip

    left = {one.id for one in there} - gone
    posts = [one for one in await holders(unit.id, plan.day) if one.person_id in gone]
    return ForeseenSplit(
        parts=tuple(
            part(one.draft.name, one.draft.kind, one.draft.code, one.people, one.units) for one in plan.parts
        ),
        left=part(unit.name, unit.kind, unit.code, left, names.keys() - moved),
        rest=rest,
        posts=tuple(posts),
        roles=await roles_at(unit.id, today) if rest else 0,
        coming=await coming_to(unit.path),
        open=await _open_at(unit.id, today),
        loses=await _own_policies(unit, today),
    )


async def _open_at(unit_id: UUID, today: date) -> tuple[str, ...]:
    """Rounds of ratings that are not closed, plans of this year and later ones."""
    # Other contexts' tables are read here only to be shown; nothing is decided on them.
    rows = await fetch(
        """select title || '“' || name || '”（评定，尚未结束）' said from rating_round where unit_id = $1 and closed is null
           union all select year || ' 年' || title from year_plan where unit_id = $1 and year >= $2""",
        unit_id, today.year,
    )  # fmt: skip
    return tuple(row["said"] for row in rows)


async def _own_policies(unit: UnitView, today: date) -> tuple[PolicyChange, ...]:
    reaching = (await county_policies()).reaching(unit.path)
    own = {one.plugin: one for one in reaching if one.unit_id == unit.id and one.runs_on(today)}
    above = {one.plugin: one for one in reaching if one.unit_id != unit.id and one.runs_on(today)}
    return told(own, above)
