"""Messages written in the transaction that calls for them, and sent once it is committed: none is lost, none is premature."""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from uuid import UUID, uuid4

import dramatiq
import msgspec
from dramatiq import Message

from core.quotas.room import make_room
from tenants.database.session import Asker, Session, county_session, current_session
from tenants.queue.broker import broker
from tenants.queue.run import ASKED

log = logging.getLogger(__name__)
CALLS = "outbox"
"""The channel on which PostgreSQL tells, at the commit itself, which county has something to send (tenants/queue/relay.py)."""

NOBODY = (None, "系统")
"""Who asks for what time brings."""

BATCH = 200
KEEP_SENT = "30 days"
"""A worker looks up here what it was asked to do: as long as the traces of what it did (queue/run.py)."""


async def enqueue(
    actor: dramatiq.Actor[..., Any],
    *,
    run_id: UUID | None = None,
    asker: Asker | None = None,
    goes_on: bool = False,
    **arguments: object,
) -> UUID:
    """Let `actor` run for the session's county once the transaction is committed, with JSON `arguments`; the run's id.

    A run happens once: give a `run_id` of your own where the same work may be called for twice (the sweep of a day).
    It is asked for by `asker` (default: in whose name the session works); `goes_on`: it is the next part of the job that runs.
    Nothing is sent when the transaction is rolled back. Raises Full for what somebody asks for (run.ASKED) while too much of the
    county's is under way; whatever follows from an act by itself is always taken.
    """
    session = current_session()
    if session.county_id is None:
        raise RuntimeError("任务属于某个县：请先进入 county_session(县编号)。")
    if actor.actor_name in ASKED and session.asker is not None and not goes_on:
        await make_room("jobs")
    county, run_id = str(session.county_id), run_id or uuid4()
    message = actor.message(county_id=county, run_id=str(run_id), **arguments)
    await session.execute(
        "with written as (insert into outbox (message, asked_id, asked_by, part_of) values ($1, $3, $4, $5) returning id)"
        f" select pg_notify('{CALLS}', $2) from written",
        msgspec.json.encode(message.asdict()).decode(), county, *(asker or session.asker or NOBODY),
        session.job if goes_on else None,
    )  # fmt: skip
    return run_id


async def relay_county(county_id: UUID, *, batch: int = BATCH) -> int:
    """Send what waits in one county, oldest first; several relays share the work without sending anything twice.

    Of a suspended county nothing is sent.
    """
    sent = 0
    while True:
        async with county_session(county_id) as session:
            rows = await session.fetch(
                "select id, message from outbox where sent_at is null and not exists (select from county c"
                " where c.id = session_county() and c.suspended_at is not null)"
                " order by id limit $1 for update skip locked",
                batch,
            )
            if not rows:
                return sent
            await asyncio.to_thread(_send, county_id, [row["message"] for row in rows])
            await session.execute(
                "update outbox set sent_at = now() where id = any($1::uuid[])", [row["id"] for row in rows]
            )
        sent += len(rows)


def _send(county_id: UUID, messages: list[str]) -> None:
    for text in messages:
        values = msgspec.json.decode(text)
        if values["kwargs"].get("county_id") != str(county_id):
            # The table lets nobody write one (migration 0010); should it be there all the same, it does not run elsewhere.
            log.error("a message of county %s names another one: not sent", county_id)
            continue
        broker.enqueue(Message(**{**values, "args": tuple(values["args"])}))


async def forget_old_messages(session: Session) -> None:
    """Drop what was sent long ago."""
    await session.execute(f"delete from outbox where sent_at < now() - interval '{KEEP_SENT}'")
