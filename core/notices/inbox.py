"""An inbox: written to once per occasion, listed, counted, read, forgotten in the end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.lists.tasks import my_turn
from core.casework.standing.turns import turns_held
from core.database import execute, fetch, fetchrow, fetchval
from core.errors import NotFound
from core.notices.model import OF_CASES, Found, Notice
from core.paths import Conditions, lies_in, within

PAGE = 50
MOST_COUNTED = 100
"""A rail says 99+ beyond that: nobody counts further."""
KEPT_READ, KEPT = "90 days", "180 days"
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
MOST_KEPT = 2_000
"""Of one account, whatever their age."""


async def tell(account_id: UUID, found: Iterable[Found]) -> dict[str, str]:
    """Put these into an inbox; the occasions that were not there yet, each with its kind."""
    # In one order, so that two who write at the same moment wait for each other and not in a circle.
    rows = [msgspec.structs.asdict(one) for one in sorted(found, key=lambda one: one.occasion)]
    if not rows:
        return {}
    made = await fetch(
        """insert into notice (account_id, kind, occasion, subject, unit_id, what, day, by_name)
           select $1, n.* from jsonb_to_recordset($2::jsonb) as n(kind text, occasion text, subject uuid, unit_id uuid,
               what text, day date, by_name text)
           on conflict (tenant_id, account_id, occasion) do nothing returning occasion, kind""",
        account_id, msgspec.json.encode(rows).decode(),
    )  # fmt: skip
    return {row["occasion"]: row["kind"] for row in made}


async def inbox(
    actor: Actor, *, unread: bool = False, after: UUID | None = None, limit: int = PAGE
) -> list[Notice]:
    """His notices, the newest first, `after` the last one of the page before; one more than `limit` where there are more."""
    where = Conditions()
    where.add("n.account_id = {}", actor.id)
    if unread:
        where.add("n.read_at is null")
    if after is not None:
        where.add("n.id < {}", after)
    paths = within(actor, "case.view")
    seen = f"({lies_in(where, 'c.path', paths)} or {lies_in(where, 'c.to_path', paths)})"
    rows = await fetch(
        f"""select n.id, n.kind, n.subject, n.unit_id, coalesce(u.short_name, '') unit_name, n.what, n.day, n.by_name,
                   n.at, n.read_at, case when c.seen then c.person_name else '' end person_name,
                   coalesce(c.seen, n.kind <> all({where.bind(sorted(OF_CASES))})) seen
            from notice n left join unit u on u.tenant_id = n.tenant_id and u.id = n.unit_id
            left join lateral (select c.person_name, coalesce({seen}, false) seen from case_file c
                where c.id = n.subject and n.kind = any({where.bind(sorted(OF_CASES))})) c on true
            where {where} order by n.id desc limit {int(limit) + 1}""",
        *where.args,
    )
    return [Notice(**dict(row)) for row in rows]


async def open_notice(actor: Actor, notice_id: UUID) -> Notice:
    """One of his own, read from now on. Raises NotFound."""
    row = await fetchrow(
        """update notice set read_at = coalesce(read_at, now()) where id = $1 and account_id = $2
           returning id, kind, subject, unit_id, what, day, by_name, at, read_at""",
        notice_id, actor.id,
    )  # fmt: skip
    if row is None:
        raise NotFound("没有找到这条消息。消息保留半年，已读的保留三个月；请回到消息列表。")
    return Notice(**dict(row), unit_name="", person_name="", seen=True)


async def read_all(actor: Actor, until: datetime) -> int:
    """Mark those read that had come by then (a moment with its offset); how many were not."""
    done = await execute(
        "update notice set read_at = now() where account_id = $1 and read_at is null and at <= $2",
        actor.id,
        # A moment at the ends of time cannot be told in another zone; no notice is so old or so young.
        min(max(until, EARLIEST), LATEST),
    )
    return int(done.rpartition(" ")[2])


async def unread(actor: Actor) -> int:
    """How many he has not read, up to MOST_COUNTED."""
    return int(await fetchval(f"select ({_UNREAD.format('$1')})", actor.id))


async def counted(actor: Actor) -> tuple[int, int]:
    """How many cases wait for him, and how many notices he has not read: one statement, for the rail of every page."""
    if not turns_held(actor):
        return 0, await unread(actor)
    where = my_turn(actor)
    row = await fetchrow(
        f"select (select count(*) from case_file c where {where}), ({_UNREAD.format(where.bind(actor.id))})",
        *where.args,
    )
    assert row is not None
    return row[0], row[1]


_UNREAD = f"""select count(*) from (select from notice n where n.account_id = {{}} and n.read_at is null
    limit {MOST_COUNTED}) n"""


async def forget_old() -> None:
    """Drop what is old, and of a very full inbox the oldest."""
    await execute(
        f"""delete from notice where at < now() - interval '{KEPT}'
            or (read_at is not null and at < now() - interval '{KEPT_READ}')"""
    )
    await execute(
        f"""delete from notice n using (select id, row_number() over (partition by account_id order by id desc) place
                from notice) o where o.id = n.id and o.place > {MOST_KEPT}"""
    )
