"""This year's admission plans: one approved, with candidates, one handed in, one drawn up; the other committees owe theirs."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.organisation.model import UnitView
from core.plans.access import plan_of
from core.plans.candidates import offered
from core.plans.decide import ActDraft, decide
from core.plans.draw import draw, owed_by
from core.plans.model import PlanDraft
from deploy.demo.plan import County
from deploy.demo.staff import Officer, Staff
from tenants.policies.regimes import regime_of_path

MOST_NAMED = 3


async def draw_plans(county: County, staff: Staff, first: UnitView, today: date) -> None:
    """`first` is the committee whose plan is approved. Where no policy asks for plans there are none."""
    others = [one for one in staff.tree.committees if one.id != first.id]
    for committee, acts in zip((first, *others), (("submit", "approve"), ("submit",), ()), strict=False):
        await _draw(county, staff, committee, acts, today)


async def _draw(
    county: County, staff: Staff, committee: UnitView, acts: tuple[str, ...], today: date
) -> None:
    organizer = staff.holding("committee-organizer", committee)
    regime = await regime_of_path(committee.path)
    for plan in owed_by(regime, committee, today):
        named = tuple(one.case_id for one in (await offered(committee.path))[:MOST_NAMED])
        guidance = f"县委组织部 {today.year} 年发展党员工作指导意见（组发〔{today.year}〕3 号）"
        draft = PlanDraft(total=max(2 * len(named), 1), cases=named, guidance=guidance)
        plan_id = await draw(
            organizer.actor(county),
            committee.id,
            plan,
            today.year,
            draft,
            regime_for=regime_of_path,
            today=today,
        )
        for act in acts:
            who = organizer if act == "submit" else staff.holding("department-organizer", staff.tree.root)
            await _act(county, who, plan_id, act, today)


async def _act(county: County, who: Officer, plan_id: UUID, act: str, today: date) -> None:
    file = await plan_of(who.actor(county), plan_id, regime_for=regime_of_path, today=today, lock=True)
    await decide(
        who.actor(county), file, ActDraft(act=act, day=today),
        seen=len(file.acts), regime_for=regime_of_path, today=today,
    )  # fmt: skip
