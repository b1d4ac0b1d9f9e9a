"""Notices by mail: how many of what kind, and a link; no name, no case. At once or once a day, never in quiet hours."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from uuid import UUID, uuid5

from asyncpg import Record

from core.notices.model import KINDS
from core.notices.settings import setting
from core.quotas.room import has_room, standing
from tenants.database.session import Session, current_session
from tenants.ground.clock import SHANGHAI
from tenants.ground.mail import can_mail, home, send
from tenants.notices.address import box
from tenants.queue.outbox import enqueue
from tenants.queue.run import Ended, task

_READY = """
    select s.account_id, s.mailed_on from notice_setting s join account a on a.id = s.account_id and a.active
    where s.mail <> 'off' and s.confirmed_at is not null and ($1::uuid is null or s.account_id = $1)
      and exists (select from notice n where n.account_id = s.account_id and n.mailed_at is null and n.read_at is null
                  and n.kind <> all(s.unmailed))
      and (s.sent_on is distinct from current_date or s.sent < $2)
    order by s.account_id
"""


async def call_mails(session: Session, now: datetime, account_id: UUID | None = None) -> int:
    """Call for the mails that go out now, in this county or to this account alone; how many."""
    local, called = now.astimezone(SHANGHAI), 0
    for row in await _ready(session, account_id):
        wanted = await setting(row["account_id"])
        if wanted.sends(local.hour, local.date(), row["mailed_on"]):
            await enqueue(send_mail, account=str(row["account_id"]), today=local.date().isoformat())
            called += 1
    return called


async def _ready(session: Session, account_id: UUID | None) -> list[Record]:
    """Whoever has something to be mailed to him; nobody on a day whose mails have all gone out, of his or of the county."""
    if not can_mail() or not await has_room("mails"):
        return []
    return await session.fetch(_READY, account_id, (await standing("mails_of_one")).most)


async def _lost(session: Session, account: str, today: str, *, ended: Ended) -> None:
    """Its owner reads it where he has entered the address; the notices stay in his inbox."""
    await session.execute(
        "update notice_setting set failed_at = now(), mailed_on = $2 where account_id = $1",
        UUID(account), date.fromisoformat(today),
    )  # fmt: skip
    await session.execute(
        "update notice set mailed_at = now() where account_id = $1 and mailed_at is null", UUID(account)
    )


@task("发送消息邮件", given_up=_lost)
async def send_mail(session: Session, account: str, today: str) -> str | None:
    """One mail of all that has not been mailed; called twice, the second finds nothing. Beyond what may go out on a day it waits
    for the next."""
    account_id = UUID(account)
    await session.execute("select from notice_setting where account_id = $1 for update", account_id)
    if not await _may_go(session, account_id):
        return "今天的邮件已到上限，推到明天。"
    known = await box(account_id)
    rows = await session.fetch(
        "update notice set mailed_at = now() where account_id = $1 and mailed_at is null returning id, kind, read_at",
        account_id,
    )
    unmailed = (await setting(account_id)).unmailed
    unread = [row for row in rows if row["read_at"] is None and row["kind"] not in unmailed]
    if not unread or not known.confirmed:
        return None
    await session.execute(
        "update notice_setting set mailed_on = $2, failed_at = null, sent_on = current_date,"
        " sent = case when sent_on = current_date then sent else 0 end + 1 where account_id = $1",
        account_id, date.fromisoformat(today),
    )  # fmt: skip
    counts = Counter(row["kind"] for row in unread)
    mark = uuid5(account_id, max(str(row["id"]) for row in unread))
    await send(known.address, f"【党务】您有 {len(unread)} 条新消息", await _text(counts), str(mark))
    return None


async def _may_go(session: Session, account_id: UUID) -> bool:
    sent = await session.fetchval(
        "select sent from notice_setting where account_id = $1 and sent_on = current_date", account_id
    )
    return (sent or 0) < (await standing("mails_of_one")).most and await has_room("mails")


async def _text(counts: Counter[str]) -> str:
    county = await current_session().fetchval("select name from county where id = session_county()")
    lines = [f"  {title} {counts[kind]} 条" for kind, title in KINDS.items() if counts[kind]]
    return "\n".join(
        [f"{county}党务平台：", "", *lines, "", f"请登录查看：{home()}/notices", "",
         "邮件不写姓名和内容。不想再收到的，请在“消息”的“怎样通知我”里关闭。", ""]
    )  # fmt: skip
