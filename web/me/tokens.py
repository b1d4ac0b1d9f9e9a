"""One's own tokens of the API: made, shown once, listed, revoked."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from tenants.accounts.capabilities import CAPABILITIES
from tenants.accounts.tokens import KINDS, LONGEST_DAYS, Kind, listed, make, revoke
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, only_once, page, see_other
from web.kit.requests import Request

USUAL_DAYS = 90


class TokenPages(Controller):
    """/me/tokens."""

    path = "/me/tokens"

    @get("/")
    async def index(self, here: FromHere) -> Page:
        """Those that open something, and the form for another."""
        return await _page(here, Form.blank(kind="token", read_only=True, days=USUAL_DAYS))

    @post("/")
    async def make(self, here: FromHere, request: Request) -> Page:
        """Another; it is shown on this answer and nowhere else."""
        form = await Form.of(request)
        async with attempt(form):
            kind = form.choice("kind", "种类", list(KINDS))
            days = form.number("days", "有效天数", least=1)
            form.check()
            made = await make(
                here.actor, kind=_kind(kind), name=form.value("name"), scopes=form.many("scopes"),
                read_only=form.flag("read_only"), days=min(days or 0, LONGEST_DAYS + 1),
            )  # fmt: skip
            return only_once(page("me/token.html", made=made))
        return await _page(here, form)

    @post("/{token_id:uuid}/revoke")
    async def revoke(self, here: FromHere, token_id: FromPath[UUID]) -> Redirect:
        """It opens nothing any more."""
        await revoke(here.actor, token_id)
        return see_other("/me/tokens", here.say("令牌已撤销，即刻失效。"))


def _kind(word: str) -> Kind:
    return "client" if word == "client" else "token"


async def _page(here: Here, form: Form) -> Page:
    own = [(word, title) for word, title in CAPABILITIES.items() if here.may(word)]
    return page(
        "me/tokens.html", form=form, status=form.status, tokens=await listed(here.actor), own=own, kinds=KINDS,
        titles=CAPABILITIES,
    )  # fmt: skip
