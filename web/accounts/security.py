"""登录安全: what the county asks of whoever signs in."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.response import Redirect

from tenants.accounts.security import ASKED_OF, ask_factor_of, asked_of, whole_county
from web.kit.forms import Form, attempt
from web.kit.here import FromHere
from web.kit.page import Page, page, see_other
from web.kit.requests import Request


class SecurityPages(Controller):
    """/accounts/security."""

    path = "/accounts/security"

    @get("/")
    async def show(self, here: FromHere) -> Page:
        """As it is set now."""
        whole_county(here.actor)
        return _page(Form.blank(second_factor=await asked_of()))

    @post("/")
    async def save(self, here: FromHere, request: Request) -> Page | Redirect:
        """Set it."""
        form = await Form.of(request)
        async with attempt(form):
            whom = form.choice("second_factor", "对谁要求动态口令", list(ASKED_OF))
            form.check()
            await ask_factor_of(here.actor, whom)
            return see_other("/accounts/security", here.say(f"已设定。动态口令：{ASKED_OF[whom]}。"))
        return _page(form)


def _page(form: Form) -> Page:
    return page("accounts/security.html", form=form, status=form.status, choices=list(ASKED_OF.items()))
