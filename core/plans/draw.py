"""Drawing up a plan, and drawing it up anew: each text is kept, and says why it differs from the one before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.model import RegimeFor, Way
from core.casework.standing.regimes import regime_at
from core.database import execute, fetch, fetchval
from core.errors import Conflict, Forbidden, Invalid
from core.organisation.access import access_unit
from core.organisation.model import UnitView, level_of
from core.plans.candidates import refuse_strangers
from core.plans.model import MOST_NAMED, MOST_PLANNED, PlanDraft, PlanFile
from core.text import LONGEST_REMARK, one_line, tidy
from dangwu import LEVELS, Regime, YearPlan, explain


def owed_by(regime: Regime, unit: UnitView, today: date) -> dict[str, YearPlan]:
    """The plans that a unit draws up by the policies in force there; where no rule says who does, committee and department."""
    level = level_of(unit.kind)
    return {name: one for name, one in regime.plans(today).items() if level in drawing(one)}


def drawing(plan: YearPlan) -> Collection[str]:
    """The levels that draw up such a plan."""
    return plan.asks.owes or ("committee", "department")


async def draw(
    actor: Actor, unit_id: UUID, plan: str, year: int, draft: PlanDraft, *, regime_for: RegimeFor, today: date
) -> UUID:
    """Draw up a unit's plan of a year; its id. Raises NotFound, Forbidden, Invalid by field, Conflict where there is one."""
    unit = await access_unit(actor, unit_id, "plan.draw", lock=True)
    level = _level(actor, unit)
    regime = await regime_at(regime_for, Way(unit.path))
    asked = owed_by(regime, unit, today).get(plan)
    if asked is None:
        sentence = f"现行规定没有要求{unit.short_name}制定这一计划。请重新选择党组织或者计划。"
        raise Invalid(sentence, code="plan", fields={"plan": sentence})
    if abs(year - today.year) > 1:
        sentence = f"年度 {year} 不对：只制定上年、本年和下年的计划。"
        raise Invalid(sentence, code="year", fields={"year": "应为上年、本年或下年。"})
    await _check(draft, asked, unit.path, first=True)
    title = explain.title(regime, plan)
    plan_id: UUID | None = await fetchval(
        """insert into year_plan (plan, title, year, state, edition, unit_id, path, by_id, by_name)
           values ($1, $2, $3, 'drawn', 1, $4, $5, $6, $7)
           on conflict (tenant_id, unit_id, plan, year) do nothing returning id""",
        plan, title, year, unit.id, unit.path, actor.id, actor.name,
    )  # fmt: skip
    if plan_id is None:
        raise Conflict(
            f"{unit.short_name}已有 {year} 年{title}。需要改动的，请打开那份计划调整。", code="drawn"
        )
    await write_edition(actor, plan_id, 1, draft, level, today)
    return plan_id


async def redraw(actor: Actor, file: PlanFile, draft: PlanDraft, *, seen: int, today: date) -> int:
    """Draw it up anew, with the reason; the number of the new text. The plan is locked.

    What is in force stays so until the new text is approved. Raises Forbidden, Invalid, Stale, Conflict while one is under way.
    """
    actor.require("plan.draw", file.line.path)
    refuse_other(file, seen)
    if file.line.state == "submitted":
        raise Conflict("这份计划正在报批，不能改动。请先由审批的党组织退回。", code="submitted")
    level = file.own_level
    if level not in actor.levels(file.line.path, "plan.draw"):
        raise Forbidden(f"计划由{LEVELS[level]}制定，您不能改动。请交由{LEVELS[level]}办理。", code="level")
    await _check(draft, file.asked, file.line.path, first=False)
    number = file.line.edition + 1
    await write_edition(actor, file.line.id, number, draft, level, today)
    await execute("update year_plan set edition = $2, state = 'drawn' where id = $1", file.line.id, number)
    return number


def refuse_other(file: PlanFile, seen: int) -> None:
    """Raise Conflict when something was done with the plan since it was read: `seen` counts its acts."""
    if seen != len(file.acts):
        raise Conflict("这期间已有别人办理过这份计划。请看过现在的情况以后再办。", code="stale")


