"""Accounts and roles by the API."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from litestar import Controller, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from core.actor import Capability
from tenants.accounts.capabilities import CAPABILITIES, ROLES
from tenants.accounts.grants import end_role, grant_role
from tenants.accounts.owner import set_owner
from tenants.accounts.resets import reset_factor, reset_password
from tenants.accounts.security import ASKED_OF, ask_factor_of, rule, whole_county
from tenants.accounts.service import (
    AccountDetail,
    AccountLine,
    NewAccount,
    account,
    accounts,
    create_account,
    set_active,
    sign_out,
)
from tenants.audit import Entry, entries
from web.kit.here import FromHere

RULES = "second_factor：" + "、".join(f"{word}（{title}）" for word, title in ASKED_OF.items())


class Accounts(msgspec.Struct):
    """By login."""

    items: list[AccountLine]


class Draft(msgspec.Struct):
    """A new account with its first role."""

    login: str
    name: str
    role: str
    unit_id: UUID
    since: date
    until: date | None = None


class Grant(msgspec.Struct):
    """A role at a unit, until the day before `until`."""

    role: str
    unit_id: UUID
    since: date
    until: date | None = None


class Granted(msgspec.Struct):
    """The new grant."""

    id: UUID


class End(msgspec.Struct):
    """`last` is the last day on which the role holds."""

    last: date


class Active(msgspec.Struct):
    """On or off."""

    active: bool


class Owner(msgspec.Struct):
    """Who of the register uses an account; null: he is not in it."""

    person_id: UUID | None


class FirstPassword(msgspec.Struct):
    """Shown once; has to be changed at the next sign-in. Null while a second administrator has to agree."""

    password: str | None


class FactorReset(msgspec.Struct):
    """Whether it is gone; false while a second administrator has to agree."""

    reset: bool


class Security(msgspec.Struct):
    """Of whom a second factor is asked: nobody, administrators, everybody."""

    second_factor: str


class History(msgspec.Struct):
    """What was done, newest first."""

    items: list[Entry]


class RoleOut(msgspec.Struct):
    """A role: `level` is where it can be held (branch, committee, department, any)."""

    id: str
    title: str
    level: str
    capabilities: list[str]


class Roles(msgspec.Struct):
    """Who may do what; `capabilities` says every right in words."""

    items: list[RoleOut]
    capabilities: dict[Capability, str]


class AccountApi(Controller):
    """/api/v1/accounts."""

    path = "/accounts"
    tags = ["账号与权限"]

    @get("/", summary="本人管理范围内的账号")
    async def index(self, here: FromHere, active: FromQuery[bool | None] = None) -> Accounts:
        """The accounts in one's units."""
        return Accounts(await accounts(here.actor, here.today, active=active))

    @post("/", summary="新建账号并授予第一项职务权限", description="初始密码只在这次回答里出现一次。")
    async def create(self, here: FromHere, data: JSONBody[Draft]) -> NewAccount:
        """A new account; its first password is in this answer and nowhere else."""
        return await create_account(here.actor, **msgspec.structs.asdict(data))

    @get("/roles", summary="职务与权限表")
    async def roles(self, here: FromHere) -> Roles:
        """Every role with what it lets one do."""
        listed = [RoleOut(one.id, one.title, one.at, sorted(one.capabilities)) for one in ROLES.values()]
        return Roles(listed, CAPABILITIES)

    @get("/{account_id:uuid}", summary="一个账号及其全部职务权限")
    async def show(self, here: FromHere, account_id: FromPath[UUID]) -> AccountDetail:
        """One account with all its roles."""
        return await account(here.actor, account_id, here.today)

    @get("/{account_id:uuid}/history", summary="账号的操作记录")
    async def history(self, here: FromHere, account_id: FromPath[UUID]) -> History:
        """What was done to it; for those who audit."""
        known = await account(here.actor, account_id, here.today)
        return History(await entries(here.actor, subject_id=known.id))

    @post(
        "/{account_id:uuid}/password",
        status_code=200,
        summary="重置密码",
        description="一位管理员提出（password 为 null），另一位再请求时生成；只出现这一次，72 小时内登录并修改。",
    )
    async def reset(self, here: FromHere, account_id: FromPath[UUID]) -> FirstPassword:
        """Ask for a new first password, or agree with who has."""
        return FirstPassword(await reset_password(here.actor, account_id, here.today))

    @post(
        "/{account_id:uuid}/second-factor",
        status_code=200,
        summary="重置丢失的动态口令",
        description="一位管理员提出（reset 为 false），另一位再请求时取消；本人用密码登录后重新启用。",
    )
    async def factor(self, here: FromHere, account_id: FromPath[UUID]) -> FactorReset:
        """Ask that a lost second factor be taken off, or agree with who has."""
        return FactorReset(await reset_factor(here.actor, account_id, here.today))

    @get("/security", summary="登录安全的设定")
    async def show_security(self, here: FromHere) -> Security:
        """What the county asks of whoever signs in."""
        whole_county(here.actor)
        return Security((await rule()).second_factor)

    @put("/security", status_code=204, summary="设定登录安全", description=RULES)
    async def set_security(self, here: FromHere, data: JSONBody[Security]) -> None:
        """Set it."""
        await ask_factor_of(here.actor, data.second_factor)

    @post("/{account_id:uuid}/sign-outs", status_code=204, summary="结束一个账号现有的全部登录")
    async def sign_out(self, here: FromHere, account_id: FromPath[UUID]) -> None:
        """All its sign-ins end."""
        await sign_out(here.actor, account_id, here.today)

    @post("/{account_id:uuid}/active", status_code=204, summary="停用或重新启用账号")
    async def switch(self, here: FromHere, account_id: FromPath[UUID], data: JSONBody[Active]) -> None:
        """Off or on."""
        await set_active(here.actor, account_id, data.active, here.today)

    @post(
        "/{account_id:uuid}/person",
        status_code=204,
        summary="登记账号的使用人",
        description="person_id 是名册中的本人，null 为不在名册中；本人的事项由他回避。",
    )
    async def own(self, here: FromHere, account_id: FromPath[UUID], data: JSONBody[Owner]) -> None:
        """Who of the register uses it."""
        await set_owner(here.actor, account_id, data.person_id, here.today)

    @post("/{account_id:uuid}/grants", summary="授予职务权限")
    async def grant(self, here: FromHere, account_id: FromPath[UUID], data: JSONBody[Grant]) -> Granted:
        """A further role."""
        made = await grant_role(
            here.actor, account_id, data.role, data.unit_id, since=data.since, until=data.until
        )
        return Granted(made)

    @post(
        "/grants/{grant_id:uuid}/end",
        status_code=204,
        summary="收回职务权限",
        description="last 是有效的最后一天。",
    )
    async def end(self, here: FromHere, grant_id: FromPath[UUID], data: JSONBody[End]) -> None:
        """Take a role back."""
        await end_role(here.actor, grant_id, last=data.last, today=here.today)
