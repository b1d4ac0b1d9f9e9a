"""Every entry of a case in words: what was recorded, by whom, and whether it still counts."""

from __future__ import annotations

from collections.abc import Set
from datetime import date, datetime
from uuid import UUID

import msgspec

from core.casework.acts.entries import KINDS
from core.casework.model import EntryView, Evidence
from dangwu import Record, explain
from web.cases.file.opened import CaseFile
from web.cases.said import Pairs, whole
from web.kit.casework import LEVELS
from web.kit.tags import tag_title


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as the history shows it, newest first; `counts` None where the question does not arise."""

    id: UUID
    seq: int
    kind: str
    step: str
    heading: str
    day: date
    entered: date
    at: datetime
    by_name: str
    level: str
    note: str
    parts: list[tuple[str, Pairs]]
    attachments: tuple[UUID, ...]
    counts: bool | None


def history(file: CaseFile) -> list[Told]:
    """All entries, newest first."""
    counted = {record.id for records in file.records.values() for record in records}
    typed = {one.id: one for one in file.detail.case.entries if isinstance(one, Record)}
    return [_told(file, entry, typed.get(str(entry.id)), counted) for entry in reversed(file.detail.entries)]


def _told(file: CaseFile, entry: EntryView, record: Record | None, counted: Set[str]) -> Told:
    step = explain.title(file.regime, entry.step) if entry.step else ""
    return Told(
        id=entry.id,
        seq=entry.seq,
        kind=entry.kind,
        step=entry.step or "",
        heading=KINDS[entry.kind] + (f"“{step}”" if step else ""),
        day=entry.day,
        entered=entry.entered,
        at=entry.at,
        by_name=entry.by_name,
        level=LEVELS.get(entry.level, entry.level),
        note=entry.note,
        parts=whole(file.regime, record.evidence)
        if record
        else _facts(file, entry.evidence)
        if entry.kind == "facts"
        else [],
        attachments=entry.attachments,
        counts=str(entry.id) in counted if entry.kind == "record" else None,
    )


def _facts(file: CaseFile, evidence: Evidence) -> list[tuple[str, Pairs]]:
    found: Pairs = []
    if evidence.get("tags") is not None:
        found.append(
            ("本人情况", "、".join(tag_title(tag) for tag in evidence["tags"]) or "没有需要注明的情况")
        )
    for name, day in (evidence.get("dates") or {}).items():
        found.append((f"{explain.title(file.regime, name)}日期", str(day)))
    return [("", found)] if found else []
