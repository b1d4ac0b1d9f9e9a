"""怎样通知我: how many days before, by mail or not, when not; and what the county has set."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.response import Redirect

from core.notices.settings import Setting, county_days, save_setting, setting
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request


class NoticeSettingPages(Controller):
    """/notices/settings."""

    path = "/notices/settings"

    @get("/")
    async def show(self, here: FromHere) -> Page:
        """As it is set now."""
        now = await setting(here.actor.id)
        return await _page(here, Form.blank(days=now.days))

    @post("/")
    async def save(self, here: FromHere, request: Request) -> Page | Redirect:
        """Set it."""
        form = await Form.of(request)
        async with attempt(form):
            days = form.number("days", "提前的天数", required=False)
            form.check()
            await save_setting(here.actor, Setting(days=days))
            return see_other("/notices/settings", here.say("已保存。"))
        return await _page(here, form)


async def _page(here: Here, form: Form) -> Page:
    return page("notices/settings.html", form=form, status=form.status, county_days=await county_days())
