"""The only way to reach a plan: whoever may not see it is told that there is none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.model import RegimeFor, Way
from core.casework.standing.regimes import regime_at
from core.database import fetch, fetchrow
from core.errors import NotFound
from core.paths import unit_of
from core.plans.model import Edition, PlanAct, PlanFile, PlanLine
from dangwu import Regime

NO_SUCH_PLAN = "没有找到这份计划，它可能不在您的管理范围内。请从列表中重新选择。"
LINE = """p.id, p.plan, p.title, p.year, p.unit_id, u.short_name unit_name, p.path, u.kind, p.state, p.edition, p.approved,
    e.total, (select count(*) from plan_candidate k where k.plan_id = p.id and k.edition = e.number) named"""
SHOWN = f"""from year_plan p {unit_of("p")}
    join plan_edition e on e.plan_id = p.id and e.number = case p.approved when 0 then p.edition else p.approved end"""
"""A plan with the text that its line speaks of: that in force, else the newest."""
_kinds = msgspec.json.Decoder(dict[str, int])


async def plan_of(
    actor: Actor, plan_id: UUID, *, regime_for: RegimeFor, today: date, lock: bool = False
) -> PlanFile:
    """A plan that he may see, with its texts. `lock` keeps it for this transaction. Raises NotFound."""
    if lock:
        await fetch("select id from year_plan where id = $1 for update", plan_id)
    row = await fetchrow(f"select {LINE} {SHOWN} where p.id = $1", plan_id)
    if row is None or not actor.may("plan.view", row["path"]):
        raise NotFound(NO_SUCH_PLAN)
    return await file_of(PlanLine(**row), await regime_at(regime_for, Way(row["path"])), today)


async def file_of(line: PlanLine, regime: Regime, today: date) -> PlanFile:
    """The plan of a line, for callers that have seen to who asks."""
    editions = await fetch(
        """select number, total, kinds, guidance, reason, by_id, by_name, at, array(
               select case_id from plan_candidate k where k.plan_id = e.plan_id and k.edition = e.number order by case_id) cases
           from plan_edition e where plan_id = $1 order by number""",
        line.id,
    )
    acts = await fetch(
        """select act, edition, day, level, receiver, paper, note, by_id, by_name, at from plan_act
           where plan_id = $1 order by id""",
        line.id,
    )
    return PlanFile(
        line=line,
        editions=tuple(_edition(one) for one in editions),
        acts=tuple(PlanAct(**one) for one in acts),
        asked=regime.plans(today).get(line.plan),
        regime=regime,
    )


def _edition(row: Mapping[str, Any]) -> Edition:
    return Edition(**{**row, "kinds": _kinds.decode(row["kinds"]), "cases": tuple(row["cases"])})
