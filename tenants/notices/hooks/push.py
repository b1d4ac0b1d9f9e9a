"""Pushing: how much of what kind is new, to each address of the county; nothing of a person, and a link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from core.notices.model import KINDS
from core.quotas.room import has_room
from tenants.database.session import Session
from tenants.ground import clock
from tenants.ground.mail import home
from tenants.ground.outgoing import OutgoingRefused, fetch
from tenants.notices.hooks.forms import FORMS, Message, call
from tenants.notices.hooks.service import allowed_hosts, opened
from tenants.queue.outbox import enqueue
from tenants.queue.run import Ended, task

DAILY_FROM = 8
"""The hour in China from which the day's digest is pushed."""

OWN = ("export", "export-asked", "minimise-asked", "reset")
"""What concerns somebody alone is nothing for a group."""


class PushRefused(Exception):
    """It did not arrive; the words say why, and hold nothing of what was sent."""


async def push_now(session: Session, occasions: Mapping[str, str]) -> None:
    """Call for a push of these new occasions (each with its kind) to the addresses that want them at once."""
    counts = Counter(kind for kind in occasions.values() if kind not in OWN)
    rows = await session.fetch("select id from notice_hook where active and mode = 'once'") if counts else ()
    for row in rows:
        await _call_for(row["id"], counts)


async def push_daily(session: Session, now: datetime) -> int:
    """Call for the digests that are due in this county: of a day's occasions, each counted once; how many."""
    local = now.astimezone(clock.SHANGHAI)
    if local.hour < DAILY_FROM:
        return 0
    rows = await session.fetch(
        """update notice_hook set told_on = $1 where active and mode = 'daily' and coalesce(told_on, '-infinity') < $1
           returning id""",
        local.date(),
    )  # fmt: skip
    if not rows:
        return 0
    found = await session.fetch(
        "select kind, count(distinct occasion) n from notice where at > $1::timestamptz - interval '1 day'"
        " and kind <> all($2) group by kind",
        now, list(OWN),
    )  # fmt: skip
    counts = Counter({row["kind"]: row["n"] for row in found})
    for row in rows if counts else ():
        await _call_for(row["id"], counts)
    return len(rows)


async def _call_for(hook_id: UUID, counts: Counter[str]) -> None:
    await enqueue(push, hook=str(hook_id), mark=str(uuid4()), counts=dict(counts))


async def _lost(session: Session, hook: str, mark: str, counts: dict[str, int], *, ended: Ended) -> None:
    """Who administers the county reads it beside the address."""
    await session.execute("update notice_hook set failed_at = now() where id = $1", UUID(hook))


@task("推送消息", given_up=_lost)
async def push(session: Session, hook: str, mark: str, counts: dict[str, int]) -> str | None:
    """One message to one address, unless the county's of the day have all gone out. Raises PushRefused to be tried again."""
    found = await opened(UUID(hook))
    if found is None:
        return None
    if not await has_room("pushes"):
        return "今天的推送已到上限，没有推送。消息都在“消息”里。"
    if found.host not in allowed_hosts() or found.form not in FORMS:
        raise PushRefused("not allowed any more")
    form, message = FORMS[found.form], Message(mark, *await _words(session, counts))
    made = call(form, found.url, found.secret, message, clock.now())
    try:
        answer = await fetch("POST", made.url, host=found.host, content=made.content, headers=made.headers)
    except OutgoingRefused as refused:
        raise PushRefused(str(refused)) from None
    if not 200 <= answer.status_code < 300 or not form.taken(answer.content):
        raise PushRefused(f"status {answer.status_code}")
    await session.execute(
        "update notice_hook set told_at = clock_timestamp(), sent_on = current_date,"
        " sent = case when sent_on = current_date then sent else 0 end + 1 where id = $1",
        UUID(hook),
    )
    return None


async def _words(session: Session, counts: Mapping[str, int]) -> tuple[str, str]:
    county = await session.fetchval("select name from county where id = session_county()")
    title = f"{county}党务平台有 {sum(counts.values())} 件事要办或要看"
    lines = [f"- {name}：{counts[kind]} 件" for kind, name in KINDS.items() if counts.get(kind)]
    return title, "\n".join([title, *lines, *([f"{home()}/notices"] if home() else [])])
