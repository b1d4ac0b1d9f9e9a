"""What pages and API show of plans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.plans.candidates import candidates
from core.plans.decide import level_of_act, may, possible
from core.plans.model import ACTS, Candidate, Edition, PlanAct, PlanFile, due
from core.plans.queries import Use, used
from dangwu import LEVELS, Citation, explain


class Next(msgspec.Struct, frozen=True):
    """What can come next, and who does it; `mine` when that is who looks."""

    act: str
    title: str
    level: str
    mine: bool


class Changed(msgspec.Struct, frozen=True):
    """A text, and what it changes of the one before, in words."""

    edition: Edition
    changes: tuple[str, ...]


class Demand(msgspec.Struct, frozen=True):
    """What the rules ask of a plan, in words."""

    title: str
    text: str
    rules: tuple[Citation, ...]


class Conflict(msgspec.Struct, frozen=True):
    """Figures that one rule sets and another forbids: people settle it."""

    figures: tuple[str, ...]
    set_by: tuple[Citation, ...]
    forbidden_by: tuple[Citation, ...]


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as it is shown."""

    file: PlanFile
    named: tuple[Candidate, ...]
    use: Use
    texts: tuple[Changed, ...]
    next: tuple[Next, ...]
    asked: tuple[Demand, ...]
    conflict: Conflict | None
    due: date | None
    late: bool
    may_redraw: bool


async def seen(actor: Actor, file: PlanFile, today: date) -> Seen:
    """All of it."""
    text = file.in_force or file.newest
    named = await candidates(text.cases)
    everybody = {case for one in file.editions for case in one.cases}
    names = {one.case_id: one.name for one in await candidates([*everybody])}
    by = due(file.asked, file.line.year) if file.asked else None
    redraws = file.own_level in actor.levels(file.line.path, "plan.draw") and file.line.state != "submitted"
    return Seen(
        file=file, named=tuple(named), use=await used(file, named), texts=_texts(file, names),
        next=tuple(Next(one, ACTS[one], LEVELS[level_of_act(file, one)], may(actor, file, one)) for one in possible(file)),
        asked=asked(file), conflict=conflict(file), due=by, late=_late(file, by, today), may_redraw=redraws,
    )  # fmt: skip


def asked(file: PlanFile) -> tuple[Demand, ...]:
    """What the rules ask, part by part."""
    if file.asked is None:
        return ()
    asks, found = file.asked.asks, []
    words = {
        "owes": ("制定", _levels(asks.owes)),
        "by": ("最迟报送", f"每年 {asks.by}" if asks.by else ""),
        "approves": ("批准", _levels(asks.approves)),
        "told": ("报备", "、".join(explain.title(file.regime, one) for one in sorted(asks.told))),
        "kinds": ("数量分列", "、".join(explain.title(file.regime, one) for one in sorted(asks.kinds))),
        "named": ("人选", "写明人选" if asks.named else ""),
        "guidance": ("指导意见", "先有县委组织部的年度指导意见" if asks.guidance else ""),
        "focus": ("导向", "；".join(sorted(asks.focus))),
        "figures": ("指标", "；".join(sorted(asks.figures))),
        "no_figures": ("指标", "结构只作导向，不设硬指标" if asks.no_figures else ""),
    }
    for part, (title, text) in words.items():
        if text:
            found.append(Demand(title, text, explain.cited(file.regime, file.asked.rules(part))))
    return tuple(found)


def conflict(file: PlanFile) -> Conflict | None:
    """What the rules disagree on."""
    found = file.asked.conflict if file.asked else None
    if found is None or file.asked is None:
        return None
    figures = tuple(sorted(file.asked.asks.figures))
    return Conflict(figures, *(explain.cited(file.regime, rules) for rules in found))


def acts(file: PlanFile) -> list[tuple[PlanAct, str]]:
    """What was done, the latest first, each with its receiver in words."""
    return [
        (one, explain.title(file.regime, one.receiver) if one.receiver else "") for one in reversed(file.acts)
    ]


def kinds(file: PlanFile) -> list[tuple[str, str]]:
    """The kinds of people by which a plan counts: id, title."""
    asked = file.asked.asks.kinds if file.asked else frozenset()
    return [(one, explain.title(file.regime, one)) for one in sorted(asked)]


def _levels(levels: frozenset[str]) -> str:
    return "、".join(LEVELS[one] for one in LEVELS if one in levels)


def _late(file: PlanFile, by: date | None, today: date) -> bool:
    """Whether what is due by that day was or is not done in time: the report where one is asked for, else handing it up."""
    if by is None:
        return False
    act = "report" if file.asked and file.asked.asks.told else "submit"
    days = [one.day for one in file.acts if one.act == act]
    return by < (min(days) if days and not (act == "report" and file.untold) else today)


def _texts(file: PlanFile, names: dict[UUID, str]) -> tuple[Changed, ...]:
    """The texts, the newest first."""
    found = []
    for number, one in enumerate(file.editions):
        before = file.editions[number - 1] if number else None
        found.append(Changed(one, tuple(_changes(file, before, one, names)) if before else ()))
    return tuple(reversed(found))


def _changes(file: PlanFile, before: Edition, now: Edition, names: dict[UUID, str]) -> list[str]:
    found = [f"计划数由 {before.total} 改为 {now.total}"] if before.total != now.total else []
    for kind in sorted({*before.kinds, *now.kinds}):
        was, has = before.kinds.get(kind, 0), now.kinds.get(kind, 0)
        if was != has:
            found.append(f"{explain.title(file.regime, kind)}由 {was} 改为 {has}")
    found += _moved("增加", {*now.cases} - {*before.cases}, names)
    found += _moved("减少", {*before.cases} - {*now.cases}, names)
    return found


def _moved(how: str, cases: set[UUID], names: dict[UUID, str]) -> Sequence[str]:
    return [f"{how} {'、'.join(sorted(names.get(one, '') for one in cases))}"] if cases else []
