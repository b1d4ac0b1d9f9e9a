"""职责: a unit's calendar of what is done, late, missed, due and coming; for who oversees others, who is behind."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.duties.queries import calendar
from core.organisation.queries import SEEN, named_units
from tenants.exports.make import ask
from tenants.policies.regimes import regimes_of_paths
from web.duties.board import PURPOSE, BoardQuery, board_of, committees, duties_in
from web.duties.lines import Line, lines_of
from web.kit.here import FromHere
from web.kit.page import Page, page, see_other
from web.kit.query import Text, unit_asked
from web.kit.units import way_down

MOST = 50


class DutyPages(Controller):
    """/duties."""

    path = "/duties"

    @get("/")
    async def index(self, here: FromHere, unit: Text = "") -> Page:
        """Who is behind, of all that he sees or below one unit; the same by committee for who oversees several."""
        asked = BoardQuery(here.today, unit_asked(unit))
        board = await board_of(here.actor, asked)
        levels = {held.level for held in here.actor.holdings}
        named = {
            one.unit.id for one in board.behind if any(levels & {*each.escalated} for each in one.missed)
        }
        first = sorted(board.behind, key=lambda one: one.unit.id not in named)
        below = [] if unit else await committees(here.actor, board)
        return page(
            "duties/index.html",
            began=board.began,
            total=len(board.behind),
            named=named,
            urged=any(each.escalated for one in board.behind for each in one.missed),
            own=await named_units(here.actor, SEEN, [held.unit_id for held in here.actor.holdings]),
            chosen=await named_units(here.actor, SEEN, [asked.unit_id] if asked.unit_id else []),
            behind=[(one, lines_of(one.regime, one.missed)) for one in first[:MOST]],
            below=below,
            duties=duties_in(below),
        )

    @post("/export")
    async def export(self, here: FromHere, unit: Text = "") -> Redirect:
        """Have the whole list made as a workbook."""
        await ask(here.actor, "duties", BoardQuery(here.today, unit_asked(unit)), PURPOSE, here.today)
        return see_other("/exports")

    @get("/{unit_id:uuid}")
    async def show(self, here: FromHere, unit_id: FromPath[UUID]) -> Page:
        """A unit's calendar."""
        found = await calendar(here.actor, unit_id, regimes_of_paths, here.today)
        return page(
            "duties/show.html",
            unit=found.unit,
            units=await way_down(found.unit.path),
            began=found.began,
            groups=_groups(lines_of(found.regime, found.owed)),
            people=[(one, lines_of(found.regime, one.owed)) for one in found.members],
            below=[(one, lines_of(one.regime, one.missed)) for one in found.groups],
        )


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
