"""Opening a county: its place on the platform, its organization department, and its first administrator."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.database import fetchval
from core.errors import Conflict, Invalid, NotFound
from core.organisation.model import UnitView
from core.organisation.service import UnitDraft, found
from deploy.problem import Problem
from tenants.accounts.capabilities import FIRST_ROLE, Held, actor_of
from tenants.accounts.operators import TICKET_MINUTES, ticket
from tenants.accounts.resets import reset_as_operator
from tenants.accounts.service import NewAccount, check_account, create_account
from tenants.counties import CountyView, county_by_slug, open_county, rename_county
from tenants.database.session import county_session

OPERATOR = Actor(UUID(int=0), "平台运维")
"""Signs what is done before the county has anybody who could sign."""


async def open_with_admin(
    slug: str, name: str, department: str, login: str, admin: str, today: date
) -> NewAccount:
    """Open a county with its department and the first account in it; the account's password is shown once.

    A county whose opening stopped half way is completed by calling again, under the name that is given then. Raises Invalid,
    Conflict (it has an organisation already). Needs an open database pool.
    """
    try:
        check_account(login, admin)
    except Invalid as wrong:
        fields = {"admin" if field == "name" else field: said for field, said in wrong.fields.items()}
        raise Invalid(wrong.sentence, fields=fields) from None
    async with county_session(await _county(slug, name, today)):
        root = await found(OPERATOR, UnitDraft(kind="department", name=department), today)
        return await create_account(
            operator_at(root, today), login=login, name=admin, role=FIRST_ROLE, unit_id=root.id, since=today
        )


async def reset_account(slug: str, login: str, today: date) -> str:
    """A new first password for somebody in a county (tenants/accounts/resets.py says for whom). Raises Problem, Conflict."""
    async with county_session((await named(slug)).id):
        return await reset_as_operator(OPERATOR, login, today)


async def named(slug: str) -> CountyView:
    """A county by the code that was typed. Raises Problem."""
    try:
        return await county_by_slug(slug)
    except NotFound:
        raise Problem(f"没有代号为“{slug}”的县，没有办理。各县的代号用 dangwu counties 列出。") from None


async def ticket_for(slug: str, name: str, today: date) -> str:
    """Where an operator whom the county lets in today comes in, once. Raises Problem."""
    county = await named(slug)
    async with county_session(county.id):
        secret = await ticket(name, today)
    return f"在平台网址后面加上下面这一段打开，{TICKET_MINUTES} 分钟内用一次：\n/sign-in/operator/{slug}/{secret}"


def operator_at(root: UnitView, today: date) -> Actor:
    """The operator, able to do in a new county what its first administrator will do."""
    held = Held(FIRST_ROLE, root.id, root.path, root.kind, today, None)
    return actor_of(OPERATOR.id, OPERATOR.name, [held], today)


async def _county(slug: str, name: str, today: date) -> UUID:
    try:
        begun = (await county_by_slug(slug)).id
    except NotFound:
        return await open_county(slug, name, today)
    async with county_session(begun):
        if await fetchval("select exists (select from unit)"):
            raise Conflict(f"代号为“{slug}”的县已经开通。账号请由该县组织部管理员在“账号与权限”中办理。")
    await rename_county(begun, name)
    return begun
