"""From rows to the contract's Case: two queries, however many cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record as Row

from core.casework.model import EntryView, LoadedCase
from core.database import fetch
from dangwu.case import Case, Entry, Facts, Record, Return, Subject

_dates = msgspec.json.Decoder(dict[str, date])
_evidence = msgspec.json.Decoder(dict[str, Any])

CASE_COLUMNS = """c.id, c.procedure, c.person_id, c.person_name, c.unit_id, c.path, c.started, c.tags, c.dates, c.given,
    c.version, c.status, c.stage, p.born"""


class _Facts(msgspec.Struct):
    tags: frozenset[str] | None = None
    dates: dict[str, date] | None = None


async def load(condition: str, *args: object, lock: bool = False) -> list[LoadedCase]:
    """The cases for which `condition` (on case_file c) holds, with their entries. `lock` keeps them for this transaction."""
    rows = await fetch(
        f"select {CASE_COLUMNS} from case_file c join person p on p.id = c.person_id where {condition} order by c.id"
        + (" for update of c" if lock else ""),
        *args,
    )
    entries = await _entries([row["id"] for row in rows])
    return [_loaded(row, entries.get(row["id"], ())) for row in rows]


async def load_one(case_id: UUID, *, lock: bool = False) -> LoadedCase | None:
    """One case, or None."""
    found = await load("c.id = $1", case_id, lock=lock)
    return found[0] if found else None


async def _entries(case_ids: Sequence[UUID]) -> dict[UUID, list[EntryView]]:
    rows = await fetch(
        """select case_id, id, seq, kind, step, day, entered, evidence, note, attachments, level, by_id, by_name,
                  by_unit_id, at from case_entry where case_id = any($1) order by case_id, seq""",
        case_ids,
    )
    found: dict[UUID, list[EntryView]] = {}
    for row in rows:
        found.setdefault(row["case_id"], []).append(_entry_view(row))
    return found


def _entry_view(row: Row) -> EntryView:
    return EntryView(
        id=row["id"], seq=row["seq"], kind=row["kind"], step=row["step"], day=row["day"], entered=row["entered"],
        evidence=_evidence.decode(row["evidence"]), note=row["note"], attachments=tuple(row["attachments"]),
        level=row["level"], by_id=row["by_id"], by_name=row["by_name"], by_unit_id=row["by_unit_id"], at=row["at"],
    )  # fmt: skip


def _loaded(row: Row, entries: Iterable[EntryView]) -> LoadedCase:
    views = tuple(entries)
    case = Case(
        subject=Subject(row["born"], frozenset(row["tags"]), _dates.decode(row["dates"])),
        entries=tuple(entry for view in views if (entry := contract_entry(view)) is not None),
        procedure=row["procedure"],
        given=_dates.decode(row["given"]),
    )
    return LoadedCase(
        id=row["id"], procedure=row["procedure"], person_id=row["person_id"], person_name=row["person_name"],
        unit_id=row["unit_id"], path=row["path"], started=row["started"], born=row["born"], version=row["version"],
        status=row["status"], stage=row["stage"], entries=views, case=case,
    )  # fmt: skip


def contract_entry(view: EntryView) -> Entry | None:
    """An entry as the contract knows it; a note is nothing to it."""
    if view.kind == "record":
        return Record.of(view.step or "", view.day, view.evidence, entered=view.entered, id=str(view.id))
    if view.kind == "return":
        return Return(view.step or "", view.day)
    if view.kind == "facts":
        given = msgspec.convert(view.evidence, _Facts)
        return Facts(view.day, given.tags, given.dates)
    return None
