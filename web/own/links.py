"""Giving somebody a link to his own file: shown once, with a code for the telephone; listed, revoked."""

from __future__ import annotations

from uuid import UUID

import segno
from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.register.access import access_person
from tenants.own import DAYS, LOOK, links_of, make_link, revoke_link
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, only_once, page, see_other
from web.kit.requests import Request


class GivenLinkPages(Controller):
    """/people/{id}/own-links."""

    path = "/people/{person_id:uuid}/own-links"

    @get("/")
    async def index(self, here: FromHere, person_id: FromPath[UUID]) -> Page:
        """The links that were made for him. Raises NotFound, Forbidden."""
        return await _page(here, person_id, Form.blank())

    @post("/")
    async def make(self, here: FromHere, request: Request, person_id: FromPath[UUID]) -> Page:
        """Another; it is shown on this answer and nowhere else. Raises NotFound, Forbidden."""
        form = await Form.of(request)
        async with attempt(form):
            token = await make_link(here.actor, person_id)
            address = f"{str(request.base_url).rstrip('/')}/own/{token}"
            code = segno.make(address, error="m").svg_inline(scale=4, border=2, omitsize=False)
            return only_once(await _page(here, person_id, form, address=address, code=code))
        return await _page(here, person_id, form)

    @post("/{own_link_id:uuid}/revoke")
    async def revoke(
        self, here: FromHere, person_id: FromPath[UUID], own_link_id: FromPath[UUID]
    ) -> Redirect:
        """It opens nothing any more. Raises NotFound, Forbidden."""
        await revoke_link(here.actor, person_id, own_link_id)
        return see_other(f"/people/{person_id}/own-links", here.say("链接已撤销，即刻失效。"))


async def _page(here: Here, person_id: UUID, form: Form, address: str = "", code: str = "") -> Page:
    links = await links_of(here.actor, person_id)
    person = await access_person(here.actor, person_id)
    return page(
        "own/links.html", form=form, status=form.status, person=person, links=links, address=address, code=code,
        days=DAYS, minutes=LOOK.seconds // 60,
    )  # fmt: skip
