"""What can be asked of plans: those that somebody sees, those that are owed, how one is used."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.levels import platform_level
from core.casework.model import RegimeFor, Way
from core.casework.standing.regimes import regime_at
from core.database import fetch
from core.organisation.model import KINDS, WITHIN_BRANCHES, level_of
from core.organisation.queries import unit_at
from core.paths import Conditions, within
from core.plans.access import LINE, SHOWN
from core.plans.candidates import MEMBERS, admitted
from core.plans.draw import drawing, without_plan
from core.plans.model import Candidate, PlanFile, PlanLine, due
from dangwu import LEVELS, explain, rank

PAGE = 50
MOST_SHOWN = 30


class Use(msgspec.Struct, frozen=True):
    """How far a plan is used: of `total` so many are named, of those so many are members by now; `left` can still be named.

    `admitted`: all who were admitted that year below the unit, named or not.
    """

    total: int
    named: int
    members: int
    admitted: int

    @property
    def left(self) -> int:
        """How many can still be named."""
        return max(self.total - self.named, 0)


class Owed(msgspec.Struct, frozen=True):
    """A plan that units of a level have not drawn up; `names` the first of `count`, `by` the day on which it is due."""

    plan: str
    title: str
    level: str
    by: date | None
    count: int
    names: tuple[str, ...]


async def plans(
    actor: Actor, year: int | None = None, *, after: tuple[int, UUID] | None = None, limit: int = PAGE
) -> list[PlanLine]:
    """`limit + 1` plans that he sees, the newest years first."""
    where = Conditions()
    where.below("p.path", within(actor, "plan.view"))
    if year is not None:
        where.add("p.year = {}", year)
    if after:
        where.add("(p.year, p.id) < ({}, {})", *after)
    rows = await fetch(
        f"select {LINE} {SHOWN} where {where} order by p.year desc, p.id desc limit {int(limit) + 1}",
        *where.args,
    )
    return [PlanLine(**row) for row in rows]


async def used(file: PlanFile, named: Collection[Candidate]) -> Use:
    """How far the text in force is used, or, before there is one, the newest; `named` are those in it."""
    text = file.in_force or file.newest
    members = sum(one.membership in MEMBERS for one in named)
    return Use(text.total, len(named), members, await admitted(file.line.path, file.line.year))


async def draws(actor: Actor, *, regime_for: RegimeFor, today: date) -> bool:
    """Whether any unit for which he draws up plans has one to draw up by the policies in force there."""
    for path in within(actor, "plan.draw"):
        top, regime = await unit_at(path), await regime_at(regime_for, Way(path))
        levels = [level for one in regime.plans(today).values() for level in drawing(one)]
        if top and any(rank(level) <= rank(level_of(top.kind)) for level in levels):
            return True
    return False


async def owed(actor: Actor, *, regime_for: RegimeFor, today: date) -> list[Owed]:
    """What units that he sees have not drawn up this year, as the policies at the top of what he sees ask."""
    found = []
    for path in within(actor, "plan.view"):
        top, regime = await unit_at(path), await regime_at(regime_for, Way(path))
        for name, one in regime.plans(today).items() if top else ():
            for level in sorted(one.asks.owes):
                kinds = [
                    kind
                    for kind in KINDS
                    if level_of(kind) == platform_level(level) and kind not in WITHIN_BRANCHES
                ]
                names = await without_plan([path], kinds, name, today.year)
                if names:
                    title, by = explain.title(regime, name), due(one, today.year)
                    found.append(Owed(name, title, LEVELS[level], by, len(names), tuple(names[:MOST_SHOWN])))
    return found
