"""Recording an activity: one entry, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from core.activities.model import KINDS, ActivityDraft
from core.activities.roll import Entitled, roll_of
from core.actor import Actor
from core.database import execute, fetchval
from core.errors import Invalid
from core.organisation.access import access_unit
from core.organisation.model import UnitView, level_of
from core.text import one_line, refuse_future, remark
from dangwu import Family

MOST_PEOPLE = 5_000


class Counted(msgspec.Struct, frozen=True):
    """应到 and 实到 as they count, and what the register makes of the first."""

    eligible: int
    present: int
    reckoned: int | None
    why: str = ""


async def hold(actor: Actor, draft: ActivityDraft, today: date) -> tuple[UUID, Counted]:
    """Record an activity of a unit over which he holds `activity.record`; its id, and who counts.

    Raises NotFound, Forbidden, Invalid by field.
    """
    unit = await access_unit(actor, draft.unit_id, "activity.record")
    kind = _kind(draft, unit)
    refuse_future("day", "开会日期", draft.day, today)
    roll = await roll_of(unit.path, draft.day) if kind.members else []
    counted = count(draft, roll) if kind.counted else Counted(0, 0, None)
    activity_id: UUID = await fetchval(
        """insert into activity (kind, also, led_by, unit_id, path, day, place, chair, recorder, minutes, eligible, present,
                                 reckoned, why, by_id, by_name)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) returning id""",
        draft.kind, _also(draft, unit), draft.led_by, unit.id, unit.path, draft.day,
        _said("place", "地点", draft.place), _said("chair", "主持人", draft.chair),
        _said("recorder", "记录人", draft.recorder), remark(draft.minutes), counted.eligible, counted.present,
        counted.reckoned, counted.why, actor.id, actor.name,
    )  # fmt: skip
    await _write_roll(activity_id, draft, roll)
    return activity_id, counted


def count(draft: ActivityDraft, roll: Sequence[Entitled]) -> Counted:
    """Who counts: by the roll, else by what was typed. Raises Invalid for what does not go together."""
    entitled = {one.id for one in roll if not one.why_not}
    away = {one.person_id for one in draft.absences}
    if strange := away - entitled:
        raise Invalid(
            f"缺席名单里有 {len(strange)} 人不在应到名单上。请按这一天的应到名单重新填写。", code="roll"
        )
    if any(not one.reason.strip() for one in draft.absences):
        raise Invalid("缺席的人要写明原因。请补上缺席原因。", code="reason")
    if draft.eligible is not None and roll and draft.eligible != len(entitled) and not draft.why.strip():
        sentence = f"按名册应到 {len(entitled)} 人，您填的是 {draft.eligible} 人。请写明为什么不同。"
        raise Invalid(sentence, code="why", fields={"why": sentence})
    eligible = draft.eligible if draft.eligible is not None else len(entitled) if roll else None
    present = draft.present if draft.present is not None else len(entitled - away) if roll else None
    if eligible is None or present is None:
        raise Invalid(
            "请填写应到和实到的人数。", code="count", fields={"eligible": "请填写应到和实到的人数。"}
        )
    if not 0 < eligible <= MOST_PEOPLE or not 0 <= present <= eligible:
        sentence = f"应到 {eligible} 人、实到 {present} 人，人数不合。请核对。"
        raise Invalid(sentence, code="count", fields={"eligible": sentence})
    return Counted(eligible, present, len(entitled) if roll else None, draft.why.strip())


def kinds_at(level: str) -> dict[str, Family]:
    """The kinds of activities that a unit of this level records."""
    return {name: one for name, one in KINDS.items() if level in one.held}


def _also(draft: ActivityDraft, unit: UnitView) -> list[str]:
    """What else it was, of the kinds that the unit records."""
    known = kinds_at(level_of(unit.kind))
    if strange := [one for one in draft.also if one not in known]:
        sentence = f"{unit.short_name}没有“{strange[0]}”这一种活动。请重新选择。"
        raise Invalid(sentence, code="also", fields={"also": sentence})
    return sorted({*draft.also} - {draft.kind})


def _kind(draft: ActivityDraft, unit: UnitView) -> Family:
    kind = kinds_at(level_of(unit.kind)).get(draft.kind)
    if kind is None:
        raise Invalid(
            f"{unit.short_name}不开这一种会。请重新选择。", code="kind", fields={"kind": "请重新选择。"}
        )
    return kind


def _said(field: str, title: str, text: str) -> str:
    return one_line(field, title, text, most=100) if text.strip() else ""


async def _write_roll(activity_id: UUID, draft: ActivityDraft, roll: Sequence[Entitled]) -> None:
    away = {one.person_id: one for one in draft.absences}
    rows = [
        {"person_id": one.id, "name": one.name, "state": away[one.id].state if one.id in away else "present",
         "reason": away[one.id].reason.strip() if one.id in away else ""}
        for one in roll
        if not one.why_not
    ]  # fmt: skip
    await execute(
        """insert into attendance (activity_id, person_id, name, state, reason)
           select $1, n.person_id, n.name, n.state, n.reason
           from jsonb_to_recordset($2::jsonb) as n(person_id uuid, name text, state text, reason text)""",
        activity_id, msgspec.json.encode(rows).decode(),
    )  # fmt: skip
