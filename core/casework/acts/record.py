"""Recording a step: the one way by which a case goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from core.actor import Actor
from core.casework.access import access_case
from core.casework.acts.days import check_day
from core.casework.acts.entries import NewEntry, refuse_ended, refuse_stale
from core.casework.acts.refused import refused
from core.casework.acts.write import write
from core.casework.levels import acting_level, refuse_two_levels
from core.casework.model import LoadedCase, RegimeFor, Written
from core.casework.standing.regimes import regime_at
from core.errors import Invalid
from core.text import remark
from dangwu import EvidenceError, Regime, StepRules, evaluate, read_record, refusals


async def record(
    actor: Actor,
    case_id: UUID,
    step: str,
    day: date,
    evidence: Mapping[str, Any],
    *,
    seen_version: int,
    regime_for: RegimeFor,
    today: date,
    note: str = "",
    attachments: Sequence[UUID] = (),
) -> Written:
    """Record what was done in a step on `day` (written down `today`); `evidence` are plain builtins by facet.

    Raises NotFound; Stale if somebody else wrote meanwhile; Forbidden when the step belongs to another level, or he has
    acted at another level in this case; Invalid for dates and fields; Refused (findings with their rules) for what the
    rules do not allow. Nothing is written then.
    """
    case = await access_case(actor, case_id, lock=True)
    regime = await regime_at(regime_for, case.way)
    refuse_ended(case)
    refuse_stale(case, seen_version, regime)
    rules = step_rules(regime, case, step, day)
    level = acting_level(actor, case.path, rules, evidence)
    refuse_two_levels(actor, case.entries, level)
    check_day(case, day, today)
    allow(regime, case, rules, evidence, day, today)
    entry = NewEntry(
        kind="record", step=step, day=day, entered=today, evidence=evidence, note=remark(note), attachments=attachments,
        level=level,
    )  # fmt: skip
    return await write(actor, case, entry, regime, today, "recorded", step=step)


def step_rules(regime: Regime, case: LoadedCase, step: str, day: date) -> StepRules:
    """What the step requires for this case: what it is judged by, else what holds on `day`. Raises Invalid if absent."""
    standing = evaluate(regime, case.case, day).steps.get(step)
    rules = standing.rules if standing is not None else None
    rules = rules or regime.on(day, case.case.tags_on(day), case.procedure).steps.get(step)
    if rules is None:
        known = regime.plan(case.procedure).by_id.get(step)
        if known is not None:
            raise Invalid(
                f"{case.person_name}在 {day} 不须办“{known.title}”：要求这一环节的政策那天没有执行，或者不适用于本人。"
                "请核对办理日期。",
                code="no-step",
                fields={"day": "这一天没有这个环节。"},
            )
        raise Invalid(
            f"{case.person_name}的发展党员程序在 {day} 没有“{step}”这个环节。请从任务清单中选择环节。",
            code="no-step",
        )
    return rules


def allow(
    regime: Regime, case: LoadedCase, rules: StepRules, evidence: Mapping[str, Any], day: date, today: date
) -> None:
    """Raise Invalid for evidence that is malformed, Refused for what the rules do not allow on that day."""
    try:
        made = read_record(rules.id, day, evidence, entered=today)
    except EvidenceError as error:
        raise Invalid("".join(error.problems), code="evidence") from error
    if findings := refusals(regime, case.case, made):
        raise refused(regime, rules, findings, evaluate(regime, case.case, day).steps)
