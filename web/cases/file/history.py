"""Every entry of a case in words: what was recorded, by whom, and whether it still counts."""

from __future__ import annotations

from collections.abc import Set
from datetime import date, datetime
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.acts.agree import pending
from core.casework.acts.entries import KINDS
from core.casework.acts.wrong import may_mend
from core.casework.levels import levels_before
from core.casework.model import EntryView, Evidence
from core.casework.said import Pairs, whole
from core.casework.stored import is_struck, record_of, valid
from dangwu import explain
from tenants.policies.tags import tag_title
from web.cases.file.excepted import agreed
from web.cases.file.opened import CaseFile
from web.kit.casework import LEVELS


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
    activity: UUID | None
    """The meeting at which it was done."""
    counts: bool | None
    returned: bool
    """The case has been sent back since."""
    struck: bool
    """It was struck out as made by mistake."""
    corrected: bool
    """Another entry stands in its place."""
    may_correct: bool
    waits: bool
    """A request that nobody has answered."""


DATED = ("record", "supplement", "correction", "correction-request", "strike", "strike-request")
"""The kinds of entries that say on which day something was done, and what."""


def history(file: CaseFile, actor: Actor) -> list[Told]:
    """All entries, newest first."""
    counted = {record.id for records in file.records.values() for record in records}
    waiting = {one.id for one in pending(file.detail.entries)}
    return [_told(file, entry, counted, waiting, actor) for entry in reversed(file.detail.entries)]


def _may_correct(actor: Actor, file: CaseFile, entry: EntryView) -> bool:
    """Whether it is his to put right: he has not acted at another level of this case, which goes on."""
    elsewhere = levels_before(actor, file.detail.entries) - {entry.level}
    return not elsewhere and not file.standing.ended and may_mend(actor, file.matter, entry, file.judged.day)


def _told(file: CaseFile, entry: EntryView, counted: Set[str], waiting: Set[UUID], actor: Actor) -> Told:
    recorded = entry.kind in ("record", "supplement")
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
        parts=_parts(file, entry),
        attachments=entry.attachments,
        activity=entry.activity,
        counts=str(entry.id) in counted if recorded else None,
        returned=any(one.kind == "return" and one.seq > entry.seq for one in file.detail.entries),
        struck=recorded and is_struck(file.detail.entries, entry.id),
        corrected=recorded and valid(file.detail.entries, entry) is not entry,
        may_correct=recorded and _may_correct(actor, file, entry),
        waits=entry.id in waiting,
    )


def _parts(file: CaseFile, entry: EntryView) -> list[tuple[str, Pairs]]:
    """What an entry says."""
    if entry.kind in DATED and entry.about is None and entry.kind not in ("record", "supplement"):
        was = entry.evidence.get("was")
        return [("", [("纸质档案", f"原来写的是 {was}" if was else "没有办过这一环节")])]
    if entry.kind in DATED:
        return whole(file.regime, record_of(entry).evidence)
    if entry.kind == "exception":
        return [("", agreed(file.matter, entry))]
    if entry.kind == "end":
        ending = file.matter.plan.procedure.ends.get(str(entry.evidence["reason"]))
        return [("", [("原因", ending.title)])] if ending else []
    return _facts(file, entry.evidence) if entry.kind == "facts" else []


def _facts(file: CaseFile, evidence: Evidence) -> list[tuple[str, Pairs]]:
    found: Pairs = []
    if evidence.get("tags") is not None:
        found.append(
            ("本人情况", "、".join(tag_title(tag) for tag in evidence["tags"]) or "没有需要注明的情况")
        )
    for name, day in (evidence.get("dates") or {}).items():
        found.append((f"{explain.title(file.regime, name)}日期", str(day)))
    for name, years in (evidence.get("plans") or {}).items():
        listed = "、".join(f"{year} 年" for year in years)
        found.append((f"列入{explain.title(file.regime, name)}", listed or "没有列入"))
    return [("", found)] if found else []
