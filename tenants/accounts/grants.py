"""Roles given and taken back: dated, signed, never deleted."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import msgspec

from core.actor import Actor
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.ledger.note import note
from core.organisation.access import access_unit, lock_tree
from core.organisation.model import KINDS, UnitView
from core.organisation.service import refuse_dissolved
from dangwu import rank
from tenants.accounts.access import access_account, is_own
from tenants.accounts.apart import refuse_two
from tenants.accounts.capabilities import ROLES, Role
from tenants.database.session import current_session

ADMINISTRATORS = ("department-admin", "security-admin")
"""Who can give rights in the whole county."""
NO_SUCH_GRANT = "没有找到这项职务权限，或它不在您的管理范围内。"


class Grant(msgspec.Struct, frozen=True):
    """A role held: at which unit, from `since`, until the day before `until`; `holds` on the day asked for."""

    id: UUID
    role: str
    role_title: str
    unit_id: UUID
    unit_name: str
    since: date
    until: date | None
    holds: bool


async def grant_role(
    actor: Actor, account_id: UUID, role: str, unit_id: UUID, *, since: date, until: date | None = None
) -> UUID:
    """Give a role at a unit to an account that the actor sees; he holds `account.edit` there, at the role's level or above.

    Raises NotFound, Forbidden (also for oneself), Invalid (no such role, wrong kind of unit, dates), Conflict (held already).
    """
    await access_unit(actor, unit_id, "account.edit")
    await access_account(actor, account_id)
    return await give_role(actor, account_id, role, unit_id, since=since, until=until)


async def give_role(
    actor: Actor, account_id: UUID, role: str, unit_id: UUID, *, since: date, until: date | None = None
) -> UUID:
    """As `grant_role`, for an account that he has just made and that holds nothing yet."""
    unit = await access_unit(actor, unit_id, "account.edit")
    refuse_dissolved(unit)
    declared = _declared(role)
    if await is_own(actor, account_id):
        raise Forbidden("不能给自己授予职务权限。请由上级组织或组织部其他管理员办理。")
    _check_fit(declared, unit)
    _check_rank(actor, declared, unit)
    if until is not None and until <= since:
        raise Invalid("截止日期应晚于起始日期。", fields={"until": "截止日期应晚于起始日期。"})
    await _check_account(account_id)
    await refuse_two(account_id, role, since)
    return await _insert(actor, account_id, declared, unit, since, until)


async def _insert(
    actor: Actor, account_id: UUID, role: Role, unit: UnitView, since: date, until: date | None
) -> UUID:
    session = current_session()
    held = await session.fetchval(
        "select count(*) from holding where account_id = $1 and role = $2 and unit_id = $3"
        " and daterange(since, until) && daterange($4, $5)",
        account_id, role.id, unit.id, since, until,
    )  # fmt: skip
    if held:
        raise Conflict(f"该账号在“{unit.name}”已有“{role.title}”职务权限，不必重复授予。")
    grant_id: UUID = await session.fetchval(
        "insert into holding (account_id, role, unit_id, since, until, granted_by)"
        " values ($1, $2, $3, $4, $5, $6) returning id",
        account_id, role.id, unit.id, since, until, actor.id,
    )  # fmt: skip
    await note(actor, "role.granted", "account", account_id, unit.id, role=role.id, since=since, until=until)
    return grant_id


async def end_role(
    actor: Actor, grant_id: UUID, *, last: date, today: date, account_id: UUID | None = None
) -> None:
    """Take a role back: `last` is the last day on which it holds (a day before its first one undoes it).

    With `account_id`, only a role of that account is found. The actor holds `account.edit` over the unit, at the role's level or
    above, and is somebody else.
    Raises NotFound, Forbidden, Invalid, Conflict.
    """
    session = current_session()
    row = await session.fetchrow(
        "select account_id, role, unit_id, since, until from holding where id = $1 for update", grant_id
    )
    if row is None or account_id not in (None, row["account_id"]):
        raise NotFound(NO_SUCH_GRANT)
    try:
        unit = await access_unit(actor, row["unit_id"], "account.edit")
    except NotFound:
        # A role of people he does not see, and one that there is not, are one answer.
        raise NotFound(NO_SUCH_GRANT) from None
    if await is_own(actor, row["account_id"]):
        # Else the last administrator could leave a county that nobody can open again.
        raise Forbidden("不能收回自己的职务权限。请由上级组织或组织部其他管理员办理。")
    _check_rank(actor, ROLES.get(row["role"]), unit)
    if last == date.max:
        raise Invalid("最后一天不是实际的日期。请核对。", fields={"last": "请核对日期。"})
    until = max(row["since"], last + timedelta(days=1))
    if row["until"] is not None and row["until"] <= until:
        raise Conflict("这项职务权限在该日之前已经终止。")
    await session.execute(
        "update holding set until = $2, ended_by = $3, ended_at = now() where id = $1", grant_id, until, actor.id
    )  # fmt: skip
    if row["role"] in ADMINISTRATORS:
        await keep_an_administrator(max(until, today))
    await note(actor, "role.ended", "account", row["account_id"], unit.id, role=row["role"], until=until)


async def keep_an_administrator(by: date) -> None:
    """Raise Conflict when this transaction leaves the county without anybody who administers it for good from the day `by` on:
    nobody could open it again.

    One after the other: two administrators who remove each other at the same moment would else both succeed.
    """
    await lock_tree()
    left = await current_session().fetchval(
        "select exists (select from holding h join account a on a.tenant_id = h.tenant_id and a.id = h.account_id"
        " where h.role = any($1) and h.since <= $2 and h.until is null and a.active)",
        list(ADMINISTRATORS),
        by,
    )
    if not left:
        raise Conflict(
            "这样办理以后，本县就没有组织部管理员了，也没有安全管理员。请先为另一位同志授予长期有效的这项职务权限。"
        )


async def roles_at(unit_id: UUID, today: date) -> int:
    """How many roles are held at a unit."""
    return int(
        await current_session().fetchval(
            "select count(*) from holding where unit_id = $1 and (until is null or until > $2)",
            unit_id,
            today,
        )
    )


async def end_roles_at(actor: Actor, unit_id: UUID, today: date) -> int:
    """A unit is gone: the roles held there end today; how many. For services that have dissolved it on the actor's behalf.

    Raises Forbidden where his own would: whoever ends a unit stands above it.
    """
    rows = await current_session().fetch(
        "update holding set until = greatest(since, $2), ended_by = $3, ended_at = now()"
        " where unit_id = $1 and (until is null or until > $2) returning account_id, role, until",
        unit_id, today, actor.id,
    )  # fmt: skip
    if any(row["account_id"] == actor.id for row in rows):
        raise Forbidden("您的职务就设在这个党组织，不能由您自己撤销或合并它。请由上级组织办理。")
    for row in rows:
        await note(
            actor, "role.ended", "account", row["account_id"], unit_id, role=row["role"], until=row["until"]
        )
    return len(rows)


async def grants_of(account_id: UUID, today: date) -> list[Grant]:
    """All roles of an account, past and present, newest first. Who may ask is checked by the caller (service.py)."""
    rows = await current_session().fetch(
        "select h.id, h.role, h.unit_id, u.name as unit_name, h.since, h.until,"
        " h.since <= $2 and (h.until is null or h.until > $2) as holds from holding h"
        " join unit u on u.tenant_id = h.tenant_id and u.id = h.unit_id where h.account_id = $1 order by h.id desc",
        account_id, today,
    )  # fmt: skip
    return [Grant(**dict(row), role_title=title_of(row["role"])) for row in rows]


def title_of(role: str) -> str:
    """The Chinese title of a role, or its id when it is no longer declared."""
    return ROLES[role].title if role in ROLES else role


def _declared(role: str) -> Role:
    if role not in ROLES:
        choices = "、".join(item.title for item in ROLES.values())
        raise Invalid(f"没有“{role}”这一职务。可选：{choices}。", fields={"role": "请选择列表中的职务。"})
    return ROLES[role]


def _check_fit(role: Role, unit: UnitView) -> None:
    if not role.fits(unit.kind):
        sentence = (
            f"“{role.title}”不能设在“{unit.name}”（{KINDS[unit.kind]}）：职务的层级与党组织的层级不一致。"
        )
        raise Invalid(sentence, fields={"unit_id": sentence})


def _check_rank(actor: Actor, role: Role | None, unit: UnitView) -> None:
    own = max((rank(level) for level in actor.levels(unit.path, "account.edit")), default=-1)
    if role is not None and rank(role.level_at(unit.kind)) > own:
        raise Forbidden(f"“{role.title}”的层级高于您的职务，您不能授予或收回。请由上级组织办理。")


async def _check_account(account_id: UUID) -> None:
    # Locked until the end of the transaction: of two people who give the same role at once, the second is told.
    active = await current_session().fetchval(
        "select active from account where id = $1 for no key update", account_id
    )
    if not active:
        raise NotFound("没有找到这个账号，或账号已停用。请先重新启用账号。")
