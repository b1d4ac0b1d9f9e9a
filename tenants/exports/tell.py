"""Who can agree to a long list hears of it, and where to look at it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.extent import Extent
from core.notices.inbox import tell
from core.notices.model import Found
from tenants.accounts.access import holders
from tenants.exports.kinds import Kind


async def tell_others(actor: Actor, kind: Kind, export_id: UUID, held: Extent, day: date) -> None:
    """Tell everybody but him who could export all of it himself; once for each list that he is to agree to."""
    found = Found(
        kind="export-asked", occasion=f"export-asked:{export_id}:{held.mark}", what=kind.title, by_name=actor.name
    )  # fmt: skip
    scopes = [*actor.scopes(kind.needs)]
    for account in await holders(kind.needs, day, scopes, but=actor.accounts):
        await tell(account, [found])
