"""Contact details of who left long ago are asked to be erased; whoever can sign that hears of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.changes.minimise import run as asked
from core.notices.inbox import tell
from core.notices.model import Found
from core.paths import whole
from tenants.accounts.access import holders


async def ask(actor: Actor, mark: str, today: date) -> UUID:
    """Ask for it, and tell everybody but him who could sign. Raises as core.changes.minimise.run.ask."""
    run = await asked.ask(actor, mark, today)
    found = Found(kind="minimise-asked", occasion=f"minimise-asked:{run}", by_name=actor.name)
    counties = [path for path in actor.scopes("register.minimise") if whole([path])]
    for account in await holders("register.minimise", today, counties, but=actor.accounts):
        await tell(account, [found])
    return run
