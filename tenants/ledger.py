"""The seal of the ledger as those who audit see it: its epochs, and verifying a span of days, which a worker does."""

from __future__ import annotations

import logging
from datetime import date, datetime, time, timedelta
from uuid import UUID

import msgspec

from core.actor import SYSTEM, Actor
from core.errors import Conflict, Forbidden, Invalid
from core.ledger.close import public
from core.ledger.report import Report
from core.ledger.verify import Trust, verify
from core.notices.inbox import tell
from core.notices.model import Found
from core.paths import whole
from tenants.accounts.access import holders
from tenants.database.session import Session, current_session
from tenants.ground.clock import SHANGHAI, today
from tenants.ground.environment import ledger_key
from tenants.queue.outbox import enqueue
from tenants.queue.run import Ended, task

log = logging.getLogger(__name__)
LISTED = 20


class Epoch(msgspec.Struct, frozen=True):
    """One epoch: how many entries it holds, the root of their leaves, and by which hash."""

    number: int
    closed_at: datetime
    entries: int
    root: str
    hash: str


class Check(msgspec.Struct, frozen=True):
    """A verification of the days from `since` to `until` (None: all); no `report`: it is under way, or ended in vain."""

    at: datetime
    by_name: str
    since: date | None
    until: date | None
    ended_at: datetime | None
    report: Report | None


class Sealing(msgspec.Struct, frozen=True):
    """How the ledger stands: its epochs from the newest on, how many entries are in none yet and since when, the last checks."""

    epochs: list[Epoch]
    unsealed: int
    open_since: datetime | None
    checks: list[Check]


def _audits(actor: Actor) -> None:
    """Raise Forbidden for whoever does not audit the whole county."""
    if not whole(actor.scopes("audit.view")):
        raise Forbidden("您没有查看全县日志封存情况的权限。如工作需要，请由组织部管理员授权。")


async def sealing(actor: Actor, before: int | None = None) -> Sealing:
    """The epochs, LISTED of them and one more, older than number `before`. Raises Forbidden."""
    _audits(actor)
    session = current_session()
    epochs = await session.fetch(
        "select number, closed_at, entries, encode(root, 'hex') root, upper(hash) from ledger_epoch"
        " where $1::bigint is null or number < $1 order by number desc limit $2",
        before, LISTED + 1,
    )  # fmt: skip
    last = await session.fetchrow(
        "select cluster, snapshot::text from ledger_epoch order by number desc limit 1"
    )
    waiting = await session.fetchrow(
        _OPEN if last else "select count(*), min(at) from ledger_entry", *(last or ())
    )
    checks = await session.fetch(
        "select at, by_name, since, until, ended_at, report from ledger_check order by id desc limit 5"
    )
    assert waiting is not None
    return Sealing(
        [Epoch(*row.values()) for row in epochs],
        waiting[0],
        waiting[1],
        [_check(*row.values()) for row in checks],
    )


_OPEN = """
    select count(*), min(at) from ledger_entry where cluster = $1
    and xid >= pg_snapshot_xmin($2::text::pg_snapshot) and not pg_visible_in_snapshot(xid, $2::text::pg_snapshot)
"""


def _check(
    at: datetime,
    by_name: str,
    since: date | None,
    until: date | None,
    ended_at: datetime | None,
    report: str | None,
) -> Check:
    read = msgspec.json.decode(report, type=Report) if report else None
    return Check(at, by_name, since, until, ended_at, read)


async def ask(actor: Actor, since: date | None, until: date | None) -> None:
    """Have the epochs closed on these days verified. Raises Forbidden; Invalid; Conflict while another check is under way."""
    _audits(actor)
    if since and until and until < since:
        raise Invalid("截止日期早于起始日期。请改正后再核对。", fields={"until": "不能早于起始日期。"})
    session = current_session()
    if await session.fetchval("select exists (select from ledger_check where ended_at is null)"):
        raise Conflict("上一次核对还没有完成。请等它完成以后再核对。", code="check-running")
    made: UUID = await session.fetchval(
        "insert into ledger_check (by_id, by_name, since, until) values ($1, $2, $3, $4) returning id",
        actor.id, actor.name, since, until,
    )  # fmt: skip
    await enqueue(verify_ledger, check_id=str(made))


async def ask_daily(session: Session, day: date) -> None:
    """Have what was closed since the beginning of yesterday verified, and with it whether everything is sealed."""
    made = await session.fetchval(
        "insert into ledger_check (by_id, by_name, since) values ($1, $2, $3) returning id",
        SYSTEM.id, f"{SYSTEM.name}每日", day - timedelta(days=1),
    )  # fmt: skip
    await enqueue(verify_ledger, check_id=str(made))


async def _in_vain(session: Session, check_id: str, ended: Ended) -> None:
    await session.execute("update ledger_check set ended_at = now() where id = $1", UUID(check_id))


@task("核对日志的封存", given_up=_in_vain, asked=True)
async def verify_ledger(session: Session, check_id: str) -> None:
    """Verify what was asked for, and tell who audits what was found; only a worker has the key by which it knows its own
    signatures."""
    row = await session.fetchrow("select since, until from ledger_check where id = $1", UUID(check_id))
    assert row is not None
    first, last = await _numbers(session, row["since"], row["until"])
    own = ledger_key()
    trust = Trust(public(own)) if own else Trust()
    report = await verify(trust, first, last)
    await session.execute(
        "update ledger_check set ended_at = clock_timestamp(), report = $2 where id = $1",
        UUID(check_id), msgspec.json.encode(report).decode(),
    )  # fmt: skip
    if report.found:
        log.error(
            "the ledger of county %s is not as it was sealed: %d findings", session.county_id, report.found
        )
        told = Found(kind="ledger", occasion=f"ledger:{check_id}", what=f"{report.found} 处")
        top = await session.fetchval("select path from unit where parent_id is null")
        for account in await holders("audit.view", today(), [top]):
            await tell(account, [told])


async def broken() -> bool:
    """Whether the last verification in the session's county has found something."""
    return bool(
        await current_session().fetchval(
            "select (report::json ->> 'found')::int > 0 from ledger_check where report is not null order by id desc limit 1"
        )
    )


async def _numbers(session: Session, since: date | None, until: date | None) -> tuple[int, int | None]:
    """The epochs that were closed on these days; up to the newest (None) where the last day is not over."""
    begins = datetime.combine(since or date(2000, 1, 1), time(), SHANGHAI)
    first = await session.fetchval(
        "select coalesce(min(number), (select coalesce(max(number), 0) + 1 from ledger_epoch))"
        " from ledger_epoch where closed_at >= $1", begins,
    )  # fmt: skip
    if until is None:
        return first, None
    ends = datetime.combine(until + timedelta(days=1), time(), SHANGHAI)
    last: int = await session.fetchval(
        "select coalesce(max(number), 0) from ledger_epoch where closed_at < $1", ends
    )
    return first, last
