"""Opening a county: its place on the platform, its organization department, and its first administrator."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.database import fetchrow, fetchval
from core.errors import Conflict, NotFound
from core.organisation.model import UnitView
from core.organisation.service import UnitDraft, found
from tenants.accounts.capabilities import Held, actor_of
from tenants.accounts.resets import reset_as_operator
from tenants.accounts.service import NewAccount, create_account
from tenants.counties import county_by_slug, open_county
from tenants.database.session import county_session

OPERATOR = Actor(UUID(int=0), "平台运维")
"""Signs what is done before the county has anybody who could sign."""

FIRST_ROLE = "department-admin"


async def open_with_admin(
    slug: str, name: str, department: str, login: str, admin: str, today: date
) -> NewAccount:
    """Open a county with its department and the first account in it; the account's password is shown once.

    A county whose opening stopped half way (a login that could not be) is completed by calling again. Raises Invalid,
    Conflict (it has an organisation already). Needs an open database pool.
    """
    async with county_session(await _county(slug, name, today)):
        if await fetchval("select exists (select from unit)"):
            raise Conflict(f"代号为“{slug}”的县已经开通。账号请由该县组织部管理员在“账号与权限”中办理。")
        root = await found(OPERATOR, UnitDraft(kind="department", name=department), today)
        return await create_account(
            operator_at(root, today), login=login, name=admin, role=FIRST_ROLE, unit_id=root.id, since=today
        )


async def reset_account(slug: str, login: str, today: date) -> str:
    """A new first password for somebody whom two administrators of his county cannot help: an administrator, or where there is
    just one, anybody.

    Raises NotFound, Conflict for anybody else: their passwords are the county's own affair.
    """
    async with county_session((await county_by_slug(slug)).id):
        found = await fetchrow(_HELPED, login, FIRST_ROLE, today)
        if found is None or not (found["administers"] or found["administrators"] < 2):
            raise Conflict(
                f"“{login}”不是该县在用的组织部管理员账号，该县又有两位以上组织部管理员，不由平台重置。"
                "请由该县两位管理员在“账号与权限”中先后办理。"
            )
        held = Held(FIRST_ROLE, found["root"], found["path"], found["kind"], today, None)
        operator = actor_of(OPERATOR.id, OPERATOR.name, [held], today)
        return await reset_as_operator(operator, found["id"], today)


_HELPED = """
    with administrator as (
        select h.account_id from holding h join account a on a.id = h.account_id and a.active
        where h.role = $2 and h.since <= $3 and (h.until is null or h.until > $3)
    )
    select a.id, u.id as root, u.path, u.kind, a.id in (select account_id from administrator) as administers,
           (select count(distinct account_id) from administrator) as administrators
    from account a, unit u where a.login = $1 and a.active and u.kind = 'department' order by length(u.path) limit 1
"""
"""Who is to be helped, the unit above all others, and how many administer the county."""


def operator_at(root: UnitView, today: date) -> Actor:
    """The operator, able to do in a new county what its first administrator will do."""
    held = Held(FIRST_ROLE, root.id, root.path, root.kind, today, None)
    return actor_of(OPERATOR.id, OPERATOR.name, [held], today)


async def _county(slug: str, name: str, today: date) -> UUID:
    try:
        return (await county_by_slug(slug)).id
    except NotFound:
        return await open_county(slug, name, today)
