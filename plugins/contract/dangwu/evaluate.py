"""The standing of a case: a pure function of the policy's history, what was recorded, and the day.

A step is judged by the policy in force on the day it began; what has not begun follows the policy of the day. A step that a
rule inserts is waived if a step behind it had begun before the rule came into force (法不溯及既往); one whose rule is no longer
in force is waived unless it was concluded, a negative conclusion stays, and a posted notice runs out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from dangwu.case import Case, Facts, Record, Return
from dangwu.days import add_months
from dangwu.effective import StepRules
from dangwu.facet import ADVISORY, CLOCK, FORBIDDEN, IMPOSSIBLE, MISSING, NEGATIVE, Facet, Finding
from dangwu.moment import Moment
from dangwu.plan import Plan, Step
from dangwu.policy import Outcome
from dangwu.regime import Regime
from dangwu.standing import (
    BLOCKED,
    CLOSED,
    COMPLETED,
    DONE,
    FAILED,
    OPEN,
    RUNNING,
    WAITING,
    WAIVED,
    Standing,
    StepStanding,
)

ONE_DAY = timedelta(days=1)
NOWHERE = StepStanding("", "absent")


def evaluate(regime: Regime, case: Case, today: date) -> Standing:
    """Where the case stands on `today`."""
    return judged(regime, case, today).standing()


def judged(regime: Regime, case: Case, today: date) -> Run:
    """The evaluation itself, after approved extensions have begun their new round."""
    run = Run(regime.plan(case.procedure), case, today)
    run.steps()
    for _ in range(8):
        outcome = run.outcome()
        if outcome is None or outcome[1].then != "repeat" or not run.repeat(*outcome):
            break
        run.steps()
    return run


class Run:
    """One evaluation. `counted` are the records that still count, by step index."""

    def __init__(self, plan: Plan, case: Case, today: date) -> None:
        self.plan, self.case, self.today = plan, case, today
        self.extended, self.extensions = 0, 0
        self.given: dict[int, date] = {
            plan.by_id[step].index: day for step, day in case.given.items() if step in plan.by_id and day <= today
        }
        self.counted: dict[int, list[Record]] = {}
        self.turns_of_facts = [entry.day for entry in case.entries if type(entry) is Facts]
        self._count()
        self.tags_now = case.tags_on(today)
        self.now = plan.on(today, self.tags_now)

    def _count(self) -> None:
        by_id, today = self.plan.by_id, self.today
        for entry in self.case.entries:
            if entry.day > today:
                continue
            if type(entry) is Record:
                step = by_id.get(entry.step)
                if step is not None:
                    self.counted.setdefault(step.index, []).append(entry)
            elif type(entry) is Return and entry.step in by_id:
                self._set_aside(by_id[entry.step])
        for records in self.counted.values():
            if len(records) > 1:
                records.sort(key=_day)

    def _set_aside(self, step: Step) -> None:
        aside = step.later | (1 << step.index)
        for index in [*self.counted, *self.given]:
            if aside >> index & 1:
                self.counted.pop(index, None)
                self.given.pop(index, None)

    def steps(self) -> None:
        """Judge every step, in order."""
        self.found: list[StepStanding] = [NOWHERE] * len(self.plan.steps)
        self.clear = [True] * len(self.plan.steps)
        self.floor_clear = [True] * len(self.plan.steps)
        self.ready: list[date] = [date.min] * len(self.plan.steps)
        self.at = Moment(self.case, self.today, {}, {})
        self.begun = 0
        for index in (*self.counted, *self.given):
            self.begun |= 1 << index
        self.next: date | None = self._break()
        for step in self.plan.steps:
            self._step(step)

    def _break(self) -> date | None:
        breaks = self.plan.regime.breaks
        position = self.plan.regime.interval(self.today)
        return breaks[position] if position < len(breaks) else None

    def _turn(self, day: date | None) -> None:
        if day is not None and day > self.today and (self.next is None or day < self.next):
            self.next = day

    def _step(self, step: Step) -> None:
        index = step.index
        clear, floor_clear, opened = True, True, date.min
        for earlier in step.before:
            if not self.clear[earlier]:
                clear = False
                floor_clear = floor_clear and self.floor_clear[earlier]
            if self.ready[earlier] > opened:
                opened = self.ready[earlier]
        if not clear and floor_clear and step.outcomes and ends_otherwise(step, self.counted.get(index, ())):
            clear = True
        found = self._judged(step, clear, opened)
        self.found[index] = found
        state = found.state
        passed = state in (DONE, WAIVED, "absent")
        self.clear[index] = clear and passed
        self.floor_clear[index] = floor_clear and (passed or not step.floor)
        self.ready[index] = opened
        if state == DONE and found.concluded is not None:
            self.at.done[step.id] = found.concluded
            ready = found.until + ONE_DAY if found.until else found.concluded
            if ready > opened:
                self.ready[index] = ready

    def _judged(self, step: Step, clear: bool, opened: date) -> StepStanding:
        index = step.index
        if index in self.given:
            day = self.given[index]
            self.at.settled[step.id] = day
            rules = self.plan.on(day, self.case.tags_on(day)).steps.get(step.id) or self.now.steps.get(step.id)
            return self._spanned(step, StepStanding(step.id, DONE, began=day, concluded=day, opened=day, rules=rules), clear)
        records = self.counted.get(index, ())
        rules = self.now.steps.get(step.id)
        if records:
            began = records[0].day
            rules = self.plan.on(began, self.case.tags_on(began)).steps.get(step.id) or rules
            if rules is None:
                return StepStanding(step.id, WAIVED, began=began)
            return self._recorded(step, rules, records, clear, opened)
        if rules is None:
            return StepStanding(step.id, WAIVED) if self._was_asked(step) else NOWHERE
        if self._too_late(step):
            return StepStanding(step.id, WAIVED, rules=rules)
        if not rules.records and clear:
            rules = self.plan.on(opened, self.case.tags_on(opened)).steps.get(step.id) or rules if opened > date.min else rules
        return self._unrecorded(step, rules, clear, opened)

    def _was_asked(self, step: Step) -> bool:
        """Whether the step was in force at some time since the case began."""
        days = [entry.day for entry in self.case.entries] + list(self.case.given.values())
        if not days:
            return False
        first = min(days)
        turns = [day for day in (*self.plan.regime.breaks, *self.turns_of_facts, first) if first <= day <= self.today]
        return any(step.id in self.plan.on(day, self.case.tags_on(day)).steps for day in turns)

    def _too_late(self, step: Step) -> bool:
        """Whether a step behind this one had begun before the rule that asks for this one came into force."""
        behind = step.later & self.begun
        if not behind:
            return False
        days = []
        for index in (*self.counted, *self.given):
            if behind >> index & 1:
                if index in self.given and not step.floor:
                    return True
                days.append(self.given.get(index) or self.counted[index][0].day)
        return min(days) < self.plan.came(step.id, self.today, self.case.tags_on, self.turns_of_facts)

    def _recorded(
        self, step: Step, rules: StepRules, records: Sequence[Record], clear: bool, opened: date
    ) -> StepStanding:
        began = records[0].day
        at = self.at
        at.opened = opened if opened > date.min else began
        findings = self._judge(step, rules, records)
        concluded = None
        if not _unsettled(findings):
            concluded = began if len(records) == 1 else self._concluded(rules.facets, records) or records[-1].day
        met = records[0].day if concluded and len(records) == 1 else self._concluded(rules.floor_facets, records)
        if met is not None:
            at.settled[step.id] = met
        at.concluded = concluded
        findings += self._judge_time(rules, records)
        state, until = _state(findings, clear)
        gone = step.id not in self.now.steps
        if gone and not step.floor and state in (OPEN, BLOCKED):
            return StepStanding(step.id, WAIVED, began=began, rules=rules)
        if until is None and state == DONE:
            until = _notice_end(rules, records, at)
        found = StepStanding(
            step.id, state, tuple(findings), until, None, at.opened, began, concluded, rules
        )
        return self._spanned(step, self._with_due(found), clear)

    def _unrecorded(self, step: Step, rules: StepRules, clear: bool, opened: date) -> StepStanding:
        at = self.at
        at.opened = opened if clear and opened > date.min else None
        at.concluded = None
        findings = list(_nothing_given(rules))
        for facet in rules.daily:
            findings += _advised(facet, facet.judge((), at))
        findings += self._judge_time(rules, ())
        findings += self._checks(step, None)
        state, until = _state(findings, clear)
        if not clear and state != FAILED:
            state, until = BLOCKED, None
        concluded = opened if state == DONE and opened > date.min else None
        if concluded is not None:
            at.settled[step.id] = concluded
        found = StepStanding(step.id, state, tuple(findings), until, None, at.opened, None, concluded, rules)
        return self._spanned(step, self._with_due(found), clear)

    def _spanned(self, step: Step, found: StepStanding, clear: bool) -> StepStanding:
        """A step with a fixed span waits until the span is over."""
        if step.span is None or step.index in self.given:
            return found
        start = self.at.settled.get(step.span.from_)
        if start is None:
            return found
        end = add_months(start, step.span.months + self.extended)
        self._turn(end)
        if self.today >= end:
            return replace(found, concluded=max(end, found.concluded) if found.concluded else found.concluded)
        last = end - ONE_DAY
        waiting = Finding("timing.span", CLOCK, "span", (), {"until": last, "months": step.span.months + self.extended}, until=last)
        state = WAITING if found.state == DONE else found.state
        return replace(found, state=state, findings=(*found.findings, waiting), until=last if state == WAITING else None)

    def _judge(self, step: Step, rules: StepRules, records: Sequence[Record]) -> list[Finding]:
        findings: list[Finding] = []
        for facets in (rules.timeless, rules.daily):
            for facet in facets:
                found = facet.judge(records, self.at)
                if found:
                    findings += _advised(facet, found)
        if step.outcomes:
            findings += self._motion(step, records)
        return findings + self._checks(step, records) if self.plan.regime.checks else findings

    def _judge_time(self, rules: StepRules, records: Sequence[Record]) -> list[Finding]:
        timing = rules.timing
        if timing is None:
            return []
        if self.at.concluded is None:
            for day in timing.turns(self.at):
                self._turn(day)
        return _advised(timing, timing.judge(records, self.at))

    def _checks(self, step: Step, records: Sequence[Record] | None) -> list[Finding]:
        checks = self.plan.regime.checks
        if not checks:
            return []
        day = records[0].day if records else self.today
        found: list[Finding] = []
        for plugin, since, until, check in checks:
            if since <= day < until:
                found += _checked(plugin, check, step.id, self.case, self.today)
        return found

    def _concluded(self, facets: Mapping[str, Facet], records: Sequence[Record]) -> date | None:
        """The day of the record with which these requirements were met (a posted notice counts as met); None if they are not."""
        for count in range(1, len(records) + 1):
            if not self._lacking(facets, records[:count]):
                return records[count - 1].day
        return None

    def _lacking(self, facets: Mapping[str, Facet], records: Sequence[Record]) -> bool:
        return any(
            name != "timing" and not facet.advisory and _unsettled(facet.judge(records, self.at))
            for name, facet in facets.items()
        )

    def _with_due(self, found: StepStanding) -> StepStanding:
        rules = found.rules
        if rules is None or found.state == DONE:
            return found
        due = min((day for facet in rules.facets.values() if (day := facet.deadline(self.at)) is not None), default=None)
        if due is not None:
            self._turn(due + ONE_DAY)
        if found.state == WAITING and found.until is not None:
            self._turn(found.until + ONE_DAY)
        return found if due is None else replace(found, due=due)

    def _motion(self, step: Step, records: Sequence[Record]) -> list[Finding]:
        votes = [record.evidence["vote"] for record in records if "vote" in record.evidence]
        if not votes:
            return []
        motion = votes[-1].motion or next(iter(step.outcomes))
        outcome = step.outcomes.get(motion)
        if outcome is None:
            return [_motion(f"没有“{motion}”这一事项，可表决的事项有：{'、'.join(step.outcomes)}")]
        if outcome.then == "repeat":
            low, high = outcome.months
            if self.extensions >= outcome.times:
                return [_motion("预备期只能延长一次，已经延长过。应表决按期转正或取消预备党员资格")]
            if not low <= votes[-1].months <= high:
                return [_motion(f"延长预备期不能少于 {low} 个月、不能超过 {high} 个月，填写的是 {votes[-1].months} 个月")]
        return []

    def outcome(self) -> tuple[Step, Outcome, int] | None:
        """The motion that was carried and confirmed, if any: its step, what follows, and the months."""
        for step in self.plan.steps:
            if step.confirms and self.found[step.index].state == DONE:
                voted = self.plan.by_id[step.confirms]
                records = self.counted.get(voted.index, ())
                votes = [record.evidence["vote"] for record in records if "vote" in record.evidence]
                motion = (votes[-1].motion if votes else "") or next(iter(voted.outcomes))
                return step, voted.outcomes[motion], votes[-1].months if votes else 0
        return None

    def repeat(self, step: Step, outcome: Outcome, months: int) -> bool:
        """Begin again at the step that an approved extension leads back to; False if there is nothing to set aside."""
        self.extended += months
        self.extensions += 1
        target = self.plan.by_id.get(outcome.repeat)
        if target is None:
            return False
        last = self.found[step.index].concluded or self.today
        aside = target.later | (1 << target.index)
        for index in [*self.counted, *self.given]:
            if aside >> index & 1:
                self.given.pop(index, None)
                kept = [record for record in self.counted.pop(index, ()) if record.day > last]
                if kept:
                    self.counted[index] = kept
        return True

    def standing(self) -> Standing:
        """The whole."""
        steps = {one.id: one for one in self.found if one is not NOWHERE}
        status = self._status(steps)
        membership, since = self._membership()
        outcome = self.outcome()
        if outcome is not None and outcome[1].then == "close":
            membership, since = "none", self.found[outcome[0].index].concluded
            for one in [one for one in steps.values() if one.began is None and one.state in (OPEN, WAITING)]:
                steps[one.id] = replace(one, state=BLOCKED)
        live = [one for one in steps.values() if one.state in (OPEN, WAITING, FAILED)]
        last = self.plan.steps[-1].stage if self.plan.steps else ""
        stage = self.plan.by_id[live[0].id].stage if live else last
        due = min((one.due for one in live if one.due is not None), default=None)
        return Standing(stage, status, membership, since, steps, due, self.next, self.extended)

    def _status(self, steps: Mapping[str, StepStanding]) -> str:
        outcome = self.outcome()
        if outcome is not None and outcome[1].then == "close":
            return CLOSED
        for one in steps.values():
            if one.state == FAILED and one.rules is not None and one.rules.on_failure.close:
                return CLOSED
        return COMPLETED if all(one.state in (DONE, WAIVED) for one in steps.values()) else RUNNING

    def _membership(self) -> tuple[str, date | None]:
        reached: tuple[str, date | None] = ("none", None)
        for state in self.plan.procedure.states if self.plan.procedure else ():
            step = self.plan.by_id.get(state.after)
            if step is None or not self.clear[step.index] or not self._complete(step):
                break
            reached = (state.id, self._since(state.from_ or state.after))
        return reached

    def _complete(self, step: Step) -> bool:
        """Whether the step is done, and every step without which it does not take effect."""
        return all(self.clear[one.index] for one in self.plan.steps if one.completes == step.id)

    def _since(self, step_id: str) -> date | None:
        step = self.plan.by_id[step_id]
        if step.span is not None:
            start = self.at.settled.get(step.span.from_)
            return add_months(start, step.span.months + self.extended) if start else None
        settled = self.at.settled.get(step_id)
        return settled or (self.ready[step.index] if self.ready[step.index] > date.min else None)


def ends_otherwise(step: Step, records: Sequence[Record]) -> bool:
    """Whether the newest motion on a step is not the regular one (an extension, a revocation): local gates before the regular
    one, such as a poll that failed, do not keep the meeting from deciding that."""
    votes = [record.evidence["vote"] for record in records if "vote" in record.evidence]
    outcome = step.outcomes.get(votes[-1].motion) if votes else None
    return outcome is not None and outcome.then != "continue"


def _day(record: Record) -> date:
    return record.day


def _advised(facet: Facet, findings: list[Finding]) -> list[Finding]:
    """What an advisory facet finds are warnings; figures that cannot be stay impossible."""
    if not facet.advisory:
        return findings
    return [
        one
        if one.kind in (ADVISORY, IMPOSSIBLE)
        else Finding(one.code, ADVISORY, one.param, one.keys, one.values, one.until, one.since)
        for one in findings
    ]


def _nothing_given(rules: StepRules) -> tuple[Finding, ...]:
    """What timeless facets find when nothing has been recorded: worked out once for each compiled step."""
    key = id(rules)
    kept = _EMPTY.get(key)
    if kept is not None and kept[0] is rules:
        return kept[1]
    moment = Moment(Case(), date.min, {}, {})
    found = tuple(
        one
        for facet in rules.facets.values()
        if facet.timeless and facet.evidence is not None
        for one in _advised(facet, facet.judge((), moment))
    )
    if rules.records:
        found = (*found, Finding("step.record", MISSING))
    if len(_EMPTY) > 4096:
        _EMPTY.clear()
    _EMPTY[key] = (rules, found)
    return found


_EMPTY: dict[int, tuple[StepRules, tuple[Finding, ...]]] = {}


def _unsettled(findings: Sequence[Finding]) -> bool:
    """Whether something other than a date is still wanting."""
    return any(one.kind in (MISSING, NEGATIVE, FORBIDDEN, IMPOSSIBLE) for one in findings)


def _state(findings: Sequence[Finding], clear: bool) -> tuple[str, date | None]:
    kinds = {one.kind for one in findings}
    if NEGATIVE in kinds or IMPOSSIBLE in kinds:
        return FAILED, None
    waits = MISSING in kinds or FORBIDDEN in kinds
    if not waits and CLOCK not in kinds:
        return DONE, None
    if not clear:
        return BLOCKED, None
    if waits:
        return OPEN, None
    return WAITING, max(one.until for one in findings if one.kind == CLOCK and one.until is not None)


def _notice_end(rules: StepRules, records: Sequence[Record], at: Moment) -> date | None:
    """The last day of a notice that has run out: followers may begin the day after."""
    notice = rules.facets.get("notice")
    if notice is None:
        return None
    early = Moment(at.case, date.min, {}, {})
    return max((one.until for one in notice.judge(records, early) if one.kind == CLOCK and one.until), default=None)


def _motion(why: str) -> Finding:
    return Finding("vote.motion", IMPOSSIBLE, "", (), {"why": why})


def _checked(plugin: str, check: object, step: str, case: Case, today: date) -> list[Finding]:
    try:
        found = list(check(step=step, case=case, today=today) or ())  # type: ignore[operator]
    except Exception as error:  # a plugin's own fault: it blocks its step and says so, and the platform goes on
        return [Finding("check.error", MISSING, "", (), {"error": type(error).__name__}, plugin=plugin)]
    return [Finding(one.code, one.kind, one.param, one.keys, one.values, one.until, one.since, plugin) for one in found]
