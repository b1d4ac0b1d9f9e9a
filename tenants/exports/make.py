"""Asking for a workbook, whose turn it is, and the task that makes it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import asyncpg
import msgspec

from core.actor import Actor, Held
from core.errors import Conflict, DomainError, NotFound
from core.extent import Extent
from core.ledger.note import note
from core.notices.inbox import tell
from core.notices.model import Found
from core.progress import told
from core.quotas.room import make_room
from core.secrecy import vault
from core.sheets import Ending
from core.text import one_line
from tenants.accounts.deputies import asking
from tenants.database.session import Session, current_session
from tenants.exports.kinds import KINDS, Wish
from tenants.exports.service import CONTENT_FIELD, KEPT
from tenants.exports.size import too_many
from tenants.exports.tell import tell_others
from tenants.queue.outbox import enqueue
from tenants.queue.run import BEHIND, Ended, task

_WAITING = "select count(*) from export where state = 'waiting'"
_HIS = f"""select count(*) filter (where state = 'waiting') waiting, count(*) filter (where state = 'asked') asked
    from export where by_id = $1 and at > now() - interval '{KEPT}'"""
MOST_ASKED = 3
"""Of one person, that wait for a second one: who is to agree reads few."""
LOST: dict[Ended, str] = {
    "failed": "生成表格时多次出错，没有完成。请稍后重新导出；仍然不行时，请告诉平台运行维护人员。",
    "killed": "生成这份表格两次使后台程序意外中断，已搁置。请缩小名单的范围，分几次导出。",
    "cancelled": "已经取消，没有生成。需要时请重新导出。",
}


async def _lost(session: Session, export_id: str, ended: Ended) -> None:
    await _end(session, UUID(export_id), "lost", LOST[ended])


async def ask(
    actor: Actor, kind: str, asked: msgspec.Struct, purpose: str, day: date, ending: Ending = "xlsx"
) -> UUID:
    """Have a file made; its id. A list of more people than the county lets one export alone waits until a second person
    agrees (agree.py). Raises Invalid without a purpose, NotFound and Forbidden for what he may not see, Conflict while his last
    one is under way."""
    purpose = one_line("purpose", "导出目的", purpose, most=150)
    found, session = KINDS[kind], current_session()
    await _county_alone(session)
    under_way = await session.fetchrow(_HIS, actor.id)
    assert under_way is not None
    if under_way["waiting"]:
        raise Conflict("您上一次导出的表格还在生成。请等它办完以后再导出。", code="export-running")
    await make_room("exports")
    held = await found.extent(actor, asked) if found.extent else Extent(await found.total(actor, asked), "")
    why = await too_many(actor.id, held) if found.extent else ""
    if why and under_way["asked"] >= MOST_ASKED:
        raise Conflict(
            f"您已有 {MOST_ASKED} 份名单在等另一位同志同意，没有再提出。请等他同意，或者在“导出的表格和文书”页撤回不需要的。",
            code="export-running",
        )
    export_id: UUID = await session.fetchval(
        "insert into export (kind, asked, purpose, day, total, mark, by_id, state, sentence, ending, held, acts_for)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id",
        kind, msgspec.json.encode(asked).decode(), purpose, day, held.total, held.mark, actor.id,
        "asked" if why else "waiting", why, ending, msgspec.json.encode(actor.held).decode(), actor.acts_for,
    )  # fmt: skip
    if why:
        await note(actor, "export.asked", "export", export_id, count=held.total)
        await tell_others(actor, found, export_id, held, day)
    else:
        await begin(session)
    return export_id


async def withdraw(actor: Actor, export_id: UUID) -> None:
    """Take back what he has asked for, as long as nobody has agreed to it. Raises NotFound, also for another's."""
    row = await current_session().fetchrow(
        "update export set state = 'refused', sentence = '您已撤回，没有生成。'"
        " where id = $1 and by_id = $2 and state = 'asked' returning total",
        export_id, actor.id,
    )  # fmt: skip
    if row is None:
        raise NotFound(
            "没有找到您提出的、在等同意的这份名单：可能已经有人办理。请刷新“导出的表格和文书”页再看。"
        )
    await note(actor, "export.withdrawn", "export", export_id, count=row["total"])


async def begin(session: Session) -> None:
    """One more waits to be made: with no other before it, it has its turn."""
    await _county_alone(session)
    if await session.fetchval(_WAITING) == 1:
        await call_next(session)


