"""到会和学时: of each member in a year, with a workbook."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.response import Redirect

from core.activities.attendance import Attendance, attendance
from core.actor import Actor
from core.sheets import Table
from tenants.exports.kinds import Kind, workbook
from tenants.exports.make import ask
from web.kit.here import FromHere
from web.kit.page import Page, page, see_other
from web.kit.paging import PAGE, After, Pager, decode_key, key_uuid
from web.kit.query import Text, Year, unit_asked
from web.kit.units import Sought, unit_options

PURPOSE = "党员到会和学时统计"
MOST = 200_000
YEARS = 5
"""Years that can be chosen; the address takes any."""


class Asked(msgspec.Struct, frozen=True):
    """Whose attendance: a unit (None: all that he sees), a year."""

    year: int
    unit_id: UUID | None = None


class AttendancePages(Controller):
    """/activities/attendance."""

    path = "/activities/attendance"

    @get("/")
    async def index(self, here: FromHere, unit: Text = "", year: Year = None, after: After = None) -> Page:
        """A page of members, by pinyin."""
        asked, key = Asked(year or here.today.year, unit_asked(unit)), decode_key(after)
        begin = (str(key[0]), key_uuid(key[1])) if key and len(key) == 2 else None
        rows = await attendance(here.actor, asked.year, asked.unit_id, after=begin, limit=PAGE + 1)
        return page(
            "activities/attendance.html",
            asked=asked,
            people=Pager.of(rows, lambda one: (one.py, one.id), after),
            years=range(here.today.year, here.today.year - YEARS, -1),
            units=await unit_options(
                here.actor, "activity.view", sought=Sought(picked=str(asked.unit_id or ""))
            ),
            filters={"unit": asked.unit_id or "", "year": asked.year},
        )

    @post("/export")
    async def export(self, here: FromHere, unit: Text = "", year: Year = None) -> Redirect:
        """Have all of it made as a workbook."""
        await ask(
            here.actor, "attendance", Asked(year or here.today.year, unit_asked(unit)), PURPOSE, here.today
        )
        return see_other("/exports")


async def _all(actor: Actor, asked: Asked) -> list[Attendance]:
    return await attendance(actor, asked.year, asked.unit_id, limit=MOST)


async def _total(actor: Actor, asked: Asked) -> int:
    return len(await _all(actor, asked))


async def _table(actor: Actor, asked: Asked, purpose: str, day: date) -> Table:
    heads = ("姓名", "党组织", "应到次数", "到会次数", "书面表态次数", "缺席次数", "学时")
    widths = {head: 24.0 if head == "党组织" else 12.0 for head in heads}
    rows: list[list[str | int | float]] = [
        [one.name, one.unit_name, one.called, one.present, one.written, one.absent, one.hours]
        for one in await _all(actor, asked)
    ]
    return Table.of(f"{asked.year} 年党员到会和学时", widths, rows)


ATTENDANCE = Kind("党员到会和学时", Asked, _total, workbook(_table), needs="activity.view")
