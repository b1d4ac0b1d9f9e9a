"""The installed plugins and their floor, read once for all tests of a process; and a platform that has kept none yet."""

from __future__ import annotations

from dangwu import discover
from tenants.database.session import owner_session
from tenants.policies import floors

INSTALLED = discover()
FLOOR = INSTALLED.floor
STEPS = FLOOR.steps("admission")


async def keep_none() -> None:
    """As in a new installation: other tests of the same database may have kept the floor of their day."""
    async with owner_session() as session:
        await session.execute("delete from floor_text")
    floors._Present.stamp, floors._Present.floor = "", None
