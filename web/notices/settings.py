"""怎样通知我: how many days before, by mail or not and when not; the mailbox, entered and confirmed."""

from __future__ import annotations

from datetime import UTC, datetime

from litestar import Controller, get, post
from litestar.response import Redirect

from core.notices.model import ALWAYS, KINDS
from core.notices.settings import MAILS, Setting, county_days, save_setting, setting
from tenants.ground.mail import can_mail
from tenants.notices.address import CODE_MINUTES, box, confirm, enter, pass_over, remove
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request

HERE = "/notices/settings"
MAILED = {kind: title for kind, title in KINDS.items() if kind not in ALWAYS}
"""The kinds of which somebody chooses whether they are mailed."""
HOURS = [(hour, f"{hour} 时") for hour in range(24)]
SENT = f"验证码已发往这个邮箱，{CODE_MINUTES} 分钟内有效。请填写收到的六位数字。"


class NoticeSettingPages(Controller):
    """/notices/settings: one's own."""

    path = HERE

    @get("/")
    async def show(self, here: FromHere) -> Page:
        """As it is set now."""
        return await _page(here, await _as_set(here))

    @post("/")
    async def save(self, here: FromHere, request: Request) -> Page | Redirect:
        """Set it."""
        form = await Form.of(request)
        async with attempt(form):
            wanted = _wanted(form)
            if (await setting(here.actor.id)).mail == "off":
                await pass_over(here.actor.id)
            await save_setting(here.actor, wanted)
            return see_other(HERE, here.say("已保存。"))
        return await _page(here, form)

    @post("/address")
    async def enter(self, here: FromHere, request: Request) -> Page | Redirect:
        """A code goes to it."""
        form = await Form.of(request)
        async with attempt(form):
            address = form.text("address", "邮箱地址", longest=254)
            form.check()
            await enter(here.actor, address, datetime.now(UTC))
            return see_other(HERE, here.say(SENT))
        return await _page(here, await _as_set(here), form)

    @post("/code")
    async def confirm(self, here: FromHere, request: Request) -> Page | Redirect:
        """The code came back."""
        form = await Form.of(request)
        async with attempt(form):
            code = form.text("code", "验证码", longest=6)
            form.check()
            await confirm(here.actor, code, datetime.now(UTC))
            return see_other(HERE, here.say("邮箱已确认。请在上面选择怎样发邮件。"))
        return await _page(here, await _as_set(here), form)

    @post("/address/remove")
    async def remove(self, here: FromHere) -> Redirect:
        """Forget it."""
        await remove(here.actor)
        return see_other(HERE, here.say("邮箱已删去，不再发邮件。"))


async def _as_set(here: Here) -> Form:
    now = await setting(here.actor.id)
    return Form.blank(
        days=now.days,
        mail=now.mail,
        mail_hour=now.mail_hour,
        quiet_from=now.quiet_from,
        quiet_until=now.quiet_until,
        mailed=[one for one in MAILED if one not in now.unmailed],
    )


def _wanted(form: Form) -> Setting:
    """What was chosen; without a mailbox the form does not ask for what concerns mail."""
    days = form.number("days", "提前的天数", required=False)
    mail = form.choice("mail", "怎样发邮件", list(MAILS), required=False) or "off"
    hours = [
        _hour(form, *one)
        for one in (("mail_hour", "汇总的时间"), ("quiet_from", "开始"), ("quiet_until", "结束"))
    ]
    mailed = {*form.many("mailed", list(MAILED))} if form.flag("chosen") else {*MAILED}
    form.check()
    return Setting(
        days=days,
        mail=mail,
        mail_hour=8 if hours[0] is None else hours[0],
        quiet_from=hours[1],
        quiet_until=hours[2],
        unmailed=tuple(one for one in MAILED if one not in mailed),
    )


def _hour(form: Form, name: str, title: str) -> int | None:
    found = form.choice(name, title, [str(hour) for hour, _ in HOURS], required=False)
    return int(found) if found else None


async def _page(here: Here, form: Form, mailbox: Form | None = None) -> Page:
    asked = mailbox or Form.blank()
    return page(
        "notices/settings.html", form=form, mailbox=asked, status=max(form.status, asked.status), hours=HOURS,
        county_days=await county_days(), mailed=MAILED.items(),
        box=await box(here.actor.id), mails=MAILS.items(), can_mail=can_mail(),
    )  # fmt: skip
