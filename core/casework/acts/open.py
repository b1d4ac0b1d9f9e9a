"""Opening a case of a procedure with its first record; and taking over one that began on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record as Row
from asyncpg import UniqueViolationError

from core.actor import Actor
from core.casework.acts.days import check_dates, check_day
from core.casework.acts.entries import NewEntry
from core.casework.acts.fit import known_dates, refuse_others, refuse_unfit
from core.casework.acts.going import INSIDE, STAYS, Beyond, Going, going
from core.casework.acts.named import named
from core.casework.acts.record import allow, step_rules
from core.casework.acts.write import write
from core.casework.levels import acting_level, refuse_opening, refuse_taking_over
from core.casework.matter import Matter
from core.casework.model import Evidence, LoadedCase, RegimeFor, Way, Written
from core.casework.standing.regimes import regime_at
from core.database import fetchval
from core.errors import Conflict, Invalid
from core.organisation.queries import flags_on
from core.register.access import access_person
from core.register.derived import derived
from core.register.model import FIELD_TITLES
from core.register.queries import tags_on
from core.text import refuse_future, refuse_malformed, remark
from dangwu import MEMBERSHIPS, Case, Plan, Procedure, Regime, Standing, Step, Subject


async def open_case(
    actor: Actor,
    person_id: UUID,
    day: date,
    evidence: Evidence,
    *,
    regime_for: RegimeFor,
    today: date,
    dates: Mapping[str, date] | None = None,
    note: str = "",
    procedure: str = "",
    to: UUID | None = None,
    beyond: Beyond = INSIDE,
) -> Written:
    """Begin a case of a procedure (the floor's default one) on `day`: the record of its opening step is the first entry.
    `dates` are facts that rules ask about (graduation …); `to` is the unit to which a procedure takes him that moves people, or
    `beyond` the Party organization outside the county.
    Raises as `record` does, and Conflict when the procedure is not for people like him or he has a running case of it.
    """
    actor.refuse_himself(person_id)
    person = await access_person(actor, person_id, lock=True)
    regime = await regime_at(regime_for, Way(person["path"]))
    plan = regime.plan(procedure)
    opens = plan.procedure.opens
    refuse_opening(actor, person["path"], opens.title, plan.by_id[opens.step].level)
    await refuse_unfit(person, regime, plan)
    refuse_future("day", f"{opens.day}的日期", day, today)
    way = await going(person, plan.procedure, to, beyond)
    dates = {**(dates or {}), **await known_dates(person_id)}
    matter = await start_case(person, plan, day, dates, {}, regime, way, regime_for=regime_for)
    step = opens.step
    rules = step_rules(matter, step, day)
    level = acting_level(actor, matter.case.path, rules, evidence)
    check_day(matter.case, regime, day, today)
    evidence, why = await named(actor, matter.case.path, rules, evidence, day)
    after = allow(matter, rules, evidence, day, today, why=why)
    entry = NewEntry(
        kind="record", step=step, day=day, entered=today, evidence=evidence, note=remark(note), level=level
    )
    return await write(actor, matter, entry, today, "opened", tried=after, step=step)


async def take_over(
    actor: Actor,
    person_id: UUID,
    given: Mapping[str, date],
    *,
    regime_for: RegimeFor,
    today: date,
    dates: Mapping[str, date] | None = None,
    procedure: str = "",
) -> Written:
    """Go on with a case that began on paper: `given` are the steps properly done there, with their days.

    Only the department may say so. A member's file has to reach as far as that.
    Raises Forbidden, Conflict as `open_case`, Invalid for steps and days that cannot be.
    """
    actor.refuse_himself(person_id)
    person = await access_person(actor, person_id, lock=True)
    regime = await regime_at(regime_for, Way(person["path"]))
    plan = regime.plan(procedure)
    refuse_file(actor, person, plan.procedure)
    check_given(plan, given, person["born"], today)
    matter = await start_case(
        person, plan, min(given.values()), dates or {}, given, regime, regime_for=regime_for
    )
    begun = matter.on(today)
    _check_joined(person, plan, begun.standing)
    entry = NewEntry(
        kind="note",
        day=today,
        entered=today,
        level="department",
        note=f"依据纸质档案接续，已办理 {len(given)} 个环节。",
    )
    # The note that says so changes nothing.
    return await write(actor, matter, entry, today, "taken-over", tried=begun, steps=sorted(given))


def refuse_file(actor: Actor, person: Row, procedure: Procedure) -> None:
    """Raise Forbidden for somebody who takes over no files, Conflict for whom the procedure has nothing more to do."""
    refuse_taking_over(actor, person["path"])
    if procedure.confers == "unit":
        raise Conflict(
            f"{procedure.title}不接续纸质档案。请从开始办理；已经凭纸质介绍信转来的，由组织部在名册中登记。"
        )
    refuse_others(person, (*procedure.opens.of, *procedure.on_paper), f"接续{procedure.title}档案")


def check_given(plan: Plan, given: Mapping[str, date], born: date | None, today: date) -> None:
    """Raise Invalid for a step that there is not, and for a day that cannot be; `given.step` names the field."""
    known = plan.by_id
    first = known[plan.procedure.opens.step]
    for step in given:
        if step not in known:
            raise Invalid(
                f"现行规定没有“{step}”这个环节。请从列出的环节中选择。",
                fields={f"given.{step}": "环节不存在。"},
            )
    if first.id not in given:
        sentence = f"没有填写“{first.title}”的日期。档案从那一天开始，请至少填写这一项。"
        raise Invalid(sentence, fields={f"given.{first.id}": sentence})
    for step, day in given.items():
        title = f"“{known[step].title}”的日期"
        refuse_future(f"given.{step}", title, day, today)
        if born and day <= born:
            raise _not_that_day(step, f"{title} {day} 早于出生日期。请核对日期。")
    _check_order([(known[step], day) for step, day in given.items() if known[step].floor])


def _check_order(given: Sequence[tuple[Step, date]]) -> None:
    """Raise Invalid for a step of the floor that was done before one that has to come first."""
    for step, day in given:
        for before, earlier in given:
            if before.precedes(step) and day < earlier:
                raise _not_that_day(
                    step.id,
                    f"“{step.title}”（{day}）须在“{before.title}”（{earlier}）之后。请对照纸质档案核对这两个日期。",
                )


def _not_that_day(step: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields={f"given.{step}": sentence})


def _check_joined(person: Row, plan: Plan, standing: Standing) -> None:
    """Raise Invalid for a paper file that does not make him the member that the register says he is."""
    procedure = plan.procedure
    said = procedure.state(person["membership"]) if procedure.confers else None
    if said is None or not MEMBERSHIPS[said.id].member:
        return
    reached = procedure.state(standing.membership)
    begins = plan.by_id[said.from_ or said.after].title
    if reached is None or not MEMBERSHIPS[reached.id].member:
        raise Invalid(
            f"名册登记{person['name']}为{said.title}，填写的环节还没有办到成为{said.title}。"
            f"请把纸质档案中“{begins}”和“{plan.by_id[said.after].title}”的日期都填上；名册登记有误的，先更正名册。"
        )
    since, joined = standing.membership_since, person["joined"]
    if reached is said and joined and since != joined:
        raise Invalid(
            f"名册登记的{FIELD_TITLES['joined']}是 {joined}，按填写的环节是 {since}（“{begins}”之日）。请核对纸质档案和名册。"
        )


async def start_case(
    person: Mapping[str, Any],
    plan: Plan,
    day: date,
    dates: Mapping[str, date],
    given: Mapping[str, date],
    regime: Regime,
    way: Going = STAYS,
    *,
    regime_for: RegimeFor | None = None,
) -> Matter:
    """A case of his as it stands before its first entry, written down; the caller has checked that it may begin."""
    # Kept as they are now: a flag that a unit gets later must not change what was judged before.
    tags = await tags_on(person["id"], day) | await flags_on(person["path"]) | derived(person, day) | way.tags
    refuse_malformed("dates", dates)
    check_dates(person["born"], regime, dates)
    procedure, title = plan.name, plan.procedure.title
    first = plan.by_id[plan.procedure.opens.step]
    try:
        case_id: UUID = await fetchval(
            """insert into case_file (procedure, person_id, person_name, py, py_initials, unit_id, path, started, tags,
                                      dates, given, status, stage, membership, computed_on, confers, to_unit_id, to_path,
                                      beyond, beyond_county)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'running', $12, 'none', $8, $13, $14, $15, $16, $17)
               returning id""",
            procedure, person["id"], person["name"], person["py"], person["py_initials"], person["unit_id"],
            person["path"], day, sorted(tags), _json(dates), _json(given), first.stage,
            plan.procedure.confers, way.unit_id, way.path, way.beyond.name, way.beyond.county,
        )  # fmt: skip
    except UniqueViolationError:
        raise Conflict(f"{person['name']}已经有一份正在办理的{title}档案。请在列表中按姓名查找。") from None
    case = LoadedCase(
        id=case_id, procedure=procedure, person_id=person["id"], person_name=person["name"], unit_id=person["unit_id"],
        path=person["path"], started=day, born=person["born"], version=0, status="running", stage=first.stage,
        membership="none", entries=(), to_unit_id=way.unit_id, to_path=way.path or "", beyond=way.beyond.name,
        case=Case(Subject(person["born"], tags, dates, str(person["id"])), (), procedure, given),
    )  # fmt: skip
    return Matter(case, regime, locked=True, regime_for=regime_for)


def _json(value: Mapping[str, date]) -> str:
    return msgspec.json.encode(dict(value)).decode()
