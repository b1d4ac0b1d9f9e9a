"""疑似重复: pairs of files that may be one person's, compared side by side."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.register.twins.find import MOST_ALIKE, WHY, twins
from core.register.twins.pair import access_pair, tell_apart, told_apart
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.paging import After, Pager, encode_key
from web.kit.query import Text, unit_asked
from web.kit.requests import Request
from web.kit.units import Sought, unit_options
from web.people.twins.view import files_of, key_of, lines_of


class TwinPages(Controller):
    """/people/twins."""

    path = "/people/twins"

    @get("/")
    async def index(self, here: FromHere, unit: Text = "", after: After = None) -> Page:
        """Those that nobody has told apart, by pinyin."""
        here.require("person.edit")
        found = await twins(here.actor, unit_asked(unit), after=key_of(after))
        return page(
            "people/twins.html",
            pager=Pager(found.pairs, encode_key(found.after) if found.after else None, not after),
            filters={"unit": unit},
            why=WHY,
            most=MOST_ALIKE,
            units=await unit_options(here.actor, "person.edit", sought=Sought(picked=unit)),
        )

    @get("/{person_id:uuid}/{other_id:uuid}")
    async def show(self, here: FromHere, person_id: FromPath[UUID], other_id: FromPath[UUID]) -> Page:
        """Two files side by side. Both looks are written into the reading log."""
        return await _pair_page(here, person_id, other_id, Form.blank())

    @post("/{person_id:uuid}/{other_id:uuid}/apart")
    async def tell_apart(
        self, here: FromHere, request: Request, person_id: FromPath[UUID], other_id: FromPath[UUID]
    ) -> Page | Redirect:
        """They are two."""
        form = await Form.of(request)
        async with attempt(form):
            await tell_apart(here.actor, person_id, other_id, form.value("reason"))
            return see_other("/people/twins", here.say("已认定为不是同一人，以后不再列出。"))
        return await _pair_page(here, person_id, other_id, form)


async def _pair_page(here: Here, one: UUID, other: UUID, form: Form) -> Page:
    pair = await access_pair(here.actor, one, other)
    files = await files_of(here.actor, pair)
    return page(
        "people/twin.html",
        status=form.status,
        form=form,
        files=files,
        lines=lines_of(pair, files),
        apart=await told_apart(one, other),
    )
