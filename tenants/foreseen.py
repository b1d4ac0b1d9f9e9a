"""What a change of the tree will mean, before it is made: who goes along, which policies fall away and which come."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.carry import coming_to, running_below
from core.organisation.access import access_unit
from core.organisation.model import UnitView
from core.organisation.queries import tree
from tenants.accounts.grants import roles_at
from tenants.policies.changes import Activation
from tenants.policies.regimes import CountyPolicies, county_policies
from tenants.policies.shelf import title_of

Act = Literal["move", "merge", "dissolve"]


class PolicyChange(msgspec.Struct, frozen=True):
    """A policy that falls away or comes, and the unit that has adopted it."""

    plugin: str
    title: str
    unit_name: str


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """People, units below and cases (procedure → how many) that go along; cases elsewhere that lead people here; roles that end;
    the policies by which what has not begun is done afterwards."""

    people: int
    units: int
    cases: dict[str, int]
    coming: int
    roles: int
    loses: tuple[PolicyChange, ...]
    gains: tuple[PolicyChange, ...]


async def foreseen(actor: Actor, act: Act, unit_id: UUID, other_id: UUID | None, today: date) -> Foreseen:
    """Of moving a unit under another, merging it into another, dissolving it (no other). Raises NotFound, Forbidden."""
    unit = await access_unit(actor, unit_id, "org.edit")
    other = await access_unit(actor, other_id, "org.edit") if other_id else None
    [node, *_] = await tree(actor, unit_id, dissolved=True)
    county = await county_policies()
    now = _running(county.reaching(unit.path), today)
    then = _running(_afterwards(county, act, unit, other), today)
    return Foreseen(
        people=node.all_people,
        units=node.all_units,
        cases=await running_below(unit.path),
        coming=await coming_to(unit.path),
        roles=await roles_at(unit_id, today) if act != "move" else 0,
        loses=told(now, then),
        gains=told(then, now),
    )


def _afterwards(
    county: CountyPolicies, act: Act, unit: UnitView, other: UnitView | None
) -> tuple[Activation, ...]:
    """What will reach the people of the unit: what it has adopted itself goes along only where it stays."""
    if other is None:
        return ()
    own = tuple(one for one in county.reaching(unit.path) if one.unit_id == unit.id) if act == "move" else ()
    return (*county.reaching(other.path), *own)


def _running(found: tuple[Activation, ...], today: date) -> dict[str, Activation]:
    return {one.plugin: one for one in found if one.runs_on(today)}


def told(those: dict[str, Activation], not_these: dict[str, Activation]) -> tuple[PolicyChange, ...]:
    """Those of the first that are none of the second."""
    return tuple(
        PolicyChange(one.plugin, title_of(one), one.unit_name)
        for name, one in those.items()
        if name not in not_these
    )
