"""Deputies: appointed, ended, and acting for somebody."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from tenants.accounts.deputies import appoint, begin, deputations, end
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request


class DeputyPages(Controller):
    """/me/deputies."""

    path = "/me/deputies"

    @get("/")
    async def index(self, here: FromHere) -> Page:
        """Those he has given and been given, and the form for another."""
        return await _page(here, Form.blank(since=here.today, last=here.today + timedelta(days=6)))

    @post("/")
    async def appoint(self, here: FromHere, request: Request) -> Page | Redirect:
        """A colleague acts for him."""
        form = await Form.of(request)
        async with attempt(form):
            login, reason = form.text("login", "同志的登录名"), form.text("reason", "原因")
            since, last = form.date("since", "开始日期"), form.date("last", "最后一天")
            form.check()
            assert since is not None
            assert last is not None
            await appoint(here.actor, login=login, since=since, last=last, reason=reason, today=here.today)
            return see_other("/me/deputies", here.say("已委托。您的这位同志登录后可以代您办理。"))
        return await _page(here, form)

    @post("/{deputation_id:uuid}/end")
    async def end(self, here: FromHere, deputation_id: FromPath[UUID]) -> Redirect:
        """It is over at once."""
        await end(here.actor, deputation_id)
        return see_other("/me/deputies", here.say("代理已结束。"))

    @post("/{deputation_id:uuid}/act")
    async def act(self, here: FromHere, request: Request, deputation_id: FromPath[UUID]) -> Redirect:
        """From here on, in this sign-in, he acts for the other."""
        found = await begin(here.actor, deputation_id, here.today)
        request.session["for"] = str(found.id)
        return see_other(
            "/",
            here.say(f"现在代{found.account_name}办理，记录里写明两个人的姓名。办完请在“我的账号”结束代办。"),
        )

    @post("/rest")
    async def rest(self, here: FromHere, request: Request) -> Redirect:
        """He is himself again."""
        request.session.pop("for", None)
        return see_other("/", here.say("已结束代办，现在以您自己的身份办理。"))


async def _page(here: Here, form: Form) -> Page:
    found = await deputations(here.actor.id, here.today)
    return page(
        "me/deputies.html", form=form, status=form.status,
        given=[one for one in found if one.account_id == here.actor.id],
        received=[one for one in found if one.deputy_id == here.actor.id],
    )  # fmt: skip
