"""Writing one entry into a case that is locked, and telling what was written since somebody looked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.model import EntryView, Evidence, LoadedCase
from core.database import fetchrow, fetchval
from core.errors import Conflict, Invalid, Stale
from dangwu import LEVELS as TITLES
from dangwu import Regime, explain

KINDS = {
    "record": "记录了",
    "supplement": "补充了",
    "correction": "更正了",
    "correction-request": "请求更正",
    "correction-granted": "同意更正",
    "correction-refused": "没有同意更正",
    "strike": "撤销了误记的",
    "strike-request": "请求撤销误记的",
    "return": "退回到",
    "exception": "同意例外办理",
    "facts": "变更了人员情况",
    "end": "终止了办理",
    "reopening": "恢复了办理",
    "note": "写了备注",
}
"""Every kind of entry, as a line about one says it."""

LARGEST_EVIDENCE = 64 * 1024
"""Bytes as JSON: what is written can never be removed, and every look at the case reads it."""


class NewEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What is written: see EntryView."""

    kind: str
    day: date
    entered: date
    level: str
    step: str | None = None
    evidence: Evidence = msgspec.field(default_factory=dict)
    note: str = ""
    attachments: Sequence[UUID] = ()
    about: UUID | None = None
    asks: str | None = None
    activity: UUID | None = None
    place: str = ""
    """The path of the unit at which it was done, where that is not the case's own."""


def refuse_stale(case: LoadedCase, seen_version: int, regime: Regime) -> None:
    """Raise Stale when entries were made after `seen_version`; what the person typed stays with the caller."""
    if case.version == seen_version:
        return
    changes = tuple(told(entry, regime) for entry in case.entries if entry.seq > seen_version)
    raise Stale(
        "您打开这一页之后，这份档案又有了新的记录。请看过新的记录，再决定是否按您填写的内容保存。",
        changes=changes,
    )


def told(entry: EntryView, regime: Regime) -> str:
    """One line about an entry: 李某（党支部）记录了“公示”，2026-06-01。"""
    what = KINDS[entry.kind] + (f"“{explain.title(regime, entry.step)}”" if entry.step else "")
    return f"{entry.by_name}（{TITLES[entry.level]}）{what}，{entry.day}。"


def refuse_ended(case: LoadedCase) -> None:
    """Raise Conflict for a case that is no longer running."""
    if case.status != "running":
        how = "已经办结" if case.status == "completed" else "已经终止"
        raise Conflict(f"{case.person_name}的这份档案{how}，不能再写入。需要再办的，请另外开始办理。")


def encoded(evidence: Evidence) -> str:
    """Evidence as JSON. Raises Invalid for more than anybody fills in."""
    found = msgspec.json.encode(evidence)
    if len(found) > LARGEST_EVIDENCE:
        raise Invalid(
            "填写的内容太多，不能记入档案。请只填写这一环节要求的内容，详细材料作为附件上传。",
            code="evidence-size",
        )
    return found.decode()


async def insert_entry(actor: Actor, case: LoadedCase, entry: NewEntry) -> EntryView:
    """Write it as the case's next entry; the case must be locked. Raises Invalid for more than anybody fills in."""
    evidence = encoded(entry.evidence)
    unit = _unit_of(actor, entry.place or case.path, entry.level)
    row = await fetchrow(
        """insert into case_entry (case_id, seq, kind, step, day, entered, evidence, note, attachments, level, about, asks,
                                   by_id, by_name, by_unit_id, activity_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) returning id, at""",
        case.id, case.version + 1, entry.kind, entry.step, entry.day, entry.entered,
        evidence, entry.note, list(entry.attachments), entry.level, entry.about, entry.asks,
        actor.id, actor.name, unit, entry.activity,
    )  # fmt: skip
    assert row is not None
    return EntryView(
        id=row["id"], seq=case.version + 1, kind=entry.kind, step=entry.step, day=entry.day, entered=entry.entered,
        evidence=dict(entry.evidence), note=entry.note, attachments=tuple(entry.attachments), level=entry.level,
        by_id=actor.id, by_name=actor.name, by_unit_id=unit, at=row["at"],
        about=entry.about, asks=entry.asks, activity=entry.activity,
    )  # fmt: skip


async def refuse_strange_attachments(case_id: UUID, attachments: Sequence[UUID]) -> None:
    """Raise Invalid when one of the attachments does not belong to this case."""
    if not attachments:
        return
    known = await fetchval(
        "select count(*) from attachment where case_id = $1 and id = any($2)", case_id, list(attachments)
    )
    if known != len(set(attachments)):
        raise Invalid(
            "有附件不属于这份档案。请在这份档案中重新上传。", fields={"attachments": "请重新上传附件。"}
        )


def _unit_of(actor: Actor, path: str, level: str) -> UUID | None:
    held = [one for one in actor.holdings if one.level == level and path.startswith(one.path)]
    return max(held, key=lambda one: len(one.path)).unit_id if held else None
