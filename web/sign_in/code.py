"""The second step of signing in, for those who have a second factor."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.response import Redirect

from core.errors import DomainError
from web.frame.intake import LARGEST_SIGN_IN
from web.kit.errors import status_of
from web.kit.forms import Form
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.sign_in.pages import landing
from web.sign_in.session import complete, half_of


class CodePages(Controller):
    """/sign-in/code."""

    path = "/sign-in/code"

    @get("/")
    async def form(self, request: Request) -> Page:
        """What the authenticator shows is asked for; only of a browser whose password was right a moment ago."""
        half_of(request)
        return page("sign_in/code.html", form=Form.blank())

    @post("/", request_max_body_size=LARGEST_SIGN_IN)
    async def enter(self, request: Request) -> Page | Redirect:
        """Let in; a code is good for one sign-in."""
        form, half = await Form.of(request), half_of(request)
        try:
            code = form.text("code", "动态口令")
            form.check("请填写动态口令。")
            await complete(request, half, code)
        except DomainError as refused:
            form.take(refused)
            form.status = status_of(refused)
            form.put("code", "")
            return page("sign_in/code.html", form=form, status=form.status)
        return see_other(landing(request, half.next))
