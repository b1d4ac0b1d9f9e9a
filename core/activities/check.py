"""What a draft comes to: who counts, what the roll says; refused is what cannot be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import msgspec

from core.activities.asked import asked
from core.activities.model import KINDS, ActivityDraft, Attended, Content
from core.activities.roll import Entitled, roll_of
from core.errors import Invalid
from core.organisation.model import UnitView
from core.text import lines, one_line, refuse_future, tidy
from dangwu import Family, Regime

MOST_PEOPLE = 5_000
MOST_HOURS = 100
LONGEST_WHY = 200
LONGEST_AGENDA, LONGEST_MINUTES = 500, 5_000
FOUNDED = date(1921, 7, 1)
"""The founding of the Party: no activity of a Party organisation is older."""


class Counted(msgspec.Struct, frozen=True):
    """应到 and 实到 as they count, and what the register makes of the first."""

    eligible: int
    present: int
    reckoned: int | None
    why: str = ""


async def checked(
    draft: ActivityDraft, unit: UnitView, regime: Regime, today: date, already: Content | None = None
) -> tuple[Content, tuple[Attended, ...]]:
    """What the record says, and its roll; words that stand in it `already` may stay. Raises Invalid by field."""
    kind = _kind(draft, unit)
    _check_day(draft.day, unit, today)
    roll = await roll_of(unit, draft.day, draft.kind)
    counted = count(draft, roll) if kind.counted else Counted(0, 0, None)
    words = asked(regime, unit.kind, already)
    content = Content(
        kind=draft.kind,
        day=draft.day,
        also=_also(draft, unit),
        led_by="".join(_known("led_by", "讲课人职务", [draft.led_by] if draft.led_by else [], words.posts)),
        place=_said("place", "地点", draft.place),
        chair=_said("chair", "主持人", draft.chair),
        recorder=_said("recorder", "记录人", draft.recorder),
        agenda=lines("agenda", "议程", draft.agenda, most=LONGEST_AGENDA),
        minutes=lines("minutes", "活动内容", draft.minutes, most=LONGEST_MINUTES),
        hours=_hours(draft.hours),
        themes=_known("themes", "主题", draft.themes, words.themes),
        papers=_known("papers", "留存的材料", draft.papers, words.papers),
        **msgspec.structs.asdict(counted),
    )
    return content, attended(draft, roll)


def count(draft: ActivityDraft, roll: Sequence[Entitled]) -> Counted:
    """Who counts: by the roll, else by what was typed. Raises Invalid for what does not go together."""
    entitled = {one.id for one in roll if not one.why_not}
    away = {one.person_id for one in draft.absences}
    if strange := away - entitled:
        raise Invalid(
            f"缺席名单里有 {len(strange)} 人不在应到名单上。请按这一天的应到名单重新填写。", code="roll"
        )
    if any(not tidy(one.reason) for one in draft.absences):
        raise Invalid("缺席的人要写明原因。请补上缺席原因。", code="reason")
    why = one_line("why", "人数不同的原因", draft.why, most=LONGEST_WHY) if tidy(draft.why) else ""
    if draft.eligible is not None and roll and draft.eligible != len(entitled) and not why:
        sentence = f"按名册应到 {len(entitled)} 人，您填的是 {draft.eligible} 人。请写明为什么不同。"
        raise Invalid(sentence, code="why", fields={"why": sentence})
    eligible = draft.eligible if draft.eligible is not None else len(entitled) if roll else None
    present = draft.present if draft.present is not None else len(entitled - away) if roll else None
    if roll and eligible == len(entitled) and present != len(entitled - away) and not why:
        sentence = (
            f"按名册和缺席名单实到 {len(entitled - away)} 人，您填的是 {present} 人。请写明为什么不同。"
        )
        raise Invalid(sentence, code="why", fields={"why": sentence})
    if eligible is None or present is None:
        raise Invalid(
            "请填写应到和实到的人数。", code="count", fields={"eligible": "请填写应到和实到的人数。"}
        )
    if not 0 < eligible <= MOST_PEOPLE or not 0 <= present <= eligible:
        sentence = f"应到 {eligible} 人、实到 {present} 人，人数不符。请核对。"
        raise Invalid(sentence, code="count", fields={"eligible": sentence})
    return Counted(eligible, present, len(entitled) if roll else None, why)


def attended(draft: ActivityDraft, roll: Sequence[Entitled]) -> tuple[Attended, ...]:
    """The roll with how each did: whoever is not said to be away was there."""
    away = {one.person_id: one for one in draft.absences}
    return tuple(
        Attended(
            one.id, one.name, found.state, one_line("reason", "缺席原因", found.reason, most=LONGEST_WHY)
        )
        if (found := away.get(one.id))
        else Attended(one.id, one.name, "present", "")
        for one in roll
        if not one.why_not
    )


def kinds_of(unit: UnitView) -> dict[str, Family]:
    """The kinds of activities that a unit records."""
    return {name: one for name, one in KINDS.items() if unit.kind in one.held}


def too_early(day: date) -> str:
    """What is wrong with a day before any activity; "" where nothing is."""
    if day >= FOUNDED:
        return ""
    return f"活动日期 {day} 早于中国共产党成立（{FOUNDED.year} 年 {FOUNDED.month} 月）。请核对年份。"


def _check_day(day: date, unit: UnitView, today: date) -> None:
    refuse_future("day", "活动日期", day, today)
    if sentence := too_early(day):
        raise Invalid(sentence, code="day", fields={"day": sentence})
    if unit.dissolved and day > unit.dissolved:
        sentence = f"{unit.short_name}已于 {unit.dissolved} 撤销，不能记录这以后的活动。请核对日期和党组织。"
        raise Invalid(sentence, code="day", fields={"day": sentence})


def _hours(hours: float) -> float:
    if not 0 <= hours <= MOST_HOURS or hours * 2 != int(hours * 2):
        sentence = f"学时应在 0 到 {MOST_HOURS} 之间，以半学时为单位，例如 1.5。请核对。"
        raise Invalid(sentence, code="hours", fields={"hours": sentence})
    return hours


def _known(field: str, title: str, words: Collection[str], known: Mapping[str, str]) -> tuple[str, ...]:
    if strange := sorted({*words} - known.keys()):
        sentence = f"{title}“{strange[0][:60]}”不在现行政策列出的范围内。请重新选择。"
        raise Invalid(sentence, code=field, fields={field: sentence})
    return tuple(sorted({*words}))


def _also(draft: ActivityDraft, unit: UnitView) -> tuple[str, ...]:
    """What else it was, of the kinds that the unit records."""
    known = kinds_of(unit)
    if strange := [one for one in draft.also if one not in known]:
        sentence = f"{unit.short_name}没有“{strange[0][:60]}”这一种活动。请重新选择。"
        raise Invalid(sentence, code="also", fields={"also": sentence})
    return tuple(sorted({*draft.also} - {draft.kind}))


def _kind(draft: ActivityDraft, unit: UnitView) -> Family:
    kind = kinds_of(unit).get(draft.kind)
    if kind is None:
        raise Invalid(
            f"{unit.short_name}不召开这种会议。请重新选择。", code="kind", fields={"kind": "请重新选择。"}
        )
    return kind


def _said(field: str, title: str, text: str) -> str:
    return one_line(field, title, text, most=100) if tidy(text) else ""
