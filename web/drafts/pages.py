"""Drafts: a form sends what has been typed so far, whichever form it is."""

from __future__ import annotations

from litestar import Controller, post
from litestar.response import Redirect

from web.kit.draft import address_of, back_to, discard, keep, straggles
from web.kit.forms import Form
from web.kit.here import FromHere
from web.kit.page import see_other
from web.kit.requests import Request


class DraftPages(Controller):
    """/drafts: his own alone, few and small (web/kit/draft.py), so no right is asked for; the forms ask who may fill them in."""

    path = "/drafts"

    @post("/", status_code=204)
    async def keep(self, here: FromHere, request: Request) -> None:
        """Keep what has been typed so far."""
        form = await Form.of(request)
        if not await straggles(here, at := address_of(form)):
            await keep(request, here, at, form)

    @post("/discard")
    async def forget(self, here: FromHere, request: Request) -> Redirect:
        """Begin again with an empty form."""
        form = await Form.of(request)
        await discard(request, here, at := address_of(form))
        return see_other(back_to(form, at), here.say("草稿已经清除。"))
