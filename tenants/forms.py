"""A form is taken once: which have been sent, and where what came of each is to be seen.

The token is claimed in the transaction that does what the form asks, so that of two that come at once the second waits for the
first. What is refused, or only shown again, gives its token back.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from core.database import execute, fetchval


async def claim(token: UUID, account_id: UUID) -> bool:
    """Take a form for the first time; False for one that has been taken."""
    taken = await fetchval(
        "insert into form_sent (token, account_id) values ($1, $2) on conflict (tenant_id, token) do nothing returning token",
        token, account_id,
    )  # fmt: skip
    return taken is not None


async def came_of(token: UUID, account_id: UUID) -> str:
    """Where what came of a form is to be seen; "" for a form of somebody else."""
    return str(
        await fetchval(
            "select location from form_sent where token = $1 and account_id = $2", token, account_id
        )
        or ""
    )


async def settle(token: UUID, location: str) -> None:
    """Note where to look; a form that did nothing (no location) can be sent again."""
    if location:
        await execute("update form_sent set location = $2 where token = $1", token, location)
    else:
        await execute("delete from form_sent where token = $1", token)


async def forget(before: datetime) -> None:
    """Forget forms that nobody sends again."""
    await execute("delete from form_sent where at < $1", before)
