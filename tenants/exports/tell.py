"""Who can agree to a long list hears of it, and where to look at it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.extent import Extent
from core.notices.inbox import tell
from core.notices.model import Found
from tenants.accounts.capabilities import ROLES
from tenants.database.session import current_session
from tenants.exports.kinds import Kind

_OTHERS = """
    select distinct a.id from holding h join account a on a.tenant_id = h.tenant_id and a.id = h.account_id and a.active
    join unit u on u.tenant_id = h.tenant_id and u.id = h.unit_id
    where h.role = any($1) and h.since <= $2 and (h.until is null or h.until > $2) and a.id <> all($3)
      and (select bool_and(starts_with(scope, u.path)) from unnest($4::text[]) scope) order by a.id
"""
"""The accounts that hold one of these roles over all that somebody exports from."""


async def tell_others(actor: Actor, kind: Kind, export_id: UUID, held: Extent, day: date) -> None:
    """Tell everybody but him who could export all of it himself; once for each list that he is to agree to."""
    roles = sorted(one.id for one in ROLES.values() if kind.needs in one.capabilities)
    found = Found(
        kind="export-asked", occasion=f"export-asked:{export_id}:{held.mark}", what=kind.title, by_name=actor.name
    )  # fmt: skip
    scopes = [*actor.scopes(kind.needs)]
    for row in await current_session().fetch(_OTHERS, roles, day, [*actor.accounts], scopes):
        await tell(row["id"], [found])
