"""Whose account somebody administers: everything that it holds lies below him, at his level or under it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.errors import Forbidden
from dangwu import rank
from tenants.accounts.access import access_account, is_own
from tenants.accounts.capabilities import ROLES
from tenants.accounts.grants import title_of
from tenants.database.session import current_session


class Office(msgspec.Struct, frozen=True):
    """A role that an account holds, or will hold, with its unit."""

    role: str
    path: str
    kind: str
    name: str


async def administer(actor: Actor, account_id: UUID, today: date) -> None:
    """Raise unless the actor administers everything that the account holds, at its level or above, and is somebody else."""
    await access_account(actor, account_id)
    if await is_own(actor, account_id):
        raise Forbidden("不能停用自己的账号或重置自己的密码。修改密码请用“修改密码”。")
    if above := beyond(actor, await offices(account_id, today)):
        raise Forbidden(
            f"该账号还在“{above.name}”担任“{title_of(above.role)}”，超出您的管理范围。请由上级组织办理。"
        )


def beyond(actor: Actor, held: list[Office]) -> Office | None:
    """The first of these that is not below the actor; None when he administers all."""
    for one in held:
        own = max((rank(level) for level in actor.levels(one.path, "account.edit")), default=-1)
        if one.role in ROLES and rank(ROLES[one.role].level_at(one.kind)) > own:
            return one
    return None


async def offices(account_id: UUID, today: date) -> list[Office]:
    """What an account holds on `today` or later."""
    rows = await current_session().fetch(
        "select h.role, u.path, u.kind, u.name from holding h"
        " join unit u on u.tenant_id = h.tenant_id and u.id = h.unit_id"
        " where h.account_id = $1 and (h.until is null or h.until > $2)",
        account_id, today,
    )  # fmt: skip
    return [Office(**dict(row)) for row in rows]
