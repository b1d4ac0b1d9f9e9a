"""职责: a unit's calendar of what is done, late, missed, due and coming; for who oversees others, who is behind."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from litestar import Controller, get
from litestar.params import FromPath

from core.duties.queries import began, behind, calendar
from dangwu import DUTY_STATES, Citation, Occurrence, Regime, add_months, explain, owing, titles
from tenants.policies.regimes import regimes_of_paths
from web.kit.here import FromHere
from web.kit.page import Page, page
from web.kit.units import way_down

BACK, AHEAD = 6, 3
"""Months that a calendar shows."""
MOST = 50


class Line(msgspec.Struct, frozen=True):
    """One occurrence in words; `acts` are the ids of what it was done with."""

    title: str
    demand: str
    one: Occurrence
    state: str
    acts: tuple[str, ...]
    cited: tuple[Citation, ...]


class DutyPages(Controller):
    """/duties."""

    path = "/duties"

    @get("/")
    async def index(self, here: FromHere) -> Page:
        """Who is behind, of all that he sees."""
        here.require("activity.view")
        found = await behind(here.actor, regimes_of_paths, here.today)
        regimes = await regimes_of_paths({one.unit.path for one in found[:MOST]})
        return page(
            "duties/index.html",
            began=await began(),
            total=len(found),
            behind=[(one, _lines(regimes[one.unit.path], one.missed)) for one in found[:MOST]],
        )

    @get("/{unit_id:uuid}")
    async def show(self, here: FromHere, unit_id: FromPath[UUID]) -> Page:
        """A unit's calendar."""
        first, last = add_months(here.today, -BACK), add_months(here.today, AHEAD)
        unit, found = await calendar(here.actor, unit_id, regimes_of_paths, first, last, here.today)
        regime = (await regimes_of_paths([unit.path]))[unit.path]
        return page(
            "duties/show.html",
            unit=unit,
            units=await way_down(unit.path),
            began=await began(),
            groups=_groups(_lines(regime, found)),
        )


def _lines(regime: Regime, found: Sequence[Occurrence]) -> list[Line]:
    known = titles.Titles.of(regime)
    return [
        Line(
            known.title(one.family), owing.demand(one.claim.demand, known), one, DUTY_STATES[one.state], one.done,
            explain.cited(regime, one.rules, one.due),
        )
        for one in found
    ]  # fmt: skip


def _groups(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """What presses first: missed, owed, coming, done."""
    order = (
        ("逾期未办", ("missed",)),
        ("应办", ("owed",)),
        ("未到时间", ("early",)),
        ("已办", ("late", "discharged")),
    )
    return [
        (title, listed)
        for title, states in order
        if (listed := [one for one in lines if one.one.state in states])
    ]
