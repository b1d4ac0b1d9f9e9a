"""The cases of a demo county in the tables: rows as the services would have written them, standings by core's own functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from uuid import UUID

import msgspec

from core.bulk import insert_many, new_ids
from core.casework.load import load_whole
from core.casework.model import RegimeFor
from core.casework.standing.compute import compute, write_standings
from core.casework.standing.regimes import regimes_at
from core.pinyin import reading
from deploy.demo.casting import Told
from tenants.ground.clock import SHANGHAI

CASE = ("id", "procedure", "person_id", "person_name", "py", "py_initials", "unit_id", "path", "started", "tags", "dates",
        "version", "status", "stage", "membership", "computed_on", "confers", "opened_at", "updated_at")  # fmt: skip
ENTRY = ("case_id", "seq", "kind", "step", "day", "entered", "evidence", "note", "level", "by_id", "by_name",
         "by_unit_id", "at")  # fmt: skip
EVENT = ("case_id", "kind", "data", "by_id", "by_name", "at")
EVENTS = {"record": "recorded", "return": "returned", "facts": "facts"}


async def enter_cases(told: Sequence[Told], today: date, regime_for: RegimeFor) -> None:
    """Write the cases with their entries and events, and work out where they stand."""
    ids = await new_ids(len(told))
    times = [_times(one) for one in told]
    await insert_many(
        "case_file", CASE, [_case(*all_of, today) for all_of in zip(ids, told, times, strict=True)]
    )
    await insert_many(
        "case_entry",
        ENTRY,
        [row for all_of in zip(ids, told, times, strict=True) for row in _entries(*all_of)],
    )
    events = [row for all_of in zip(ids, told, times, strict=True) for row in _events(*all_of)]
    # Lists of events go by their ids, which ascend in the order of writing.
    await insert_many("case_event", EVENT, sorted(events, key=itemgetter(-1)))
    await insert_many("person_tag", ("person_id", "tag", "since"), list(_new_tags(told)))
    cases = await load_whole("c.status = 'running'")
    regimes = await regimes_at(regime_for, {case.way for case in cases})
    await write_standings([compute(case, regimes[case.way], today) for case in cases], version=True)


def _times(told: Told) -> list[datetime]:
    """When each act was written down: in office hours, one after the other."""
    found: list[datetime] = []
    for number, act in enumerate(told.player.acts):
        morning = datetime.combine(act.entered, time(8, 40), SHANGHAI) + timedelta(
            minutes=(number * 131 + act.day.day * 17) % 420
        )
        found.append(max([morning, *(before + timedelta(minutes=4) for before in found[-1:])]))
    return found


def _case(case_id: UUID, told: Told, times: list[datetime], today: date) -> tuple[object, ...]:
    name, unit, acts = told.person.draft.name, told.branch.unit, told.player.acts
    regime = told.player.regime
    plan = regime.plan()
    stage = next(iter(plan.stages))
    return (
        case_id, regime.floor.default, told.person.id, name, *reading(name), unit.id, unit.path, acts[0].day,
        sorted(told.player.case.subject.tags), _json(told.dates), len(acts), "running", stage, "none", today,
        plan.procedure.confers, times[0], times[-1],
    )  # fmt: skip


def _entries(case_id: UUID, told: Told, times: list[datetime]) -> Iterator[tuple[object, ...]]:
    for seq, (act, at) in enumerate(zip(told.player.acts, times, strict=True), 1):
        by = (act.by.id, act.by.name, act.by.unit.id)
        yield (
            case_id,
            seq,
            act.kind,
            act.step,
            act.day,
            act.entered,
            _json(act.evidence),
            act.note,
            act.level,
            *by,
            at,
        )


def _events(case_id: UUID, told: Told, times: list[datetime]) -> Iterator[tuple[object, ...]]:
    player = told.player
    for number, (act, at, (stage, status)) in enumerate(zip(player.acts, times, player.led_to, strict=True)):
        data = {"level": act.level, "day": act.day, "stage": stage, "status": status}
        if act.step is not None:
            data["step"] = act.step
        yield case_id, EVENTS[act.kind] if number else "opened", _json(data), act.by.id, act.by.name, at


def _new_tags(told: Sequence[Told]) -> Iterator[tuple[object, ...]]:
    """Tags that people got on the way: the register follows the case."""
    for one in told:
        for act in one.player.acts:
            for tag in act.evidence["tags"] if act.kind == "facts" else ():
                if tag not in one.person.tags:
                    yield one.person.id, tag, act.day


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
