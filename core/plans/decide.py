"""What is done with a text: handed up, approved level by level, handed back, reported outside; approval enters who is named."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor, Capability
from core.casework.access import take_up
from core.casework.acts.listing import Listing, gating, list_in_plan
from core.casework.levels import platform_level
from core.casework.matter import Matter
from core.casework.model import RegimeFor
from core.database import execute
from core.errors import Conflict, DomainError, Forbidden, Invalid
from core.plans.candidates import candidates
from core.plans.draw import refuse_other, write_act
from core.plans.model import ACTS, PlanFile
from core.text import one_line, refuse_future, remark
from dangwu import LEVELS, explain


class ActDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What is typed: `receiver` and `paper` (number and title) of a report, `paper` also of an approval."""

    act: str
    day: date
    receiver: str = ""
    paper: str = ""
    note: str = ""


def possible(file: PlanFile) -> tuple[str, ...]:
    """The acts that lead on, whoever makes them."""
    found = {"drawn": ("submit",), "submitted": ("approve", "return")}.get(file.line.state, ())
    return (*found, "report") if file.line.approved and file.untold else found


def level_of_act(file: PlanFile, act: str) -> str:
    """The platform's level that makes an act: who draws up hands up and reports, who approves also hands back."""
    return platform_level(
        file.next_approver or file.own_level if act in ("approve", "return") else file.own_level
    )


def may(actor: Actor, file: PlanFile, act: str) -> bool:
    """Whether he makes this act here: at its level, at which alone he has acted, and not on what he drew up himself."""
    level = level_of_act(file, act)
    if level not in actor.levels(file.line.path, _need(act)):
        return False
    own = [one for one in file.acts if actor.did(one.by_id)]
    if {platform_level(one.level) for one in own} - {level}:
        return False
    drew = any(one.act in ("draw", "submit") for one in file.done if actor.did(one.by_id))
    return not (act in ("approve", "return") and drew)


async def decide(
    actor: Actor, file: PlanFile, draft: ActDraft, *, seen: int, regime_for: RegimeFor, today: date
) -> None:
    """Do it. The plan is locked. Raises Forbidden, Invalid, Conflict (not now; somebody was quicker; who is named cannot be)."""
    if draft.act not in ACTS or draft.act == "draw":
        raise Invalid("没有这一项。请从计划的页面重新选择。", code="act")
    level = level_of_act(file, draft.act)
    if not may(actor, file, draft.act):
        raise Forbidden(
            f"“{ACTS[draft.act]}”由{LEVELS[level]}有职责的人员办理；起草、报批的人不能批准自己的计划，"
            "同一个人不能在两级办理。请交由承担这项职责的人员办理。",
            code="level",
        )
    refuse_other(file, seen)
    if draft.act not in possible(file):
        raise Conflict(f"这份计划现在不能{ACTS[draft.act]}。请看过现在的进度以后再办。", code="state")
    _check_day(file, draft, today)
    edition = file.line.approved if draft.act == "report" else file.line.edition
    receiver, paper, note = _said(file, draft)
    # By the contract's level: what only a plugin knows is the department's work, and counts for that level.
    written = file.next_approver if draft.act == "approve" else level
    await write_act(actor, file.line.id, edition, draft.act, draft.day, written, receiver=receiver, paper=paper,
                    note=note)  # fmt: skip
    await _follow(actor, file, draft, paper or note, regime_for, today)


async def _follow(
    actor: Actor, file: PlanFile, draft: ActDraft, because: str, regime_for: RegimeFor, today: date
) -> None:
    """What the act makes of the plan; with the last approval, of those who are named."""
    state = {"submit": "submitted", "return": "returned"}.get(draft.act)
    if state:
        await execute("update year_plan set state = $2 where id = $1", file.line.id, state)
    given = {one.level for one in file.done if one.act == "approve"} | {file.next_approver}
    if draft.act == "approve" and given >= {*file.approvers}:
        await execute(
            "update year_plan set state = 'approved', approved = edition where id = $1", file.line.id
        )
        await _enter(actor, file, draft.day, because, regime_for, today)


async def _enter(
    actor: Actor, file: PlanFile, day: date, because: str, regime_for: RegimeFor, today: date
) -> None:
    """Enter in the files of those named that they stand in the plan, and of those left out that they no longer do.

    Raises Conflict that names whoever cannot be entered: then nothing is.
    """
    before = {*file.in_force.cases} if file.in_force else set()
    now = {*file.newest.cases}
    names = {one.case_id: one.name for one in await candidates([*(before ^ now)])}
    for case_id in sorted(before ^ now):
        try:
            await _list(actor, file, case_id, case_id in now, day, because, regime_for, today)
        except DomainError as error:
            raise Conflict(
                f"{names.get(case_id, '')}：{error.sentence}计划没有批准。请退回调整人选后再报批。",
                code=error.code,
            ) from error


async def _list(
    actor: Actor, file: PlanFile, case_id: UUID, stands: bool, day: date, because: str, regime_for: RegimeFor,
    today: date,
) -> None:  # fmt: skip
    matter = await take_up(actor, case_id, regime_for, "case.review")
    asked = gating(matter, today).get(file.line.plan)
    if asked is None or (not stands and matter.case.status != "running"):
        return
    if (file.line.year in matter.case.case.plans_on(today).get(file.line.plan, ())) == stands:
        return
    listing = Listing(file.line.plan, file.line.year, stands, because or cause(file, matter))
    await list_in_plan(
        actor, matter, listing, max(day, matter.case.started), seen_version=matter.case.version, today=today
    )


def cause(file: PlanFile, matter: Matter) -> str:
    """By what somebody came into the plan, or out of it."""
    title = explain.title(matter.regime, file.line.plan)
    return f"{file.line.unit_name} {file.line.year} 年{title}（第 {file.line.edition} 稿）"


def _need(act: str) -> Capability:
    return "plan.approve" if act in ("approve", "return") else "plan.draw"


def _check_day(file: PlanFile, draft: ActDraft, today: date) -> None:
    refuse_future("day", "日期", draft.day, today)
    if draft.day.year < file.line.year - 1:
        sentence = f"日期 {draft.day} 早于计划年度的上一年。请核对年份。"
        raise Invalid(sentence, code="day", fields={"day": sentence})
    last = max((one.day for one in file.done if one.act != "draw"), default=draft.day)
    if draft.day < last and draft.act != "report":
        sentence = f"日期 {draft.day} 早于前一项的日期 {last}。请核对日期。"
        raise Invalid(sentence, code="day", fields={"day": sentence})
    approved = max((one.day for one in file.acts if one.act == "approve"), default=draft.day)
    if draft.act == "report" and draft.day < approved:
        sentence = f"报备的日期 {draft.day} 早于批准的日期 {approved}。请核对日期。"
        raise Invalid(sentence, code="day", fields={"day": sentence})


def _said(file: PlanFile, draft: ActDraft) -> tuple[str, str, str]:
    """Receiver, paper and note as they are written."""
    note = remark(draft.note)
    if draft.act == "return" and not note:
        sentence = "请写明退回的理由。"
        raise Invalid(sentence, code="note", fields={"note": sentence})
    if draft.act == "report":
        if draft.receiver not in file.untold:
            sentence = "请选择还没有报备的上级。"
            raise Invalid(sentence, code="receiver", fields={"receiver": sentence})
        return draft.receiver, one_line("paper", "报备文件的名称和文号", draft.paper, most=200), note
    paper = one_line("paper", "批准文件", draft.paper, most=200) if draft.paper.strip() else ""
    return "", paper if draft.act == "approve" else "", note
