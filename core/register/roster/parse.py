"""From the uploaded workbook to a preview: run by a task, or at once for a small file."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date
from uuid import UUID

import msgspec

from core.bulk import by_parts, insert_many
from core.database import execute, fetchval
from core.errors import Invalid
from core.progress import heard
from core.register.model import Ties
from core.register.roster.batch import CONTENT_FIELD, Batch, Columns, drop_content, load_batch
from core.register.roster.judge import Ground, Verdict, counted, ground_of
from core.register.roster.likeness import with_likeness
from core.register.roster.match import is_branch
from core.register.roster.reading import read_apart
from core.register.roster.rows import ROW_FIELD, kept
from core.register.roster.sheet import Roster
from core.register.roster.taught import taught_at
from core.secrecy import vault

_COLUMNS = ("batch_id", "number", "action", "name", "unit_id", "person_id", "changes", "errors", "payload")


async def parse(batch_id: UUID, today: date, ties: Ties) -> Batch:
    """Read and judge an uploaded batch; it ends as parsed (with counts) or refused (with a sentence).

    Running it again on a batch that is not `uploaded` changes nothing, so a task may be delivered twice.
    """
    batch = await load_batch(batch_id, lock=True)
    if batch is None:
        raise LookupError(f"no import batch {batch_id}")
    if batch.state != "uploaded":
        return batch
    into_branch, taught = await is_branch(batch.unit_id), await taught_at(batch.path)
    try:
        roster = await heard(read_apart(await _content(batch_id), into_branch=into_branch, taught=taught))
    except Invalid as refusal:
        await _end(batch_id, "refused", refusal.sentence)
        await drop_content(batch_id)
    else:
        await _keep(batch, roster, await ground_of(roster.rows, batch.path, today, ties))
    return await _again(batch_id)


async def _content(batch_id: UUID) -> bytes:
    sealed = await fetchval("select content from import_batch where id = $1", batch_id)
    return vault().open(CONTENT_FIELD, sealed)


async def _keep(batch: Batch, roster: Roster, ground: Ground) -> None:
    counts = Counter[str]()

    async def enter(verdicts: list[Verdict]) -> None:
        counts.update(one.action for one in verdicts)
        told = await with_likeness(verdicts, batch.path)
        records = await asyncio.to_thread(lambda: [_record(batch.id, one, roster.names) for one in told])
        await insert_many("import_row", _COLUMNS, records)

    await by_parts(roster.rows, ground.judging, enter)
    columns = Columns(roster.read, roster.ignored, roster.unread, roster.sheets, roster.headings)
    await execute(
        "update import_batch set counts = $2, columns = $3 where id = $1",
        batch.id, counted(counts), msgspec.json.encode(columns).decode(),
    )  # fmt: skip
    if roster.refusal:
        await _end(batch.id, "refused", roster.refusal)
    else:
        await _end(batch.id, "parsed")


def _record(batch_id: UUID, verdict: Verdict, names: dict[str, str]) -> tuple[object, ...]:
    payload = None
    if verdict.action in ("new", "changed"):
        payload = vault().seal(ROW_FIELD, kept(verdict.given))
    told = [
        msgspec.structs.replace(fault, column=names.get(fault.column, fault.column))
        for fault in (*verdict.faults, *verdict.remarks)
    ]
    errors = msgspec.json.encode(told).decode()
    return (
        batch_id, verdict.given.number, verdict.action, verdict.given.name, verdict.unit_id, verdict.person_id,
        verdict.changes, errors, payload,
    )  # fmt: skip


async def _end(batch_id: UUID, state: str, refusal: str | None = None) -> None:
    await execute("update import_batch set state = $2, refusal = $3 where id = $1", batch_id, state, refusal)


async def _again(batch_id: UUID) -> Batch:
    batch = await load_batch(batch_id)
    assert batch is not None
    return batch