async def write_edition(
    actor: Actor, plan_id: UUID, number: int, draft: PlanDraft, level: str, today: date
) -> None:
    """Write a text down with those named in it, and that it was drawn."""
    await execute(
        """insert into plan_edition (plan_id, number, total, kinds, guidance, reason, by_id, by_name)
           values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8)""",
        plan_id, number, draft.total, msgspec.json.encode(draft.kinds, order="sorted").decode(),
        _line("guidance", "指导意见", draft.guidance), _line("reason", "调整的理由", draft.reason), actor.id, actor.name,
    )  # fmt: skip
    await execute(
        "insert into plan_candidate (plan_id, edition, case_id) select $1, $2, unnest($3::uuid[])",
        plan_id, number, sorted({*draft.cases}),
    )  # fmt: skip
    await write_act(actor, plan_id, number, "draw", today, level)


async def write_act(
    actor: Actor, plan_id: UUID, edition: int, act: str, day: date, level: str, *, receiver: str = "", paper: str = "",
    note: str = "",
) -> None:  # fmt: skip
    """Write down what was done with a text."""
    await execute(
        """insert into plan_act (plan_id, edition, act, day, level, receiver, paper, note, by_id, by_name)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        plan_id, edition, act, day, level, receiver, paper, note, actor.id, actor.name,
    )  # fmt: skip


async def without_plan(paths: Sequence[str], kinds: Sequence[str], plan: str, year: int) -> list[str]:
    """The short names of living units of these kinds, in these subtrees, that have no such plan."""
    rows = await fetch(
        """select short_name from unit u where kind = any($2) and dissolved is null
               and exists (select from unnest($1::text[]) as s(path) where u.path like s.path || '%')
               and not exists (select from year_plan p where p.unit_id = u.id and p.plan = $3 and p.year = $4) order by path""",
        list(paths), list(kinds), plan, year,
    )  # fmt: skip
    return [row["short_name"] for row in rows]


def _level(actor: Actor, unit: UnitView) -> str:
    level = level_of(unit.kind)
    if level not in actor.levels(unit.path, "plan.draw"):
        raise Forbidden(
            f"{unit.short_name}的计划由{LEVELS[level]}制定，您不能代为制定。请交由{LEVELS[level]}办理。",
            code="level",
        )
    return level


async def _check(draft: PlanDraft, asked: YearPlan | None, path: str, *, first: bool) -> None:
    """Raise Invalid for a text that cannot be."""
    wrong: dict[str, str] = {}
    if not 0 <= draft.total <= MOST_PLANNED:
        wrong["total"] = f"计划数应为 0 至 {MOST_PLANNED}。"
    kinds = asked.asks.kinds if asked else frozenset()
    for kind, count in draft.kinds.items():
        if kind not in kinds:
            wrong["kinds"] = "这一计划没有要求按所填的类别分列。请按页面上列出的填写。"
        elif not 0 <= count <= draft.total:
            wrong[f"kind-{kind}"] = "分列的数应为 0 至计划数。"
    named = {*draft.cases}
    if len(named) > MOST_NAMED:
        wrong["cases"] = f"一份计划最多写明 {MOST_NAMED} 人，请由各党支部、基层党委分别制定。"
    elif len(named) > draft.total >= 0:
        wrong["cases"] = f"选了 {len(named)} 人，超过计划数 {draft.total}。请减少人选，或者调整计划数。"
    if asked and asked.asks.guidance and not tidy(draft.guidance):
        wrong["guidance"] = "请写明县委组织部年度指导意见的名称和文号。"
    if not first and not tidy(draft.reason):
        wrong["reason"] = "请写明调整的理由。"
    if wrong:
        raise Invalid("".join(wrong.values()), code="plan", fields=wrong)
    await refuse_strangers(path, named)


def _line(field: str, title: str, text: str) -> str:
    return one_line(field, title, text, most=LONGEST_REMARK) if tidy(text) else ""
