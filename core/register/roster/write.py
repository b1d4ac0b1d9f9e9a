"""Writing a confirmed roster into the register: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from core.bulk import by_parts, rows_beside
from core.database import execute, fetch
from core.quotas.room import Full, make_room
from core.register.columns import DIFFERING, WRITTEN, columns_of
from core.register.model import Ties
from core.register.roster.batch import Batch, load_batch
from core.register.roster.judge import Verdict, counted, judge
from core.register.roster.rows import ROW_FIELD, SHEET, Given, restored
from core.secrecy import vault

GIVEN = ("unit_id", "path", *WRITTEN)
"""The columns of a person that a roster writes."""


class Applied(NamedTuple):
    """The batch as it has ended, and what was written: nothing when it was refused, or was not `confirmed`."""

    batch: Batch
    written: tuple[Verdict, ...] = ()

    def changed(self, *fields: str) -> list[UUID]:
        """The people known before in whom one of these fields (or `unit`) has changed; anything, if none is named."""
        known = ((one.person_id, one.changes) for one in self.written)
        return [who for who, changes in known if who is not None and (not fields or {*fields} & {*changes})]


async def write(batch_id: UUID, today: date, ties: Ties) -> Applied:
    """Enter and change the people of a confirmed batch, in the name of who confirmed it. Their cases: changes.roster.

    Everything is judged again first. If meanwhile a row can no longer be taken, nobody is written and the batch ends as
    refused, with the row and the reason. Running it again on a batch that is not `confirmed` changes nothing.
    """
    batch = await load_batch(batch_id, lock=True)
    if batch is None:
        raise LookupError(f"no import batch {batch_id}")
    if batch.state != "confirmed":
        return Applied(batch)
    verdicts = await judge(await _given(batch_id), batch.path, today, ties, lock=True)
    wrong = next((verdict for verdict in verdicts if verdict.action == "error"), None)
    written = () if wrong else tuple(verdict for verdict in verdicts if verdict.action != "same")
    refusal = _refusal(wrong) if wrong else await _no_room(written)
    if refusal:
        await execute(
            "update import_batch set state = 'refused', refusal = $2 where id = $1", batch_id, refusal
        )
    else:
        await _write(written, batch)
        # What has been written, which is not what was foreseen where another import came in between.
        await execute(
            "update import_batch set state = 'applied', applied_at = now(), counts = $2 where id = $1",
            batch_id, counted(verdicts),
        )  # fmt: skip
    await execute("delete from import_row where batch_id = $1", batch_id)
    ended = await load_batch(batch_id)
    assert ended is not None
    return Applied(ended, written)


async def _given(batch_id: UUID) -> tuple[Given, ...]:
    rows = await fetch(
        "select payload from import_row where batch_id = $1 and payload is not null order by number", batch_id
    )
    safe = vault()
    return tuple(restored(safe.open(ROW_FIELD, row["payload"])) for row in rows)


async def _no_room(written: Sequence[Verdict]) -> str:
    """Why so many new people are too many; "" where there is room."""
    try:
        await make_room("people", sum(one.person_id is None for one in written))
    except Full as full:
        return f"{full.sentence}整份名册都没有写入，提高上限以后请重新上传。"
    return ""


def _refusal(wrong: Verdict) -> str:
    fault = wrong.faults[0]
    return (
        f"预览之后登记有了变化，第 {wrong.given.number % SHEET} 行（{wrong.given.name}）不能再导入：{fault.sentence}"
        "整份名册都没有写入。请重新上传。"
    )


async def _write(verdicts: Sequence[Verdict], batch: Batch) -> None:
    async def enter(records: list[tuple[object, ...]]) -> None:
        async with rows_beside("person", ("id", *GIVEN), records) as roster:
            await _insert(roster, GIVEN, batch)
            await _update(roster, GIVEN, batch)

    await by_parts(verdicts, _record, enter)


def _record(verdict: Verdict) -> tuple[object, ...]:
    assert verdict.draft is not None
    columns = {"unit_id": verdict.unit_id, "path": verdict.path, **columns_of(verdict.draft)}
    return (verdict.person_id, *(columns[name] for name in GIVEN))


async def _insert(roster: str, names: Sequence[str], batch: Batch) -> None:
    listed = ", ".join(names)
    await execute(
        f"""with entered as (insert into person ({listed}) select {listed} from {roster}
                             where id is null order by nth returning id)
                 , kept as (insert into import_was (batch_id, person_id) select $1, id from entered)
            insert into person_change (person_id, kind, detail, by_id, by_name)
            select id, 'entered', jsonb_build_object('batch', $1::uuid), $2, $3 from entered""",
        batch.id, batch.confirmed_id, batch.confirmed_name,
    )  # fmt: skip


async def _update(roster: str, names: Sequence[str], batch: Batch) -> None:
    sets = ", ".join(f"{name} = r.{name}" for name in names)
    await execute(
        f"""with was as (insert into import_was (batch_id, person_id, was)
                         select $1, p.id, to_jsonb(p) from person p join {roster} r on r.id = p.id),
                 changed as (update person p set {sets}, version = version + 1 from {roster} r
                             where p.id = r.id returning p.id, {DIFFERING} fields)
            insert into person_change (person_id, kind, detail, by_id, by_name)
            select id, 'corrected', jsonb_build_object('batch', $1::uuid, 'fields', fields), $2, $3 from changed""",
        batch.id, batch.confirmed_id, batch.confirmed_name,
    )  # fmt: skip
