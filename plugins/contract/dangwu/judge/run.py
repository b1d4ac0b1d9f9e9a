"""One run over the steps of a case: what counts, and what is found on each step.

A step is judged by the policy in force on the day it began; what has not begun follows the policy of the day. A step that a
rule inserts is waived if a step behind it had begun before the rule came into force (法不溯及既往); one whose rule is no longer
in force is waived unless it was concluded, a negative conclusion stays, and a posted notice runs out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from dangwu.case.case import Case, Facts, Record, Return
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import CLOCK, FORBIDDEN, Finding
from dangwu.judge.judging import advised, blocked, checked, nothing_given, state_of, unsettled
from dangwu.judge.outcome import carried, ends_otherwise, wrong_motion
from dangwu.judge.rounds import Carried, Round, rounds
from dangwu.judge.standing import (
    BLOCKED,
    DONE,
    FAILED,
    NOWHERE,
    OPEN,
    WAITING,
    WAIVED,
    StepStanding,
)
from dangwu.policy.policy import Span
from dangwu.regime.effective import Effective, StepRules
from dangwu.regime.plan import Plan
from dangwu.regime.regime import Regime
from dangwu.regime.step import Step
from dangwu.values.days import add_months

ONE_DAY = timedelta(days=1)


def run_of(regime: Regime, case: Case, today: date) -> Run:
    """The run of a case on `today`, in the round that an approved extension has begun."""
    plan = regime.plan(case.procedure)

    def confirmed(case: Case, day: date, before: tuple[Round, ...]) -> Carried | None:
        then = Run(plan, case, day, before)
        then.steps()
        motion = carried(then)
        return motion and (*motion, then.found[motion[0].index].concluded or day)

    run = Run(plan, case, today, rounds(plan, case, today, confirmed))
    run.steps()
    return run


class Run:
    """One evaluation. `counted` are the records that still count, by step index."""

    def __init__(self, plan: Plan, case: Case, today: date, rounds: tuple[Round, ...] = ()) -> None:
        self.plan, self.case, self.today = plan, case, today
        self.extended, self.extensions = sum(one.months for one in rounds), len(rounds)
        self.renewed = frozenset(plan.steps[one.target].id for one in rounds)
        self.given: dict[int, date] = {
            plan.by_id[step].index: day
            for step, day in case.given.items()
            if step in plan.by_id and day <= today
        }
        self.counted: dict[int, list[Record]] = {}
        days = (*(entry.day for entry in case.entries), *case.given.values())
        self.coming = min((day for day in days if day > today), default=None)
        self.turns_of_facts = [entry.day for entry in case.entries if type(entry) is Facts]
        self._days: dict[date, Effective] = {}
        self._count()
        for one in rounds:
            self._begin(one)
        self.now = self.on(today)

    def on(self, day: date) -> Effective:
        """What holds for this case on a day."""
        found = self._days.get(day)
        if found is None:
            tags = self.case.tags_on(day) if self.turns_of_facts else self.case.subject.tags
            found = self._days[day] = self.plan.on(day, tags)
        return found

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
                self._set_aside(entry)
        for records in self.counted.values():
            if len(records) > 1:
                records.sort(key=_day)

    def _set_aside(self, back: Return) -> None:
        aside = self.plan.behind(back.step, back.day, self.case.tags_on(back.day))
        for index in [*self.counted, *self.given]:
            if aside >> index & 1:
                self.counted.pop(index, None)
                self.given.pop(index, None)

    def _begin(self, new: Round) -> None:
        """Set aside what was done from the round's first step on, up to the day on which the round began."""
        aside = self.plan.behind(self.plan.steps[new.target].id, new.last, self.case.tags_on(new.last))
        for index in [*self.counted, *self.given]:
            if aside >> index & 1:
                self.given.pop(index, None)
                kept = [record for record in self.counted.pop(index, ()) if record.day > new.last]
                if kept:
                    self.counted[index] = kept

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
        self.next: date | None = min((day for day in (self._break(), self.coming) if day), default=None)
        for step in self.plan.steps:
            self._step(step)

    def _break(self) -> date | None:
        breaks = self.plan.turns.days
        position = self.plan.turns.interval(self.today)
        return breaks[position] if position < len(breaks) else None

    def _turn(self, day: date | None) -> None:
        if day is not None and day > self.today and (self.next is None or day < self.next):
            self.next = day

    def _step(self, step: Step) -> None:
        index = step.index
        clear, floor_clear, opened = True, True, date.min
        for earlier in self.before(step):
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
            self.at.done[step.id] = found.until or found.concluded
            ready = found.until + ONE_DAY if found.until else found.concluded
            if ready > opened:
                self.ready[index] = ready

    def before(self, step: Step) -> tuple[int, ...]:
        """The steps directly before it, by the order in force on the day it began, else today."""
        index, rules = step.index, self.now
        if index in self.counted:
            rules = self.on(self.counted[index][0].day)
        elif index in self.given:
            rules = self.on(self.given[index])
        return rules.order.before[index]

    def _judged(self, step: Step, clear: bool, opened: date) -> StepStanding:
        index = step.index
        if index in self.given:
            day = self.given[index]
            self.at.settled[step.id] = day
            rules = self.on(day).steps.get(step.id) or self.now.steps.get(step.id)
            return StepStanding(step.id, DONE, began=day, concluded=day, opened=day, rules=rules)
        records = self.counted.get(index, ())
        rules = self.now.steps.get(step.id)
        if records:
            began = records[0].day
            rules = self.on(began).steps.get(step.id) or rules
            if rules is None:
                return StepStanding(step.id, WAIVED, began=began)
            return self._recorded(step, rules, records, clear, opened)
        if rules is None:
            return StepStanding(step.id, WAIVED) if self._was_asked(step) else NOWHERE
        if self._too_late(step):
            return StepStanding(step.id, WAIVED, rules=rules)
        if not rules.records and clear:
            rules = self.on(opened).steps.get(step.id) or rules if opened > date.min else rules
        if not clear and rules.still and step.span is None and not self.checks:
            return blocked(rules)
        return self._unrecorded(step, rules, clear, opened)

    def _was_asked(self, step: Step) -> bool:
        """Whether the step was in force at some time since the case began."""
        days = [entry.day for entry in self.case.entries] + list(self.case.given.values())
        if not days:
            return False
        first = min(days)
        turns = [
            day
            for day in (*self.plan.turns.days, *self.turns_of_facts, first)
            if first <= day <= self.today
        ]
        return any(step.id in self.on(day).steps for day in turns)

    def _too_late(self, step: Step) -> bool:
        """Whether a step that must follow this one had begun before the rule that asks for this one came into force.

        For a step of the floor only the floor's own steps tell: no local policy can make it superfluous.
        """
        behind = step.overtaken & self.begun
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
        concluded = self._conclude(step, rules, records, unsettled(findings))
        at.concluded = concluded
        if rules.timing is not None:
            findings += self._judge_time(rules.timing, records)
        if concluded is None:
            findings += self._forbidden(rules, findings)
        state, until = state_of(findings, clear)
        if rules.turning and state != DONE:
            self._turns(rules.turning, records)
        gone = step.id not in self.now.steps
        if gone and not step.floor and state in (OPEN, BLOCKED):
            return StepStanding(step.id, WAIVED, began=began, rules=rules)
        if state == DONE and "notice" in rules.facets:
            until = rules.facets["notice"].end(records)
        found = StepStanding(step.id, state, tuple(findings), until, None, at.opened, began, concluded, rules)
        found = found if state == DONE else self._with_due(found, rules)
        return found if step.span is None else self._spanned(step.span, found)

    def _conclude(
        self, step: Step, rules: StepRules, records: Sequence[Record], wanting: bool
    ) -> date | None:
        """The day on which the step was done by all rules; notes the day on which it was by the floor's alone."""
        counts = range(_newest_vote(records), len(records) + (1 if wanting else 0))
        concluded = None if wanting else self._concluded(rules.facets, records, counts) or records[-1].day
        met = self._concluded(rules.floor_facets, records, counts) or concluded
        if met is not None:
            self.at.settled[step.id] = met
        return concluded

    def _unrecorded(self, step: Step, rules: StepRules, clear: bool, opened: date) -> StepStanding:
        at = self.at
        at.opened = opened if clear and opened > date.min else None
        at.concluded = None
        findings = list(nothing_given(rules))
        for facet in rules.daily:
            findings += advised(facet, facet.judge((), at))
        if rules.timing is not None:
            findings += self._judge_time(rules.timing, ())
        if rules.turning:
            self._turns(rules.turning, ())
        findings += self._checks(step, None)
        state, until = state_of(findings, clear)
        if not clear and state != FAILED:
            state, until = BLOCKED, None
        concluded = opened if state == DONE and opened > date.min else None
        if concluded is not None:
            at.settled[step.id] = concluded
        found = StepStanding(step.id, state, tuple(findings), until, None, at.opened, None, concluded, rules)
        found = found if state == DONE else self._with_due(found, rules)
        return found if step.span is None else self._spanned(step.span, found)

    def _spanned(self, span: Span, found: StepStanding) -> StepStanding:
        """A step with a fixed span waits until the span is over."""
        end = self.span_end(found.id, span)
        if end is None:
            return found
        self._turn(end)
        if self.today >= end:
            return replace(found, concluded=max(end, found.concluded) if found.concluded else found.concluded)
        last = end - ONE_DAY
        waiting = Finding(
            "timing.span",
            CLOCK,
            "span",
            (),
            {"until": last, "months": span.months + self.extended},
            until=last,
        )
        state = WAITING if found.state == DONE else found.state
        return replace(
            found,
            state=state,
            findings=(*found.findings, waiting),
            until=last if state in (OPEN, WAITING) else None,
        )

    def span_end(self, step: str, span: Span) -> date | None:
        """The first day after a step's fixed span; one taken over as done had ended by then, and is extended from there."""
        start = self.at.settled.get(span.from_)
        if start is None:
            return None
        counts = self.extended or self.plan.by_id[step].index in self.given
        taken = self.case.given.get(step) if counts else None
        if taken is not None and start <= taken < add_months(start, span.months):
            return add_months(taken, self.extended)
        return add_months(start, span.months + self.extended)

    def _judge(self, step: Step, rules: StepRules, records: Sequence[Record]) -> list[Finding]:
        findings: list[Finding] = []
        at = self.at
        for facet in rules.judged:
            found = facet.judge(records, at)
            if found:
                findings += advised(facet, found) if facet.advisory else found
        if step.outcomes:
            findings += wrong_motion(step, records, self.extensions)
        return findings + self._checks(step, records) if self.checks else findings

    def _judge_time(self, timing: Facet, records: Sequence[Record]) -> list[Finding]:
        return advised(timing, timing.judge(records, self.at))

    def _forbidden(self, rules: StepRules, found: Sequence[Finding]) -> list[Finding]:
        """What forbids a further record today of a step that has begun and is not concluded: the day, or the person."""
        codes = {one.code for one in found}
        facets = rules.daily if rules.timing is None else (*rules.daily, rules.timing)
        return [
            one
            for facet in facets
            if not facet.advisory
            for one in facet.judge((), self.at)
            if one.kind == FORBIDDEN and one.code not in codes
        ]

    def _turns(self, turning: Sequence[Facet], records: Sequence[Record]) -> None:
        for facet in turning:
            for day in facet.turns(records, self.at):
                self._turn(day)

    def _checks(self, step: Step, records: Sequence[Record] | None) -> list[Finding]:
        checks = self.checks
        if not checks:
            return []
        day = records[0].day if records else self.today
        found: list[Finding] = []
        for plugin, since, until, check in checks:
            if since <= day < until:
                found += checked(plugin, check, step.id, self.case, self.today)
                self._turn(self.today + ONE_DAY)
        return found

    def _concluded(
        self, facets: Mapping[str, Facet], records: Sequence[Record], counts: Iterable[int]
    ) -> date | None:
        """The day of the record with which these requirements were met (a posted notice counts as met); None if they are not."""
        for count in counts:
            if not self._lacking(facets, records[:count]):
                return records[count - 1].day
        return None

    def _lacking(self, facets: Mapping[str, Facet], records: Sequence[Record]) -> bool:
        return any(
            name != "timing" and not facet.advisory and unsettled(facet.judge(records, self.at))
            for name, facet in facets.items()
        )

    def _with_due(self, found: StepStanding, rules: StepRules) -> StepStanding:
        due = min(
            (day for facet in rules.dated if (day := facet.deadline(self.at)) is not None), default=None
        )
        if due is not None:
            self._turn(due + ONE_DAY)
        if found.state == WAITING and found.until is not None:
            self._turn(found.until + ONE_DAY)
        return found if due is None else replace(found, due=due)


def _newest_vote(records: Sequence[Record]) -> int:
    """How many records there are up to the newest vote, which replaces the older whole: no step was done by one before it."""
    if len(records) == 1:
        return 1
    return max((count for count, one in enumerate(records, 1) if "vote" in one.evidence), default=1)


def _day(record: Record) -> date:
    return record.day