async def call_next(session: Session) -> None:
    """One is done with: the county's next one has its turn."""
    await _county_alone(session)
    waiting = await session.fetchrow(
        "select e.id, e.by_id, a.name from export e join account a on a.tenant_id = e.tenant_id and a.id = e.by_id"
        " where e.state = 'waiting' order by e.id limit 1"
    )
    if waiting is not None:
        asker = (waiting["by_id"], waiting["name"])
        await enqueue(make_export, asker=asker, export_id=str(waiting["id"]))


@task("生成导出的表格", given_up=_lost, priority=BEHIND)
async def make_export(session: Session, export_id: str) -> str | None:
    """Make what was asked for, as the person who asked may see it now; what is refused ends with its sentence."""
    row = await session.fetchrow(
        "select id, kind, asked, purpose, day, by_id, total, mark, ending, agreed_by, agreed_name, held, acts_for from export"
        " where id = $1 and state = 'waiting' for update",
        UUID(export_id),
    )
    if row is None:
        return None
    await told(0, row["total"])
    try:
        async with session.savepoint():
            made = await _make(session, row)
    except DomainError as refused:
        await _end(session, row["id"], "refused", refused.sentence)
        return refused.sentence
    if not made:
        return "名单有变化，等另一位同志同意。"
    await told(row["total"], row["total"])
    return "已生成，由提出的人在“导出的表格和文书”下载。"


async def _make(session: Session, row: asyncpg.Record) -> bool:
    """Whether it was: a list that is no longer the one which may be made waits for a second person instead."""
    kind = KINDS[row["kind"]]
    actor, asked = await _actor(row), msgspec.json.decode(row["asked"], type=kind.asked)
    if kind.extent is not None:
        now = await kind.extent(actor, asked)
        if why := await _may_not(row, now):
            await _ask_again(session, row["id"], now, why)
            await tell_others(actor, kind, row["id"], now, row["day"])
            return False
    agreed = f"（{row['agreed_name']}同意）" if row["agreed_name"] else ""
    made = await kind.file(
        actor, Wish(asked, row["purpose"] + agreed, row["day"], row["ending"], row["total"])
    )
    await session.execute(
        "update export set name = $2, content = $3 where id = $1",
        row["id"], f"{kind.title}-{row['day']:%Y%m%d}.{made.ending}", vault().seal(CONTENT_FIELD, made.content),
    )  # fmt: skip
    await _end(session, row["id"], "done", "")
    return True


async def _may_not(row: asyncpg.Record, now: Extent) -> str:
    """Why this list, as it is now, may not be made: other people than were agreed to, or more than one exports alone."""
    if now.mark == row["mark"]:
        return ""
    if row["agreed_by"] is not None:
        return (
            f"{row['agreed_name']}同意的是当时的 {row['total']} 人；生成之前名单有变化，现在是 {now.total} 人。"
            "同意只对当时的名单有效，须重新同意。"
        )
    return await too_many(row["by_id"], now, row["id"])


async def _ask_again(session: Session, export_id: UUID, now: Extent, why: str) -> None:
    await session.execute(
        "update export set total = $2, mark = $3, agreed_by = null, agreed_name = '' where id = $1",
        export_id, now.total, now.mark,
    )  # fmt: skip
    await _end(session, export_id, "asked", why)


async def _actor(row: asyncpg.Record) -> Actor:
    """Who has asked, with no more than he might then: a program's token says less than its owner may."""
    found = await asking(row["by_id"], row["acts_for"], row["day"])
    return found.only(msgspec.json.decode(row["held"], type=Held)) if row["held"] else found


async def _end(session: Session, export_id: UUID, state: str, sentence: str) -> None:
    row = await session.fetchrow(
        "update export set state = $2, sentence = $3 where id = $1 returning by_id, kind",
        export_id,
        state,
        sentence,
    )
    if row is not None:
        what = f"{state}:{KINDS[row['kind']].title}"
        await tell(row["by_id"], [Found(kind="export", occasion=f"export:{export_id}:{state}", what=what)])
    await call_next(session)


async def forget_old_exports(session: Session) -> None:
    """Drop what was asked for more than a day ago. Where one of them has waited so long (its county was suspended), the next has
    its turn: nobody would call it any more."""
    await _county_alone(session)
    gone = await session.fetch(
        f"delete from export where at < now() - interval '{KEPT}' returning state = 'waiting' waited"
    )
    if any(row["waited"] for row in gone):
        await call_next(session)


async def _county_alone(session: Session) -> None:
    """Who ends one and who asks for one must see each other, or nobody calls the next."""
    await session.execute(
        "select pg_advisory_xact_lock(hashtextextended('export' || $1, 0))", str(session.county_id)
    )
