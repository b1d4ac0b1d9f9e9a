"""People on demand: what the field of a name finds."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get
from litestar.params import FromQuery

from core.days import day_of
from web.kit.here import FromHere
from web.kit.page import Page, page
from web.kit.picks import picks
from web.kit.query import Text
from web.kit.requests import Request


class PersonPickPages(Controller):
    """/people/pick: a fragment."""

    path = "/people/pick"

    @get("/", asks=("day", "name", "*.name"))
    async def pick(
        self, here: FromHere, request: Request, unit: FromQuery[UUID], field: Text = "",
        outside: FromQuery[bool] = True,
    ) -> Page:  # fmt: skip
        """Who can be meant by what stands in the field, on the day that stands in the form."""
        words = str(request.query_params.get(field.removesuffix("person") + "name", ""))[:100]
        day = day_of(str(request.query_params.get("day", ""))) or here.today
        found = await picks(here.actor, unit, words, day)
        return page("people/picked.html", field=field, found=found, words=words, outside=outside)
