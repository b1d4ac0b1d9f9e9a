"""What those find in their inboxes whose logins are shown: made by the reminders of the day, as on any morning."""

from __future__ import annotations

from datetime import date

from deploy.demo.logins import LOGINS
from tenants.database.session import current_session
from tenants.notices.produce import remind_one


async def remind_shown(today: date) -> None:
    """Of each login that stands on the screen."""
    session = current_session()
    rows = await session.fetch(
        "select id from account where login = any($1) order by login", [*LOGINS.values()]
    )
    for row in rows:
        await remind_one(session, row["id"], today)
