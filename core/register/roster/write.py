"""Writing a confirmed roster into the register: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from core.bulk import by_parts, rows_beside
from core.database import execute, fetch
from core.quotas.room import Full, make_room
from core.register.columns import DIFFERING, WRITTEN, columns_of
from core.register.model import Ties
from core.register.roster.batch import Batch, load_batch
from core.register.roster.judge import Ground, Verdict, counted, ground_of
from core.register.roster.rows import ROW_FIELD, SHEET, Given, Packed
from core.secrecy import vault

GIVEN = ("unit_id", "path", *WRITTEN)
"""The columns of a person that a roster writes."""


class Applied(NamedTuple):
    """The batch as it has ended; person known before → the fields (and `unit`) that were changed: none where it was refused, or
    was not `confirmed`."""

    batch: Batch
    changes: Mapping[UUID, Collection[str]] = MappingProxyType({})

    def changed(self, field: str) -> list[UUID]:
        """The people known before in whom this field (or `unit`) has changed."""
        return [one for one, fields in self.changes.items() if field in fields]


class Wrong(Exception):
    """A row can no longer be taken."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__()
        self.verdict = verdict


class Between(Exception):
    """Somebody of the roster was entered while it was being written: nobody keeps him as he is. It is begun anew (the queue)."""


async def write(batch_id: UUID, today: date, ties: Ties) -> Applied:
    """Enter and change the people of a confirmed batch, in the name of who confirmed it. Their cases: changes.roster.

    Everything is judged again, part by part while the last one is written. If meanwhile a row can no longer be taken, nobody is
    written and the batch ends as refused, with the row and the reason. Running it again on a batch that is not `confirmed`
    changes nothing. Raises Between.
    """
    batch = await load_batch(batch_id, lock=True)
    if batch is None:
        raise LookupError(f"no import batch {batch_id}")
    if batch.state != "confirmed":
        return Applied(batch)
    rows = await _given(batch_id)
    ground = await ground_of(rows, batch.path, today, ties, lock=True)
    refusal = await _no_room(ground.unknown)
    writing = _Writing(batch, ground, only_judges=bool(refusal))
    await execute("savepoint roster")
    try:
        await by_parts(rows, writing.judging, writing.enter)
    except Wrong as wrong:
        refusal = _refusal(wrong.verdict)
        await execute("rollback to savepoint roster")
    changes = {} if refusal else writing.changes
    if refusal:
        await execute(
            "update import_batch set state = 'refused', refusal = $2 where id = $1", batch_id, refusal
        )
    else:
        # What has been written, which is not what was foreseen where another import came in between.
        await execute(
            "update import_batch set state = 'applied', applied_at = now(), counts = $2 where id = $1",
            batch_id, counted(writing.counts),
        )  # fmt: skip
    await execute("delete from import_row where batch_id = $1", batch_id)
    ended = await load_batch(batch_id)
    assert ended is not None
    return Applied(ended, changes)


async def _given(batch_id: UUID) -> Packed:
    rows = await fetch(
        "select payload from import_row where batch_id = $1 and payload is not null order by number", batch_id
    )
    safe = vault()
    return Packed([row["payload"] for row in rows], lambda sealed: safe.open(ROW_FIELD, sealed))


async def _no_room(new: int) -> str:
    """Why so many new people are too many; "" where there is room."""
    try:
        await make_room("people", new)
    except Full as full:
        return f"{full.sentence}整份名册都没有写入，提高上限以后请重新上传。"
    return ""


def _refusal(wrong: Verdict) -> str:
    fault = wrong.faults[0]
    return (
        f"预览之后登记有了变化，第 {wrong.given.number % SHEET} 行（{wrong.given.name}）不能再导入：{fault.sentence}"
        "整份名册都没有写入。请重新上传。"
    )


_Judged = tuple[Verdict, tuple[object, ...] | None]


class _Writing:
    """Rows on their way into the register, part by part; `only_judges`: nothing is written, a wrong row is said all the same."""

    def __init__(self, batch: Batch, ground: Ground, *, only_judges: bool) -> None:
        self.counts = Counter[str]()
        self.changes: dict[UUID, tuple[str, ...]] = {}
        self._batch, self._ground, self._only_judges = batch, ground, only_judges

    async def judging(self, rows: Sequence[Given]) -> Callable[[], list[_Judged]]:
        """How it is found what these would do, and what is written then."""
        judged = await self._ground.judging(rows)

        def made() -> list[_Judged]:
            verdicts = judged()
            if not self._ground.known.issuperset(one.person_id for one in verdicts if one.person_id):
                raise Between
            return [(one, _record(one) if one.action in ("new", "changed") else None) for one in verdicts]

        return made

    async def enter(self, part: Sequence[_Judged]) -> None:
        """Write a part. Raises Wrong for the first row of it that cannot be taken."""
        for verdict, record in part:
            if verdict.action == "error":
                raise Wrong(verdict)
            self.counts[verdict.action] += 1
            if record is not None and verdict.person_id is not None:
                self.changes[verdict.person_id] = verdict.changes
        records = [record for _, record in part if record is not None]
        if records and not self._only_judges:
            async with rows_beside("person", ("id", *GIVEN), records) as roster:
                await _insert(roster, GIVEN, self._batch)
                await _update(roster, GIVEN, self._batch)


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
