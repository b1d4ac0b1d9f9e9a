"""What the worker would do next: one message out of a county's outbox, done here."""

from __future__ import annotations

import dramatiq
import msgspec

from tenants.database.session import county_session
from tenants.queue.broker import broker
from tests.web.conftest import Seeded


async def work(county: Seeded, actor: dramatiq.Actor[..., object]) -> bool:
    """Do the county's next message of this task; False when there is none."""
    async with county_session(county.id) as session:
        row = await session.fetchrow(
            "update outbox set sent_at = now() where id = (select id from outbox where sent_at is null"
            " and message ->> 'actor_name' = $1 order by id limit 1 for update skip locked) returning message",
            actor.actor_name,
        )
    if row is None:
        return False
    message = msgspec.json.decode(row["message"])
    await broker.get_actor(message["actor_name"]).fn.__wrapped__(**message["kwargs"])  # type: ignore[attr-defined]
    return True
