"""全县的提醒和推送: how many days before, how many after one level up; the addresses to which the county has its news pushed."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.notices.settings import county_rule
from tenants.notices.hooks.forms import FORMS
from tenants.notices.hooks.service import MODES, add, administers, allowed_hosts, hooks, set_days, switch
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request

HERE = "/notices/county"


class CountyNoticePages(Controller):
    """/notices/county: for whoever sees to the security of the whole county."""

    path = HERE

    @get("/")
    async def show(self, here: FromHere) -> Page:
        """As it is set now."""
        administers(here.actor)
        return await _page(here, Form.blank(mode="once"))

    @post("/")
    async def add(self, here: FromHere, request: Request) -> Page | Redirect:
        """Another address."""
        administers(here.actor)
        form = await Form.of(request)
        async with attempt(form):
            await add(
                here.actor, name=form.value("name"), form=form.value("form"), url=form.value("url"),
                secret=form.value("secret"), mode=form.value("mode"),
            )  # fmt: skip
            return see_other(HERE, here.say("已登记。下一次有新消息时推送。"))
        return await _page(here, form)

    @post("/days")
    async def days(self, here: FromHere, request: Request) -> Page | Redirect:
        """How many days before, for whoever has set nothing else."""
        administers(here.actor)
        form = await Form.of(request)
        async with attempt(form):
            days = form.number("days", "提前的天数")
            up_days = form.number("up_days", "逾期的天数", required=False)
            form.check()
            assert days is not None
            await set_days(here.actor, days, up_days)
            up = f"逾期 {up_days} 天告知上一级" if up_days else "逾期不告知上一级"
            return see_other(HERE, here.say(f"已设定：全县提前 {days} 天提醒，本人另有设定的除外；{up}。"))
        return await _page(here, Form.blank(mode="once"), form)

    @post("/{hook_id:uuid}/active")
    async def switch(self, here: FromHere, request: Request, hook_id: FromPath[UUID]) -> Redirect:
        """Off, or on again."""
        active = (await Form.of(request)).flag("active")
        await switch(here.actor, hook_id, active)
        return see_other(HERE, here.say("已重新启用。" if active else "已停用，不再推送。"))


async def _page(here: Here, form: Form, days: Form | None = None) -> Page:
    rule = await county_rule()
    asked = days or Form.blank(days=rule.days, up_days=rule.up_days)
    return page(
        "notices/county.html", form=form, days=asked, status=max(form.status, asked.status),
        hooks=await hooks(here.actor), forms=FORMS, modes=MODES, hosts=sorted(allowed_hosts()),
    )  # fmt: skip
