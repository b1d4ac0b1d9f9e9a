"""One run over the steps of a case: what is found on each, and how far it has come.

A step is judged by the policy in force on the day it began; what has not begun follows the policy of the day. A step that a
rule inserts is waived if a step behind it had begun before the rule came into force (法不溯及既往); one whose rule is no longer
in force is waived unless it was concluded, a negative conclusion stays, and a posted notice runs out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import FORBIDDEN, Finding
from dangwu.facets.reading import decides
from dangwu.facets.timing import span_running
from dangwu.judge.counted import Counted
from dangwu.judge.grounds import PASSED, Grounds
from dangwu.judge.judging import acted, checked, concluded_on, spanned, state_of, unsettled
from dangwu.judge.motions import other_motion, wrong_motion
from dangwu.judge.paper import brought_up, on_paper
from dangwu.judge.reached import was_done
from dangwu.judge.settled import Kept, Settled
from dangwu.judge.standing import BLOCKED, DONE, FAILED, NOWHERE, OPEN, WAITING, WAIVED, StepStanding
from dangwu.policy.policy import Span
from dangwu.regime.checks import TimedCheck
from dangwu.regime.effective import StepRules
from dangwu.regime.step import Step

ONE_DAY, ALWAYS = timedelta(days=1), date.min


class Run:
    """The steps of a case judged one after the other, by what counts of it; `checks` are the plugins' own.

    By index: what is `found`, and from which day on the next can be worked on (`ready`). As bit masks: the steps that are not
    done, or some before them are not (`unclear`; by the floor's steps alone `floor_unclear`), and those that were not done even
    before something came from outside (`unstood`). `next` is the next day on which time alone may change something.
    """

    def __init__(
        self, counted: Counted, checks: Sequence[TimedCheck], settled: Settled | None = None
    ) -> None:
        self.counted, self.checks, self.settled = counted, checks, settled
        self.plan, self.case, self.today = counted.plan, counted.case, counted.today
        self.found: list[StepStanding] = [NOWHERE] * (number := len(self.plan.steps))
        self.unclear = self.floor_unclear = self.unstood = 0
        self.ready: list[date] = [ALWAYS] * number
        self.at = Moment(self.case, self.today, {}, {})
        turns = (self.plan.turns.after(self.today), counted.coming)
        self.next: date | None = min((day for day in turns if day), default=None)
        kept = {one.index: one for one in settled.steps} if settled is not None else {}
        self.grounds = Grounds(self) if counted.corrected else None
        for step in self.plan.steps:
            if step.index in kept:
                self._restore(step, kept[step.index])
            else:
                self._step(step)

    def _restore(self, step: Step, kept: Kept) -> None:
        """Take over what was settled."""
        index, counted = step.index, self.counted
        rules = counted.held(index).steps.get(step.id)
        if rules is None or counted.exemptions:
            rules = counted.rules(step, kept.began or self.today, counted.records.get(index, ()))
        self.found[index] = kept.standing(step.id, rules)
        self.ready[index] = kept.ready
        if kept.met is not None:
            self.at.settled[step.id] = kept.met
        if kept.concluded is not None:
            self.at.done[step.id] = kept.until or kept.concluded

    def _turn(self, day: date | None) -> None:
        if day is not None and day > self.today and (self.next is None or day < self.next):
            self.next = day

    def _step(self, step: Step) -> None:
        index, held = step.index, self.counted.held(step.index)
        records = self.counted.records.get(index, ())
        ahead, opened = held.order.ahead[index], ALWAYS
        for earlier in held.order.before[index]:
            if (ready := self.ready[earlier]) > opened:
                opened = ready
        clear = not ahead & self.unclear
        if not clear and step.outcomes:
            other = self.motion_opened(step, records)
            if other is not None:
                clear, opened = True, other
        if self.grounds is not None:
            found = self.grounds.judged(step, clear, opened)
        else:
            found = self.judged(step, held.steps.get(step.id), records, clear, opened)
        self.found[index] = found
        passed = found.state in PASSED
        if not (clear and passed):
            self.unclear |= 1 << index
            if (step.floor and not passed) or (not clear and ahead & self.floor_unclear):
                self.floor_unclear |= 1 << index
            if (not clear and ahead & self.unstood) or not (passed or was_done(self, step, found)):
                self.unstood |= 1 << index
        self.ready[index] = opened
        if found.concluded is not None and found.state == DONE:
            self.at.done[step.id] = found.until or found.concluded
            ready = found.until + ONE_DAY if found.until else found.concluded
            if ready > opened:
                self.ready[index] = ready
        if self.grounds is not None:
            self.grounds.passed(step, self.ready[index])

    def motion_opened(self, step: Step, records: Sequence[Record]) -> date | None:
        """From which day on the newest motion, if it is not the regular one, can be put; None before.

        Local gates before the regular motion, such as a poll that failed, do not keep the meeting from deciding another.
        """
        outcome = other_motion(step, records)
        if outcome is None:
            return None
        needed = [self.plan.by_id[one].index for one in outcome.after]
        if needed:
            done = all(self.effective(self.plan.steps[one]) for one in needed)
        else:
            order = self.counted.held(step.index).order
            needed, done = [*order.before[step.index]], not order.ahead[step.index] & self.floor_unclear
        return max((self.ready[one] for one in needed), default=ALWAYS) if done else None

    def effective(self, step: Step) -> bool:
        """Whether it has been done, and every step without which it does not take effect.

        What comes from outside afterwards (an objection, a reply) holds the next step back; what was reached it does not undo.
        """
        return not self.plan.completing[step.id] & self.unstood

    def judged(
        self, step: Step, rules: StepRules | None, records: Sequence[Record], clear: bool, opened: date
    ) -> StepStanding:
        """The step judged by these of its records; `clear`: all before it is done, `opened`: since when it can be worked on."""
        index, counted = step.index, self.counted
        self.at.opened = self.at.concluded = None  # nothing of the step before
        if index in counted.given:
            return self._taken_over(step, counted.given[index], records)
        if records:
            if rules is None or counted.exemptions:
                rules = counted.excepting(step, rules, records) or counted.rules(
                    step, records[0].day, records
                )
            if rules is None:
                return StepStanding(step.id, WAIVED, began=records[0].day)
            return self._recorded(step, rules, records, clear, opened)
        rules = counted.excepting(step, rules)
        if rules is None:
            return StepStanding(step.id, WAIVED) if counted.was_asked(step) else NOWHERE
        since = self.grounds.needed(step) if self.grounds is not None else ALWAYS
        if counted.too_late(step, since) or (clear and counted.reached_before(step, opened)):
            return StepStanding(step.id, WAIVED, rules=rules)
        if not rules.records and clear:
            if opened > ALWAYS:
                rules = counted.excepting(step, counted.on(opened).steps.get(step.id)) or rules
            opened = max(opened, *(one.day for one in counted.exemptions[index])) if rules.lifted else opened
        if not clear and rules.ahead is not None and self.untimed(step, rules):
            return StepStanding(rules.id, BLOCKED, rules.ahead, rules=rules)
        return self._unrecorded(step, rules, clear, opened)

    def untimed(self, step: Step, rules: StepRules) -> bool:
        """Whether nothing is known yet from which a time of the step counts, and no plugin looks at it on its own."""
        anchors, at = rules.anchors, self.at
        unknown = at.settled.keys().isdisjoint(anchors) and at.done.keys().isdisjoint(anchors)
        return unknown and step.span is None and not self.checks

    def _taken_over(self, step: Step, day: date, records: Sequence[Record]) -> StepStanding:
        """A step taken over as done; what was recorded of it afterwards counts as if the paper's record stood before."""
        rules, state = self.counted.rules(step, day, records), DONE
        findings: list[Finding] = []
        if records and rules is not None:
            paper = [on_paper(rules, self.case, day)]
            findings = brought_up(self.judge(step, rules, paper), self.judge(step, rules, [*paper, *records]))
            state, _ = state_of(findings, True)
        concluded = max((one.day for one in records if decides(one)), default=day) if state == DONE else None
        if concluded is not None:
            self.at.settled[step.id] = concluded
        self.at.opened, self.at.concluded = day, concluded
        if records and rules is not None:
            self._turns(rules.turning, records)
        return StepStanding(step.id, state, tuple(findings), None, None, day, day, concluded, rules)

    def _recorded(
        self, step: Step, rules: StepRules, records: Sequence[Record], clear: bool, opened: date
    ) -> StepStanding:
        began, at = records[0].day, self.at
        at.opened = opened if opened > ALWAYS else began
        findings = rules.found(rules.judged, records, at)
        if step.outcomes or self.checks:
            findings += self._beyond(step, records)
        if not findings and len(records) == 1:  # by far the most frequent
            concluded: date | None = began
            at.concluded = at.settled[step.id] = began
        else:
            concluded, met = concluded_on(rules, records, unsettled(findings), at)
            if met is not None:
                at.settled[step.id] = met
            at.concluded = acted(rules, records, findings, concluded, at)
        if rules.last:
            findings += rules.found(rules.last, records, at)
        if not findings:
            until = self.end(rules, records) if rules.ending else None
            found = StepStanding(step.id, DONE, (), until, None, at.opened, began, concluded, rules)
            return found if step.span is None else self._spanned(step.span, found)
        if at.concluded is None:
            findings += self.forbidden(rules, findings)
        state, until = state_of(findings, clear)
        if rules.turning and state != DONE:
            self._turns(rules.turning, records)
        if state in (OPEN, BLOCKED) and not step.floor and step.id not in self.counted.now.steps:
            findings = rules.found([one for one in rules.judged if one.outlasts(records)], records, at)
            if not findings:
                return StepStanding(step.id, WAIVED, began=began, rules=rules)
            state, until = state_of(findings, clear)
        if state == DONE:
            until = self.end(rules, records)
        found = StepStanding(step.id, state, tuple(findings), until, None, at.opened, began, concluded, rules)
        if state != DONE:
            found = self._with_due(found, rules)
        return found if step.span is None else self._spanned(step.span, found)

    def end(self, rules: StepRules, records: Sequence[Record]) -> date | None:
        """The last day of the times that run in a step once all is given."""
        return max([end for facet in rules.ending if (end := facet.end(records))], default=None)

    def _unrecorded(self, step: Step, rules: StepRules, clear: bool, opened: date) -> StepStanding:
        at = self.at
        at.opened = opened if clear and opened > ALWAYS else None
        self._turns(rules.turning, ())
        findings = [*rules.nothing, *rules.found((*rules.daily, *rules.last), (), at)]
        findings += self._checks(step, None)
        state, until = state_of(findings, clear)
        if not clear and state != FAILED:
            state, until = BLOCKED, None
        concluded = opened if state == DONE and opened > ALWAYS else None
        if concluded is not None:
            at.settled[step.id] = concluded
        found = StepStanding(step.id, state, tuple(findings), until, None, at.opened, None, concluded, rules)
        found = found if state == DONE else self._with_due(found, rules)
        return found if step.span is None else self._spanned(step.span, found)

    def _spanned(self, span: Span, found: StepStanding) -> StepStanding:
        """A step with a fixed span waits until the span is over."""
        end = self.counted.span_end(found.id, span, self.at.settled.get(span.from_))
        if end is None:
            return found
        self._turn(end)
        running = span_running(span.title, span.months + self.counted.extended, end - ONE_DAY)
        return spanned(found, end, running, self.today)

    def judge(self, step: Step, rules: StepRules, records: Sequence[Record]) -> list[Finding]:
        """What is found for these records, whatever the day on which the step is concluded."""
        return rules.found(rules.judged, records, self.at) + self._beyond(step, records)

    def _beyond(self, step: Step, records: Sequence[Record]) -> list[Finding]:
        """What is found beyond its requirements: of the motion that was put, and by plugins' own checks."""
        wrong = wrong_motion(step, records, self.counted.extensions) if step.outcomes else ()
        return [*wrong, *self._checks(step, records)]

    def forbidden(self, rules: StepRules, found: Sequence[Finding]) -> list[Finding]:
        """What forbids a further record today of a step that has begun and is not concluded: the day, or the person."""
        codes = {one.code for one in found}
        return [
            one
            for one in rules.found((*rules.daily, *rules.last), (), self.at)
            if one.kind == FORBIDDEN and one.code not in codes
        ]

    def _turns(self, turning: Sequence[Facet], records: Sequence[Record]) -> None:
        for facet in turning:
            for day in facet.turns(records, self.at):
                self._turn(day)

    def _checks(self, step: Step, records: Sequence[Record] | None) -> list[Finding]:
        day = records[0].day if records else self.today
        found: list[Finding] = []
        for plugin, since, until, check in self.checks:
            if since <= day < until:
                found += checked(plugin, check, step.id, self.case, self.today)
                self._turn(self.today + ONE_DAY)
        return found

    def _with_due(self, found: StepStanding, rules: StepRules) -> StepStanding:
        due = min(
            (day for facet in rules.dated if (day := facet.deadline(self.at)) is not None), default=None
        )
        if due is not None:
            self._turn(due + ONE_DAY)
        if found.state == WAITING and found.until is not None:
            self._turn(found.until + ONE_DAY)
        return found if due is None else replace(found, due=due)


__all__ = ["Run"]
