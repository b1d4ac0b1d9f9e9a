"""Whether an act may be recorded, or a case go back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from dangwu.case.case import Case, Exemption, Record, Return
from dangwu.case.moment import Moment
from dangwu.facets.finding import FORBIDDEN, IMPOSSIBLE, Finding
from dangwu.facets.reading import decides, only_supplements
from dangwu.facets.registry import kind_of
from dangwu.judge.evaluate import Judged, judged
from dangwu.judge.motions import motion_of, no_motion
from dangwu.judge.paper import begun, on_paper
from dangwu.judge.standing import BLOCKED, COMPLETED, DONE, FAILED, RUNNING, WAITING, WAIVED, StepStanding
from dangwu.regime.plan import Plan
from dangwu.regime.regime import Regime
from dangwu.shapes.dates import days_in


class Tried(NamedTuple):
    """What becomes of a record: why it cannot be made, and the case with it (None where it never came to that)."""

    refusals: tuple[Finding, ...]
    after: Judged | None


def refusals(regime: Regime, case: Case, record: Record) -> tuple[Finding, ...]:
    """Why the record cannot be made on its day; empty when it can.

    Refused: a step that is not there, waived or blocked; a case that has ended; a day that timing or eligibility forbids; a
    failed step from which the case must go back; figures or an order of levels that cannot be.
    """
    return tried(judged(regime, case, record.day), record).refusals


def tried(before: Judged, record: Record, *, supplement: bool = False) -> Tried:
    """The record tried on a case that has been judged on the record's day; `refusals` as above.

    `supplement`: it is to complete an act recorded before, and is refused where there is none, or where it is an act itself.
    """
    step = before.standing.steps.get(record.step)
    found = (_no_supplement(step, record) if supplement else []) or _standing_refusals(before, step, record)
    found = found or misdated(before, record)
    if found or step is None:
        return Tried(tuple(found), None)
    after = before.with_entry(record)
    found = [one for one in after.standing.steps[record.step].findings if one.kind == IMPOSSIBLE]
    return Tried((*found, *unasked(after, record), *misnamed(after, record)), after)


def misnamed(after: Judged, record: Record) -> list[Finding]:
    """The people of the register whom a new record names and the step does not allow. Of a record that is put right it is not
    asked: what is true is written down."""
    rules, moment = after.standing.steps[record.step].rules, Moment(after.case, record.day, {}, {})
    facets = {**rules.facets, **rules.firm} if rules is not None else {}
    return [
        one
        for name, given in record.evidence.items()
        if name in facets
        for one in facets[name].misnamed(given, moment)
    ]


def unasked(after: Judged, record: Record, known: Collection[str] = ()) -> list[Finding]:
    """What the record decides or refuses and its step does not ask for: it would be accepted and ignored (design §3.4).

    Figures of which only a threshold tells the result, a motion where one thing is decided; of answers those that say no.
    `known` are kinds of evidence that the record has had before it was corrected.
    """
    rules, place = after.standing.steps[record.step].rules, after.plan.by_id[record.step]
    found = no_motion(place, record)
    if rules is None:
        return found
    moment = Moment(after.case, record.day, {}, {})
    for name in sorted(record.evidence.keys() - rules.facets.keys() - {*known}):
        kind = kind_of(name)
        if (kind.decides and not kind.answers) or kind().judge([record], moment):
            asked = [one.title for one in rules.facets.values() if one.evidence is not None]
            found.append(
                refused("unasked", step=record.step, what=kind.title, asked="、".join(asked) or "办理日期")
            )
    return found


def _no_supplement(step: StepStanding | None, record: Record) -> list[Finding]:
    if not only_supplements(record):
        return [refused("not-supplement", step=record.step)]
    return [refused("no-act", step=record.step, day=record.day)] if step is None or step.began is None else []


def _standing_refusals(judged: Judged, step: StepStanding | None, record: Record) -> list[Finding]:
    plan, case, before = judged.plan, judged.case, judged.standing
    if record.entered < record.day:
        return [refused("date", day=record.day, entered=record.entered)]
    if ended := has_ended(judged):
        return ended
    if (back := set_aside_on(plan, case, record)) is not None:
        return [refused("set-aside", step=record.step, day=record.day, back=back)]
    if (end := case.ended(record.day)) is not None:
        return [refused("interrupted", day=record.day, end=end.day)]
    later = before.status == COMPLETED and (only_supplements(record) or _advised(step, record))
    if before.status != RUNNING and not later:
        return [refused(before.status)]
    if step is None:
        return [refused("absent", step=record.step)]
    if step.state == WAIVED:
        return [refused("waived", step=record.step)]
    if step.rules is None:  # taken over from paper, and nothing asks for it
        return [refused("absent", step=record.step)]
    if (why := _resting(judged, step, record) or _overtaken(judged, record)) is not None:
        return [why]
    if (
        _is_blocked(judged, step, record)
        and judged.run.motion_opened(plan.by_id[record.step], [record]) is None
    ):
        first = [one.id for one in before.steps.values() if one.state in ("open", WAITING, FAILED)]
        mine, tags = plan.by_id[record.step].index, case.tags_on(record.day)
        return [
            refused(
                "blocked",
                step=record.step,
                first=[one for one in first if plan.behind(one, record.day, tags) >> mine & 1],
            )
        ]
    if step.began is not None and step.state != FAILED and only_supplements(record):
        return []  # it takes the act's own day for what is timed
    forbidden = [one for one in step.findings if one.kind == FORBIDDEN or one in step.lapsed]
    if not forbidden and (step.follows.close or step.follows.return_to):
        return [refused("return", step=record.step, to=step.follows.return_to)]
    return forbidden


def _advised(step: StepStanding | None, record: Record) -> bool:
    """Whether it brings nothing but what the step is only advised to have and still lacks: nobody had to wait for that."""
    if step is None or step.rules is None or not record.evidence:
        return False
    lacking = {one.facet: one.keys for one in step.findings if one.reason == "missing"}
    return all(
        name in lacking
        and step.rules.facets[name].advisory
        and (not kind_of(name).by_level or {*given} <= {*lacking[name]})
        for name, given in record.evidence.items()
    )


def has_ended(judged: Judged) -> list[Finding]:
    """That the case was ended, whenever that is asked: nothing more is written into it until it is taken up again."""
    end = judged.case.ended(date.max)
    if end is None:
        return []
    ending = judged.plan.procedure.ends.get(end.reason)
    return [refused("ended", day=end.day, why=ending.title if ending else end.reason)]


def _is_blocked(judged: Judged, step: StepStanding, record: Record) -> bool:
    """Whether a step before it is not done. Where something was corrected that is asked of steps already recorded, too."""
    run = judged.run
    if step.state == BLOCKED or only_supplements(record):
        return step.state == BLOCKED
    place = judged.plan.by_id[step.id].index
    return run.grounds is not None and bool(run.counted.held(place).order.ahead[place] & run.unclear)


def set_aside_on(plan: Plan, case: Case, record: Record | Exemption) -> date | None:
    """The later day on which the case went back to this step or before it: what was done until then no longer counts."""
    mine = plan.by_id.get(record.step)
    days = [
        entry.day
        for entry in case.entries
        if isinstance(entry, Return)
        and entry.day > record.day
        and entry.step in plan.by_id
        and mine is not None
        if plan.behind(entry.step, entry.day, case.tags_on(entry.day)) >> mine.index & 1
    ]
    return max(days, default=None)


def _resting(before: Judged, step: StepStanding, record: Record) -> Finding | None:
    """Why no new decision can be made: later steps rest on the one that was, or its motion is before the committee."""
    plan = before.plan
    if step.state != DONE or not decides(record) or _advised(step, record):
        return None
    if later := _behind(before, record):
        return refused("rests", step=record.step, first=later[:1])
    confirming = [one.id for one in plan.confirming if one.confirms == record.step]
    if confirming and motion_of(plan.by_id[record.step], [record]):
        return refused("motion", step=record.step, first=confirming)
    return None


def _behind(judged: Judged, record: Record) -> list[str]:
    """The later steps that have begun."""
    plan, tags = judged.plan, judged.case.tags_on(record.day)
    behind = plan.behind(record.step, record.day, tags) & judged.run.counted.begun
    return [one.id for one in plan.steps if behind >> one.index & 1 and one.id != record.step]


def _overtaken(before: Judged, record: Record) -> Finding | None:
    """Why a decision of an earlier day can no longer be entered: what was done since rests on another, or takes its place."""
    case = before.case
    days = (*case.given.values(), *(one.day for one in case.entries if type(one) is Record))
    if record.entered == record.day or not decides(record) or not any(record.day < day for day in days):
        return None
    now = Judged(before.regime, case, record.entered)
    step = now.standing.steps.get(record.step)
    settled = step is not None and step.state == DONE and not _advised(step, record)
    if settled and (later := _behind(now, record)):
        return refused("rests", step=record.step, first=later[:1])
    since = (
        one.day for one in now.records.get(record.step, ()) if one.day > record.day and _same(one, record)
    )
    if (day := max(since, default=None)) is not None:
        return refused("overtaken", step=record.step, day=record.day, later=day)
    return None


def _same(one: Record, other: Record) -> bool:
    """Whether the records carry the same decision: by the same level or group where each has its own."""
    both = [name for name in one.evidence if name in other.evidence and kind_of(name).decides]
    pairs = [(one.evidence[name], other.evidence[name]) for name in both]
    return any(not isinstance(mine, Mapping) or not mine.keys().isdisjoint(its) for mine, its in pairs)


def misdated(before: Judged, record: Record, *, besides: Record | None = None) -> list[Finding]:
    """Dates within the evidence lie between the first day on which the thing could be, and the day of entry.

    `besides`: the record in whose place it will stand; what was brought to that is asked again.
    """
    born, found = before.case.subject.born, []
    for day in days_in(record.evidence):
        if day > record.entered:
            found.append(refused("future", day=day, entered=record.entered))
        elif born is not None and day < born:
            found.append(refused("before-birth", day=day, born=born))
    known = [*_paper(before, record.step), *before.records.get(record.step, ())]
    earlier = [one for one in known if besides is None or one.id != besides.id]
    for name in record.evidence:
        found += kind_of(name).misdated(record, earlier)
    for one in earlier if besides is not None else ():
        others = [record, *(other for other in earlier if other is not one)]
        found += [why for name in one.evidence for why in kind_of(name).misdated(one, others)]
    return found


def _paper(before: Judged, step: str) -> list[Record]:
    """What a paper file holds of a step that was taken over from it."""
    run, place = before.run, before.plan.by_id[step].index
    rules = run.found[place].rules
    if place not in run.counted.given or rules is None:
        return []
    opened = max((run.ready[one] for one in run.counted.held(place).order.before[place]), default=date.min)
    return [begun(rules, on_paper(rules, before.case, run.counted.given[place]), opened)]


def refused(reason: str, **values: object) -> Finding:
    """That something cannot be entered, for a reason of the step or the case."""
    return Finding(f"step.{reason}", IMPOSSIBLE, "", (), values)


def can_return(regime: Regime, case: Case, back: Return) -> tuple[Finding, ...]:
    """Why the case cannot go back to that step on that day; empty when it can.

    That an extension leads back to an earlier step may be recorded as well: it says what has already followed.
    """
    return not_back_to(judged(regime, case, back.day), back.step)


def not_back_to(before: Judged, target: str) -> tuple[Finding, ...]:
    """Why a case that has been judged on the day of its return cannot go back to a step; as `can_return`."""
    standing, plan = before.standing, before.plan
    step = standing.steps.get(target)
    if ended := has_ended(before):
        return tuple(ended)
    if standing.status != RUNNING:
        return (refused(standing.status),)
    begun = step is not None and (step.began is not None or step.state in (DONE, FAILED))
    if not begun and not (target in before.run.counted.renewed and target in standing.open):
        return (refused("not-begun", step=target),)
    if step is not None and step.state != FAILED and target not in before.run.counted.now.steps:
        return (refused("not-asked", step=target),)
    allowed = _must_reach(before)
    if allowed and plan.by_id[target].index > plan.by_id[allowed].index:
        return (refused("return", step=target, to=allowed),)
    return ()


def _must_reach(before: Judged) -> str:
    """The earliest step to which a failed step says the case must go back."""
    by_id = before.plan.by_id
    steps = (one.follows.return_to for one in before.standing.steps.values())
    return min((step for step in steps if step in by_id), key=lambda step: by_id[step].index, default="")


__all__ = ["Tried", "can_return", "not_back_to", "refusals", "tried", "unasked"]
