"""Recording a step: the one way by which a case goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from core.actor import Actor
from core.casework.acts.days import check_day
from core.casework.acts.entries import NewEntry, refuse_ended, refuse_stale
from core.casework.acts.named import named
from core.casework.acts.refused import refused
from core.casework.acts.resets import refuse_own_resets
from core.casework.acts.write import write
from core.casework.levels import acting_level, refuse_unfit
from core.casework.matter import Matter
from core.casework.model import Evidence, Written
from core.errors import Conflict, Invalid
from core.text import remark
from dangwu import FAILED, EvidenceError, Judged, Record, StepRules, read_record, strange, tried


async def record(
    actor: Actor,
    matter: Matter,
    step: str,
    day: date,
    evidence: Evidence,
    *,
    seen_version: int,
    today: date,
    note: str = "",
    attachments: Sequence[UUID] = (),
    supplement: bool = False,
    again: bool = False,
    activity: UUID | None = None,
) -> Written:
    """Record what was done in a step on `day` (written down `today`), maybe at an `activity`; `evidence` are builtins by facet.

    `supplement`: papers, signatures or replies for an act that has been recorded; nothing else is taken then.
    `again`: it was done once more on the same day, though what is recorded of it is the same.

    Raises Stale if somebody else wrote meanwhile; Forbidden when the step belongs to another level, or he has acted at
    another level in this case; Invalid for dates and fields; Refused (findings with their rules) for what the rules do not
    allow; Conflict (code `same`) for what is on record word for word. Nothing is written then.
    """
    case = matter.case
    _refuse_closed(matter, seen_version)
    rules = step_rules(matter, step, day)
    place = case.place(rules)
    level = await _own_level(actor, matter, rules, evidence)
    check_day(case, matter.regime, day, today)
    evidence, why = await named(actor, place, rules, evidence, day)
    after = allow(matter, rules, evidence, day, today, supplement=supplement, why=why)
    refuse_unsaid(matter, after, step, note)
    _refuse_same(matter, rules, read(matter, step, evidence, day, today), again or bool(attachments))
    entry = NewEntry(
        kind="supplement" if supplement else "record", step=step, day=day, entered=today, evidence=evidence,
        note=remark(note), attachments=attachments, level=level, activity=activity, place=place,
    )  # fmt: skip
    event = "supplemented" if supplement else "recorded"
    return await write(actor, matter, entry, today, event, tried=after, step=step)


def _refuse_closed(matter: Matter, seen_version: int) -> None:
    # What comes from outside, and papers, always can be: the contract tells them apart.
    if matter.case.status != "completed":
        refuse_ended(matter.case)
    refuse_stale(matter.case, seen_version, matter.regime)


def _refuse_same(matter: Matter, rules: StepRules, made: Record, again: bool) -> None:
    """Raise Conflict for a record that is there already: the same step on the same day with the same content."""
    there = () if again else matter.on(made.day).records.get(made.step, ())
    if any(one.day == made.day and one.evidence == made.evidence for one in there):
        raise Conflict(
            f"“{rules.title}”{made.day} 已经有一条内容完全相同的记录，没有再记一次。"
            "如果那天确实又办了一次，请勾选“那天又办了一次”再记录。",
            code="same",
            fields={"again": "与已有的记录相同，请核对；确实又办了一次的，请勾选。"},
        )


async def _own_level(actor: Actor, matter: Matter, rules: StepRules, evidence: Evidence) -> str:
    """The level at which he makes this record: no other one than before in this case, and not over accounts that he reset."""
    case = matter.case
    level = acting_level(actor, case.place(rules), rules, evidence)
    refuse_unfit(actor, case, level)
    await refuse_own_resets(actor, case.entries, level)
    return level


def refuse_unsaid(matter: Matter, after: Judged | None, step: str, note: str) -> None:
    """Raise Invalid for a no without its reason to somebody who goes to another unit (党员教育管理工作条例第二十五条: not without
    good reason)."""
    if after is None or matter.plan.procedure.confers != "unit" or note.strip():
        return
    if after.standing.steps[step].state == FAILED:
        said = "不同意的要写明理由：转出、接收双方和县委组织部都看得到。请在备注中写明。"
        raise Invalid(said, fields={"note": "请写明不同意的理由。"})


def step_rules(matter: Matter, step: str, day: date) -> StepRules:
    """What the step requires for this case: what it is judged by, else what holds on `day`. Raises Invalid if absent."""
    found = rules_of(matter, step, day)
    if found is not None:
        return found
    name, known = matter.case.person_name, matter.plan.by_id.get(step)
    if known is not None:
        raise Invalid(
            f"{name}在 {day} 无须办理“{known.title}”：要求这一环节的政策那天没有执行，或者不适用于本人。请核对办理日期。",
            code="no-step",
            fields={"day": "这一天没有这个环节。"},
        )
    raise Invalid(
        f"{name}的{matter.plan.procedure.title}程序在 {day} 没有“{step}”这个环节。请从任务清单中选择环节。",
        code="no-step",
    )


def rules_of(matter: Matter, step: str, day: date) -> StepRules | None:
    """The same; None where the case has no such step."""
    standing = matter.on(day).standing.steps.get(step)
    if standing is not None and standing.rules is not None:
        return standing.rules
    return matter.plan.on(day, matter.case.case.tags_on(day)).steps.get(step)


def allow(
    matter: Matter,
    rules: StepRules,
    evidence: Evidence,
    day: date,
    today: date,
    *,
    supplement: bool = False,
    why: Mapping[str, str] | None = None,
) -> Judged | None:
    """The case with this record, judged on `day`; `why` says by name what the register knows of who is refused.

    Raises Invalid for evidence that is malformed, Refused for what the rules do not allow on that day.
    """
    made = read(matter, rules.id, evidence, day, today)
    before = matter.on(day)
    outcome = tried(before, made, supplement=supplement)
    if outcome.refusals:
        raise refused(matter.regime, rules, outcome.refusals, before.standing.steps, why)
    return outcome.after


def read(matter: Matter, step: str, evidence: Evidence, day: date, today: date) -> Record:
    """The record that somebody wants to make. Raises Invalid for evidence that is malformed, or has words that nobody knows."""
    try:
        made = read_record(step, day, evidence, entered=today)
    except EvidenceError as error:
        raise Invalid("".join(error.problems), code="evidence") from error
    if odd := strange(matter.regime, made):
        raise Invalid("".join(odd), code="evidence")
    return made
