"""三员分立: who runs the system, who gives the rights and who looks at the log are three people.

One account never holds two of the three roles, nor one beside the administrator's, which unites them. Once a county has its
three people it gives up that role for good.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.errors import Conflict
from core.ledger.note import note
from tenants.accounts.capabilities import APART, FIRST_ROLE, ROLES
from tenants.accounts.security import rule, set_rule, whole_county
from tenants.database.session import current_session

GIVEN_UP = "本县已实行三员分立，不再设组织部管理员。请分别授予系统管理员、安全管理员、审计管理员。"


async def refuse_two(account_id: UUID, role: str, since: date) -> None:
    """Raise Conflict when the account, or another of its person, holds on `since` or later what this role must be apart from."""
    if role == FIRST_ROLE and (await rule()).apart:
        raise Conflict(GIVEN_UP, fields={"role": GIVEN_UP})
    if role not in {*APART, FIRST_ROLE}:
        return
    held = await current_session().fetchval(
        "select h.role from holding h join account a on a.id = h.account_id join account b on b.id = $1"
        " where (a.id = b.id or a.person_id = b.person_id) and h.role = any($2) and h.role <> $3"
        " and (h.until is null or h.until > $4) limit 1",
        account_id, [*APART, FIRST_ROLE], role, since,
    )  # fmt: skip
    if held:
        sentence = (
            f"该账号或其使用人的另一个账号已有“{ROLES[held].title}”，不能再有“{ROLES[role].title}”："
            "系统、安全、审计三员须由不同的人担任。"
        )
        raise Conflict(sentence, fields={"role": sentence})


async def refuse_one_person(person_id: UUID, today: date) -> None:
    """Raise Conflict when the accounts of somebody hold two of these roles: two files were his, and each was linked to one."""
    rows = await current_session().fetch(
        "select distinct h.role from holding h join account a on a.tenant_id = h.tenant_id and a.id = h.account_id"
        " where a.person_id = $1 and h.role = any($2) and (h.until is null or h.until > $3) order by 1",
        person_id, [*APART, FIRST_ROLE], today,
    )  # fmt: skip
    if len(rows) > 1:
        held = "”“".join(ROLES[row["role"]].title for row in rows)
        raise Conflict(
            f"两份档案关联的账号分别有“{held}”，系统、安全、审计三员须由不同的人担任，不能合并成一个人。"
            "请先由管理员收回其中的职务权限，或者更正账号关联的人员。",
            code="apart",
        )


async def set_apart(actor: Actor, today: date) -> None:
    """From now on three people. Raises Forbidden; Conflict while one of the three is missing, or somebody still unites them."""
    whole_county(actor)
    if lacking := await lacks_for_apart(today):
        raise Conflict(lacking)
    now = await rule()
    await set_rule(actor, msgspec.structs.replace(now, apart=True))
    await note(actor, "security.apart", "county", current_session().county_id)


async def lacks_for_apart(today: date) -> str:
    """Why three people cannot be said to share it yet; "" when they can."""
    held = {
        row["role"]
        for row in await current_session().fetch(
            "select distinct h.role from holding h join account a on a.tenant_id = h.tenant_id and a.id = h.account_id"
            " where a.active and (h.until is null or h.until > $2) and h.role = any($1)",
            [*APART, FIRST_ROLE],
            today,
        )
    }
    if missing := [ROLES[role].title for role in APART if role not in held]:
        return f"还没有{'、'.join(missing)}。请先为三位同志分别建立账号并授予职务权限。"
    if FIRST_ROLE in held:
        return "还有人是组织部管理员。请由安全管理员收回这些职务权限，再实行三员分立。"
    return ""
