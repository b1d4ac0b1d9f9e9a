"""Who is put into a yearly plan, and who is taken out again: by the level that approves the plan."""

from __future__ import annotations

from datetime import date

import msgspec

from core.actor import Actor
from core.casework.acts.days import check_day
from core.casework.acts.entries import NewEntry, refuse_ended, refuse_stale
from core.casework.acts.write import write
from core.casework.levels import platform_level, refuse_unfit
from core.casework.matter import Matter
from core.casework.model import Written
from core.errors import Conflict, Forbidden, Invalid
from core.text import LONGEST_REMARK, one_line
from dangwu import LEVELS, YearPlan, explain, rank


class Listing(msgspec.Struct, frozen=True):
    """Somebody is in the plan of a year, or is no longer; `because`: by which document, for what reason."""

    plan: str
    year: int
    stands: bool
    because: str


def gating(matter: Matter, today: date) -> dict[str, YearPlan]:
    """The plans in which somebody must stand for some step of this case, as asked today."""
    procedure = matter.case.case.procedure
    return {
        name: one
        for name, one in matter.regime.plans(today).items()
        if any(gate.partition("/")[0] == procedure for gate in one.gates)
    }


def decides_at(asked: YearPlan) -> str:
    """The level that says who stands in a plan: the highest that approves it, else draws it up, else the department."""
    levels = asked.asks.approves or asked.asks.owes
    return platform_level(max(levels, key=rank)) if levels else "department"


def may_list(actor: Actor, matter: Matter, today: date) -> bool:
    """Whether he says it of any plan that this case needs."""
    levels = actor.levels(matter.case.path, "case.review")
    return any(decides_at(one) in levels for one in gating(matter, today).values())


async def list_in_plan(
    actor: Actor, matter: Matter, listing: Listing, day: date, *, seen_version: int, today: date
) -> Written:
    """From `day` on the person stands in the plan, or no longer. What was done before stays done.

    Raises Stale, Forbidden, Invalid, Conflict (he stands there already, or does not).
    """
    case, name = matter.case, explain.title(matter.regime, listing.plan)
    actor.require("case.review", case.path)
    asked = gating(matter, today).get(listing.plan)
    if asked is None:
        raise Invalid(f"现行规定没有要求列入“{name}”，不必登记。")
    level = _level(actor, matter, asked, name)
    refuse_unfit(actor, case, level)
    refuse_ended(case)
    refuse_stale(case, seen_version, matter.regime)
    check_day(case, matter.regime, day, today)
    plans = {listing.plan: _years(matter, listing, name, today)}
    because = one_line("because", "依据和理由", listing.because, most=LONGEST_REMARK)
    entry = NewEntry(
        kind="facts", day=day, entered=today, evidence={"plans": plans}, note=because, level=level
    )
    return await write(actor, matter, entry, today, "facts")


def _level(actor: Actor, matter: Matter, asked: YearPlan, name: str) -> str:
    level = decides_at(asked)
    if level not in actor.levels(matter.case.path, "case.review"):
        raise Forbidden(
            f"列入“{name}”由{LEVELS[level]}审定，您不能登记。请报{LEVELS[level]}办理。", code="level"
        )
    return level


def _years(matter: Matter, listing: Listing, name: str, today: date) -> list[int]:
    """The years in which he stands in it then."""
    year, who = listing.year, matter.case.person_name
    if abs(year - today.year) > 1:
        raise Invalid(
            f"只登记上年、本年和下年的计划，不能登记 {year} 年的。请核对年度。",
            fields={"year": "应为上年、本年或下年。"},
        )
    years = {*matter.case.case.plans_on(today).get(listing.plan, ())}
    if (year in years) == listing.stands:
        raise Conflict(f"{who}{'已经列入' if listing.stands else '没有列入'} {year} 年“{name}”，不必再登记。")
    return sorted(years | {year} if listing.stands else years - {year})
