"""What can be done to an account: a new first password, off and on, a role given or taken back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from litestar import Controller, post
from litestar.params import FromPath
from litestar.response import Redirect

from tenants.accounts.capabilities import ROLES
from tenants.accounts.grants import end_role, grant_role
from tenants.accounts.owner import set_owner
from tenants.accounts.resets import reset_factor, reset_password
from tenants.accounts.service import account, set_active, sign_out
from web.accounts.pages import account_page, own_unit
from web.kit.forms import Form, attempt
from web.kit.here import FromHere
from web.kit.meant import choose_one, is_id
from web.kit.page import Page, only_once, page, see_other
from web.kit.requests import Request

ASKED = "已提出重置密码。请另一位管理员在这个账号的页面确认，确认后才生成新的初始密码。"

ASKED_FACTOR = "已提出重置动态口令。请另一位管理员在这个账号的页面确认，确认后才取消。"
FACTOR_GONE = "动态口令已取消，此人现有的登录均已失效。请本人用密码登录后重新启用。"


class AccountChangePages(Controller):
    """Acts below /accounts/{id}."""

    path = "/accounts/{account_id:uuid}"

    @post("/password")
    async def reset(self, here: FromHere, account_id: FromPath[UUID]) -> Page | Redirect:
        """Ask for a new first password, or agree with who has: then it is shown once, on this answer."""
        password = await reset_password(here.actor, account_id, here.today)
        if password is None:
            return see_other(f"/accounts/{account_id}", here.say(ASKED))
        found = await account(here.actor, account_id, here.today)
        handed = page("accounts/handed.html", id=found.id, login=found.login, password=password, new=False)
        return only_once(handed)

    @post("/second-factor")
    async def reset_factor(self, here: FromHere, account_id: FromPath[UUID]) -> Redirect:
        """Ask that a lost second factor be taken off, or agree with who has."""
        done = await reset_factor(here.actor, account_id, here.today)
        said = FACTOR_GONE if done else ASKED_FACTOR
        return see_other(f"/accounts/{account_id}", here.say(said))

    @post("/sign-outs")
    async def sign_out(self, here: FromHere, account_id: FromPath[UUID]) -> Redirect:
        """All his sign-ins end."""
        await sign_out(here.actor, account_id, here.today)
        return see_other(f"/accounts/{account_id}", here.say("此人现有的登录均已失效。"))

    @post("/person")
    async def own(self, here: FromHere, request: Request, account_id: FromPath[UUID]) -> Page | Redirect:
        """Who of the register uses it, or that he is not in it."""
        form = await Form.of(request)
        async with attempt(form):
            form.text("name", "姓名")
            await choose_one(here.actor, await own_unit(here, account_id), form, "name", "person", here.today)
            form.check()
            chosen = form.value("person")
            person_id = UUID(chosen) if is_id(chosen) else None
            await set_owner(here.actor, account_id, person_id, here.today)
            said = "已登记账号的使用人，本人的事项由他回避。" if person_id else "已登记：使用人不在名册中。"
            return see_other(f"/accounts/{account_id}", here.say(said))
        return await account_page(here, account_id, form)

    @post("/active")
    async def switch(self, here: FromHere, request: Request, account_id: FromPath[UUID]) -> Redirect:
        """Off: his sign-ins end with their next request; on again."""
        form = await Form.of(request)
        active = form.flag("active")
        await set_active(here.actor, account_id, active, here.today)
        said = "账号已重新启用。" if active else "账号已停用，此人现有的登录均已失效。"
        return see_other(f"/accounts/{account_id}", here.say(said))

    @post("/grants")
    async def grant(self, here: FromHere, request: Request, account_id: FromPath[UUID]) -> Page | Redirect:
        """A further role at a unit."""
        form = await Form.of(request)
        async with attempt(form):
            role, unit_id = form.choice("role", "职务", list(ROLES)), form.uuid("unit_id", "党组织")
            since, until = form.date("since", "起始日期"), form.date("until", "截止日期", required=False)
            form.check()
            assert unit_id is not None
            assert since is not None
            await grant_role(here.actor, account_id, role, unit_id, since=since, until=until)
            return see_other(f"/accounts/{account_id}", here.say(f"已授予“{ROLES[role].title}”。"))
        return await account_page(here, account_id, form)

    @post("/grants/{grant_id:uuid}/end")
    async def end(self, here: FromHere, account_id: FromPath[UUID], grant_id: FromPath[UUID]) -> Redirect:
        """Take a role back: yesterday was its last day."""
        last = here.today - timedelta(days=1)
        await end_role(here.actor, grant_id, last=last, today=here.today, account_id=account_id)
        return see_other(f"/accounts/{account_id}", here.say("职务权限已收回，即刻生效。"))
