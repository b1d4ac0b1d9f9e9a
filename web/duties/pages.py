"""职责: a unit's calendar of what is done, late, missed, due and coming; for who oversees others, who is behind."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from litestar import Controller, get
from litestar.params import FromPath

from core.duties.queries import behind, calendar
from core.organisation.queries import SEEN, named_units
from dangwu import DUTY_STATES, Citation, Occurrence, Regime, explain, owing, titles
from tenants.policies.regimes import regimes_of_paths
from web.kit.here import FromHere
from web.kit.page import Page, page
from web.kit.units import way_down

MOST = 50


class Line(msgspec.Struct, frozen=True):
    """One occurrence in words: `demand` how often, and of what post; `acts` the ids of what it was done with, `shown` what that
    must have to count; `told` the levels that have to urge it by now."""

    title: str
    demand: str
    one: Occurrence
    state: str
    acts: tuple[str, ...]
    cited: tuple[Citation, ...]
    shown: tuple[str, ...]
    told: tuple[str, ...]


class DutyPages(Controller):
    """/duties."""

    path = "/duties"

    @get("/")
    async def index(self, here: FromHere) -> Page:
        """Who is behind, of all that he sees."""
        here.require("activity.view")
        board = await behind(here.actor, regimes_of_paths, here.today)
        levels = {held.level for held in here.actor.holdings}
        named = {
            one.unit.id for one in board.behind if any(levels & {*each.escalated} for each in one.missed)
        }
        first = sorted(board.behind, key=lambda one: one.unit.id not in named)
        return page(
            "duties/index.html",
            began=board.began,
            total=len(board.behind),
            named=named,
            own=await named_units(here.actor, SEEN, [held.unit_id for held in here.actor.holdings]),
            behind=[(one, _lines(one.regime, one.missed)) for one in first[:MOST]],
        )

    @get("/{unit_id:uuid}")
    async def show(self, here: FromHere, unit_id: FromPath[UUID]) -> Page:
        """A unit's calendar."""
        found = await calendar(here.actor, unit_id, regimes_of_paths, here.today)
        return page(
            "duties/show.html",
            unit=found.unit,
            units=await way_down(found.unit.path),
            began=found.began,
            groups=_groups(_lines(found.regime, found.owed)),
            people=[(one, _lines(found.regime, one.owed)) for one in found.members],
            below=[(one, _lines(one.regime, one.missed)) for one in found.groups],
        )


def _lines(regime: Regime, found: Sequence[Occurrence]) -> list[Line]:
    known = titles.Titles.of(regime)
    return [
        Line(
            titles.family(one.family), _demand(one, known), one, DUTY_STATES[one.state], one.done,
            explain.cited(regime, one.rules, one.due), tuple(owing.shown_by(one.claim.duty, known)),
            tuple(map(titles.level, one.escalated)),
        )
        for one in found
    ]  # fmt: skip


def _demand(one: Occurrence, known: titles.Titles) -> str:
    post = owing.ower(one.claim.duty, known) if one.claim.duty.owes.post else ""
    return f"{post}{owing.demand(one.claim.demand, known)}"


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
