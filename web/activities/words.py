"""What a record says and what a change to it changes, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from core.activities.amend import Said
from core.activities.model import STATES, Attended, Content, title_of
from dangwu import DUTY_STATES, Occurrence, Titles, owing, titles

FIELDS = {
    "kind": "活动", "also": "同时是", "day": "日期", "place": "地点", "chair": "主持人", "recorder": "记录人",
    "led_by": "讲课人职务", "hours": "学时", "themes": "主题", "papers": "留存的材料", "agenda": "议程", "minutes": "活动内容",
    "eligible": "应到", "present": "实到", "why": "应到人数不同的原因",
}  # fmt: skip
NOTHING = "（无）"


class Difference(msgspec.Struct, frozen=True):
    """A field by its title, what it said, what it says."""

    title: str
    was: str
    now: str


class Owed(msgspec.Struct, frozen=True):
    """An occurrence in words: what, by when, how it will stand."""

    title: str
    one: Occurrence
    state: str


def differences(was: Said, now: Said, known: Titles) -> list[Difference]:
    """What a change changes, in the order of the form."""
    fields = [
        Difference(title, old or NOTHING, new or NOTHING)
        for name, title in FIELDS.items()
        if (old := _word(was.content, name, known)) != (new := _word(now.content, name, known))
    ]
    return [*fields, *_people(was.roll, now.roll)]


def owed(found: Sequence[Occurrence], known: Titles) -> list[Owed]:
    """Occurrences in words."""
    return [
        Owed(f"{titles.family(one.family)}（{owing.demand(one.claim.demand, known)}）", one, DUTY_STATES[one.state])
        for one in found
    ]  # fmt: skip


def _word(content: Content, name: str, known: Titles) -> str:
    said = getattr(content, name)
    if name == "kind":
        return title_of(said)
    if name == "also":
        return "、".join(map(title_of, said))
    if isinstance(said, tuple):
        return "、".join(map(known.title, said))
    if name == "led_by":
        return known.title(said) if said else ""
    return f"{said:g}" if isinstance(said, float) else str(said)


def _people(was: Sequence[Attended], now: Sequence[Attended]) -> Iterator[Difference]:
    """Who is on the roll otherwise than before."""
    old, new = ({one.person_id: one for one in roll} for roll in (was, now))
    for one in dict.fromkeys([*old, *new]):
        before, after = _came(old.get(one)), _came(new.get(one))
        if before != after:
            name = (new.get(one) or old[one]).name
            yield Difference(name, before, after)


def _came(one: Attended | None) -> str:
    if one is None:
        return "不在应到名单上"
    return f"{STATES[one.state]}（{one.reason}）" if one.reason else STATES[one.state]
