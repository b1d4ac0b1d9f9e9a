"""An activity as it is typed: the one reader of its form (templates/components/activity.html)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from core.activities.check import LONGEST_AGENDA, LONGEST_MINUTES, too_early
from core.activities.model import KINDS, STATES, Absence, ActivityDraft, Attended, Away, Content
from core.activities.roll import Entitled
from web.kit.forms import Form


def draft_of(form: Form, unit_id: UUID, kind: str, day: date, entitled: Sequence[Entitled]) -> ActivityDraft:
    """What is typed for an activity of this kind on this day; what is wrong stands on the form, which is to be checked."""
    typed = form.date("day", "活动日期")
    # On such a day nobody is in the register, and the form would ask for everybody else's number instead.
    if typed and (early := too_early(typed)):
        form.refuse("day", early)
    counted = KINDS[kind].counted
    return ActivityDraft(
        kind=kind,
        unit_id=unit_id,
        day=day,
        also=tuple(form.values("also")),
        led_by=form.value("led_by"),
        place=form.text("place", "地点", required=False, longest=100),
        chair=form.text("chair", "主持人", required=False, longest=100),
        recorder=form.text("recorder", "记录人", required=False, longest=100),
        agenda=form.text("agenda", "议程", required=False, longest=LONGEST_AGENDA),
        minutes=form.text("minutes", "活动内容", required=False, longest=LONGEST_MINUTES),
        hours=form.amount("hours", "学时", required=False) or 0,
        themes=tuple(form.values("themes")),
        papers=tuple(form.values("papers")),
        eligible=form.number("eligible", "应到", required=counted and not entitled, least=1),
        present=None if entitled else form.number("present", "实到", required=counted),
        why=form.text("why", "应到人数不同的原因", required=False),
        absences=tuple(_absences(form, entitled)),
    )


def form_of(content: Content, roll: Sequence[Attended]) -> Form:
    """The form as it would have been typed for what is recorded."""
    typed = {
        name: getattr(content, name)
        for name in ("day", "led_by", "place", "chair", "recorder", "agenda", "minutes", "why")
    }
    own = content.eligible != (content.reckoned or len(roll))
    counts = {"eligible": content.eligible, "present": content.present} if own and content.eligible else {}
    lists = {"also": content.also, "themes": content.themes, "papers": content.papers}
    people = {f"roll:{one.person_id}": one.state for one in roll if one.state != "present"}
    why = {f"why:{one.person_id}": one.reason for one in roll if one.reason}
    hours = f"{content.hours:g}" if content.hours else ""
    return Form.blank(**typed, **counts, **lists, **people, **why, hours=hours, rest="1" if roll else "")


def again(content: Content) -> Form:
    """The form for another one like it: what seldom differs is filled in, who was there and what was said is not."""
    same = ("led_by", "place", "chair", "recorder", "agenda", "also", "themes", "papers")
    hours = f"{content.hours:g}" if content.hours else ""
    return Form.blank(kind=content.kind, hours=hours, **{name: getattr(content, name) for name in same})


def _absences(form: Form, entitled: Sequence[Entitled]) -> Iterator[Absence]:
    for one in entitled:
        state = form.choice(
            f"roll:{one.id}", f"{one.name}是否到会", list(STATES), required=not form.flag("rest")
        )
        if state in ("absent", "written"):
            reason = form.text(f"why:{one.id}", f"{one.name}没有到会的原因", longest=100)
            yield Absence(one.id, _state(state), reason)


def _state(state: str) -> Away:
    return "written" if state == "written" else "absent"
