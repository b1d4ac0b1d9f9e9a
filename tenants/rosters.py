"""Rosters in a county: what a person uploads and confirms is read and written by tasks."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.changes import roster
from core.register.roster import batch
from core.register.roster import teach as teaching
from core.register.roster.teach import Answers
from tenants.database.session import Session
from tenants.policies.regimes import regime_of_path
from tenants.queue.outbox import enqueue
from tenants.queue.run import Ended, task


async def upload(actor: Actor, unit_id: UUID, filename: str, content: bytes, today: date) -> UUID:
    """Take in a roster for the units below `unit_id` (register.roster.batch.upload); a task reads it into its preview."""
    batch_id = await batch.upload(actor, unit_id, filename, content)
    await enqueue(parse_roster, batch_id=str(batch_id), today=today.isoformat())
    return batch_id


async def teach(actor: Actor, batch_id: UUID, answers: Answers, today: date) -> batch.Batch:
    """Remember what headings and words mean (register.roster.teach.teach); a task reads the roster again."""
    taught = await teaching.teach(actor, batch_id, answers)
    await enqueue(parse_roster, batch_id=str(batch_id), today=today.isoformat())
    return taught


async def confirm(actor: Actor, batch_id: UUID, today: date) -> batch.Batch:
    """Say that a parsed roster is to be written (register.roster.batch.confirm); a task writes it."""
    confirmed = await batch.confirm(actor, batch_id)
    await enqueue(apply_roster, batch_id=str(batch_id), today=today.isoformat())
    return confirmed


async def undo(actor: Actor, batch_id: UUID, today: date) -> batch.Batch:
    """Say that an applied roster is to be undone (changes.roster.ask_undo); a task does it."""
    asked = await roster.ask_undo(actor, batch_id)
    await enqueue(undo_roster, batch_id=str(batch_id), today=today.isoformat())
    return asked


async def _batch_lost(session: Session, batch_id: str, today: str, ended: Ended) -> None:
    await batch.give_up(UUID(batch_id), ended=ended)


@task("读取上传的名册", given_up=_batch_lost, asked=True)
async def parse_roster(session: Session, batch_id: str, today: str) -> None:
    """Read an uploaded roster into its preview."""
    await roster.read(UUID(batch_id), date.fromisoformat(today))


@task("写入已确认的名册", given_up=_batch_lost, asked=True)
async def apply_roster(session: Session, batch_id: str, today: str) -> None:
    """Write a confirmed roster into the register, all of it or nothing."""
    await roster.apply(UUID(batch_id), date.fromisoformat(today), regime_of_path)


@task("撤销已生效的名册导入", given_up=_batch_lost, asked=True)
async def undo_roster(session: Session, batch_id: str, today: str) -> None:
    """Undo an applied roster, all of it or nothing."""
    await roster.undo(UUID(batch_id), date.fromisoformat(today), regime_of_path)
