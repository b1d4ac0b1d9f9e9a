"""登录安全: what the county asks of whoever signs in."""

from __future__ import annotations

from datetime import date

from litestar import Controller, get, post
from litestar.response import Redirect

from tenants.accounts.apart import lacks_for_apart, set_apart
from tenants.accounts.security import ASKED_OF, ask_factor_of, export_alone, rule, whole_county
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
        now = await rule()
        return await _page(
            Form.blank(second_factor=now.second_factor, export_alone=now.export_alone), here.today
        )

    @post("/")
    async def save(self, here: FromHere, request: Request) -> Page | Redirect:
        """Set it."""
        form = await Form.of(request)
        async with attempt(form):
            whom = form.choice("second_factor", "对谁要求动态口令", list(ASKED_OF))
            form.check()
            await ask_factor_of(here.actor, whom)
            return see_other("/accounts/security", here.say(f"已设定。动态口令：{ASKED_OF[whom]}。"))
        form.put("export_alone", str((await rule()).export_alone))
        return await _page(form, here.today)

    @post("/exports")
    async def exports(self, here: FromHere, request: Request) -> Page | Redirect:
        """How many people of a list one exports alone."""
        form = await Form.of(request)
        async with attempt(form):
            most = form.number("export_alone", "可以独自导出的人数", least=0)
            form.check()
            await export_alone(here.actor, most or 0)
            return see_other(
                "/accounts/security", here.say(f"已设定：超过 {most or 0} 人的名单，须另一人同意才能导出。")
            )
        form.put("second_factor", (await rule()).second_factor)
        return await _page(form, here.today)

    @post("/apart")
    async def apart(self, here: FromHere) -> Redirect:
        """System, security and audit administrators are three people from now on."""
        await set_apart(here.actor, here.today)
        return see_other("/accounts/security", here.say("已实行三员分立，不再设组织部管理员。"))


async def _page(form: Form, today: date) -> Page:
    apart, choices = (await rule()).apart, list(ASKED_OF.items())
    lacking = "" if apart else await lacks_for_apart(today)
    return page(
        "accounts/security.html", form=form, status=form.status, choices=choices, apart=apart, lacking=lacking
    )
