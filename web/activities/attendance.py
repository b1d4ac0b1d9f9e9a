"""到会和学时: of each member in a year, with a workbook."""

from __future__ import annotations

from collections.abc import AsyncIterable
from datetime import date
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.response import Redirect

from core.activities.attendance import attendance, attendance_extent, attendance_lines
from core.actor import Actor
from core.extent import Extent
from core.sheets import Head, Row, Table
from tenants.accounts.security import rule
from tenants.exports.kinds import people
from tenants.exports.make import ask
from tenants.exports.people import place
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.paging import PAGE, After, Pager, decode_key, key_uuid
from web.kit.query import Text, Year, unit_asked
from web.kit.requests import Request
from web.kit.units import Sought, unit_options

YEARS = 5
"""Years that can be chosen; the address takes any."""


class AttendanceQuery(msgspec.Struct, frozen=True):
    """Whose attendance: a unit (None: all that he sees), a year."""

    year: int
    unit_id: UUID | None = None


class AttendancePages(Controller):
    """/activities/attendance."""

    path = "/activities/attendance"

    @get("/")
    async def index(self, here: FromHere, unit: Text = "", year: Year = None, after: After = None) -> Page:
        """A page of members, by pinyin."""
        asked, key = AttendanceQuery(year or here.today.year, unit_asked(unit)), decode_key(after)
        begin = (str(key[0]), key_uuid(key[1])) if key and len(key) == 2 else None
        rows = await attendance(here.actor, asked.year, asked.unit_id, after=begin, limit=PAGE)
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

    @get("/export")
    async def ask(self, here: FromHere, unit: Text = "", year: Year = None) -> Page:
        """How many people, and for what purpose?"""
        return await _ask_page(here, AttendanceQuery(year or here.today.year, unit_asked(unit)), Form.blank())

    @post("/export")
    async def export(
        self, here: FromHere, request: Request, unit: Text = "", year: Year = None
    ) -> Page | Redirect:
        """Have all of it made as a workbook; everybody in it gets a line in the reading log."""
        form, asked = await Form.of(request), AttendanceQuery(year or here.today.year, unit_asked(unit))
        async with attempt(form):
            purpose = form.text("purpose", "导出目的")
            form.check()
            await ask(here.actor, "attendance", asked, purpose, here.today)
            return see_other("/exports")
        return await _ask_page(here, asked, form)


async def _ask_page(here: Here, asked: AttendanceQuery, form: Form) -> Page:
    total = (await _extent(here.actor, asked)).total
    return page(
        "activities/attendance_export.html", status=form.status, form=form, asked=asked, total=total,
        alone=(await rule()).export_alone, filters={"unit": asked.unit_id or "", "year": asked.year},
    )  # fmt: skip


async def _extent(actor: Actor, asked: AttendanceQuery) -> Extent:
    return await attendance_extent(actor, asked.unit_id)


async def _table(actor: Actor, asked: AttendanceQuery, purpose: str, day: date) -> Table:
    heads = ("姓名", "党组织", "应到次数", "到会次数", "书面表态次数", "缺席次数", "学时")
    widths = {head: 24.0 if head == "党组织" else 12.0 for head in heads}
    found = attendance_lines(actor, asked.year, asked.unit_id, purpose)
    rows: AsyncIterable[list[Row]] = (
        [
            [one.name, one.unit_name, one.called, one.present, one.written, one.absent, one.hours]
            for one in lines
        ]
        async for lines in found
    )
    return Table(Head(f"{asked.year} 年党员到会和学时", widths), rows)


async def _said(actor: Actor, asked: AttendanceQuery) -> str:
    return f"{await place(actor, asked.unit_id)}；{asked.year} 年"


ATTENDANCE = people("党员到会和学时", AttendanceQuery, _extent, _table, _said)
