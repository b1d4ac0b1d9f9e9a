"""One person into the plan in force, or out of it, in the course of the year: a new text, approved as it is written."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.casework.acts.listing import Listing, decides_at, gating, list_in_plan
from core.casework.matter import Matter
from core.casework.model import Written
from core.database import execute, fetchrow
from core.errors import Conflict
from core.plans.access import LINE, SHOWN, file_of
from core.plans.draw import write_act, write_edition
from core.plans.model import PlanDraft, PlanFile, PlanLine
from dangwu import LEVELS, explain


async def keep_plan(case_id: UUID, plan: str, year: int) -> PlanLine | None:
    """The plan in force under which a case falls, that of the nearest unit; kept for this transaction.

    It is kept before the case, as an approval does: two who lock in one order never wait for each other in a circle.
    """
    await execute(
        """select p.id from year_plan p join case_file c on c.id = $1 and c.path like p.path || '%'
           where p.plan = $2 and p.year = $3 and p.approved > 0 order by p.id for update of p""",
        case_id, plan, year,
    )  # fmt: skip
    row = await fetchrow(
        f"""select {LINE} {SHOWN} join case_file c on c.id = $1 and c.path like p.path || '%'
            where p.plan = $2 and p.year = $3 and p.approved > 0 order by length(p.path) desc limit 1""",
        case_id, plan, year,
    )  # fmt: skip
    return PlanLine(**row) if row else None


async def place(
    actor: Actor,
    matter: Matter,
    plan: PlanLine | None,
    listing: Listing,
    day: date,
    *,
    seen: int,
    today: date,
) -> Written:
    """Put the person of a case into the plan that was kept, or take him out. The case is locked.

    Raises as `list_in_plan` does; Conflict where no plan is in force, where it is full, or while a new text is under way.
    """
    name = explain.title(matter.regime, listing.plan)
    written = await list_in_plan(actor, matter, listing, day, seen_version=seen, today=today)
    if plan is None:
        raise Conflict(
            f"{listing.year} 年还没有批准的“{name}”，不能登记。请先由制定计划的党组织起草、报批。",
            code="no-plan",
        )
    draft = _changed(await file_of(plan, matter.regime, today), matter, listing, name)
    number = plan.edition + 1
    level = decides_at(gating(matter, today)[listing.plan])
    await write_edition(actor, plan.id, number, draft, level, today)
    await write_act(actor, plan.id, number, "approve", day, level, note=draft.reason)
    await execute("update year_plan set edition = $2, approved = $2 where id = $1", plan.id, number)
    return written


def _changed(file: PlanFile, matter: Matter, listing: Listing, name: str) -> PlanDraft:
    """The text in force with him, or without him."""
    now = file.in_force
    assert now is not None, "keep_plan finds plans in force"
    if file.line.state != "approved":
        raise Conflict(
            f"{file.line.unit_name} {listing.year} 年{name}正在调整（第 {file.line.edition} 稿），请在那一稿中增减人选。",
            code="redrawn",
        )
    cases = {*now.cases, matter.case.id} if listing.stands else {*now.cases} - {matter.case.id}
    if len(cases) > now.total:
        asked = file.asked.asks.owes if file.asked else frozenset()
        who = "、".join(LEVELS[one] for one in sorted(asked)) or file.line.unit_name
        raise Conflict(
            f"{file.line.unit_name} {listing.year} 年{name}的计划数是 {now.total} 人，已经列满。"
            f"请由{who}调整计划数、报批以后再列入。",
            code="full",
        )
    who, how = matter.case.person_name, "列入" if listing.stands else "调出"
    return PlanDraft(
        total=now.total, kinds=now.kinds, cases=tuple(sorted(cases)), guidance=now.guidance,
        reason=f"{how}{who}：{listing.because}"[:1000],
    )  # fmt: skip
