"""A person's file as it was on a day."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath

from core.register.model import FIELD_TITLES
from core.register.past import past_file
from core.register.rights.spans import person_spans
from web.kit.changes import value_of
from web.kit.here import FromHere
from web.kit.page import Page, page
from web.kit.query import Text, day_asked
from web.kit.units import way_down


class PastPages(Controller):
    """/people/{id}/past."""

    path = "/people/{person_id:uuid}/past"

    @get("/")
    async def show(self, here: FromHere, person_id: FromPath[UUID], day: Text = "") -> Page:
        """His particulars, tags and what he held on that day. The look is written into the reading log."""
        then = day_asked(day) or here.today
        file, past = await past_file(here.actor, person_id, then, here.today)
        return page(
            "people/past.html",
            file=file,
            then=then,
            past=past,
            lines=[
                (title, None if name in past.unknown else value_of(name, past.values[name]))
                for name, title in FIELD_TITLES.items()
            ],
            tags=[one for one in file.tags if one.since <= then and (one.ended is None or then < one.ended)],
            spans=[one for one in await person_spans(here.actor, person_id) if one.holds(then)],
            units=await way_down(file.path),
        )
