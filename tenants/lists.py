"""Lists of organisations in a county: what a person uploads and confirms is written by a task."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.changes.units import batch
from core.errors import DomainError
from tenants.accounts.deputies import asking
from tenants.database.session import Session
from tenants.queue.outbox import enqueue
from tenants.queue.run import Ended, task


async def confirm(actor: Actor, list_id: UUID, today: date) -> batch.UnitList:
    """Say that a list is to be written (changes.units.batch.confirm); a task writes it."""
    confirmed = await batch.confirm(actor, list_id)
    await enqueue(apply_units, list_id=str(list_id), today=today.isoformat())
    return confirmed


LOST: dict[Ended, str] = {
    "failed": "写入这份表格时多次出错，没有完成，组织没有任何改动。请联系平台运行维护人员。",
    "killed": "写入这份表格两次使后台程序意外中断，已搁置，组织没有任何改动。请联系平台运行维护人员。",
    "cancelled": "写入这份表格已被取消，组织没有任何改动。需要时请重新上传。",
}


async def _lost(session: Session, list_id: str, today: str, ended: Ended) -> None:
    await batch.refuse(UUID(list_id), LOST[ended])


@task("写入已确认的党组织表", given_up=_lost, asked=True)
async def apply_units(session: Session, list_id: str, today: str) -> None:
    """Write a confirmed list into the tree, all of it or nothing."""
    found = await batch.load_list(UUID(list_id), lock=True)
    if found is None or found.state != "confirmed":
        return
    try:
        async with session.savepoint():
            await _write(found, date.fromisoformat(today))
    except DomainError as refused:
        await batch.refuse(found.id, f"{refused.sentence}整份都没有写入。")


async def _write(found: batch.UnitList, today: date) -> None:
    assert found.confirmed_id is not None
    await batch.write(await asking(found.confirmed_id, found.confirmed_for, today), found, today)
