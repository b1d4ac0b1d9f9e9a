"""What counts of a case on a day: the records that were not set aside, what was taken over, and the rules of each day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from dangwu.case.case import Case, Exemption, Facts, Record, Return, Struck
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.judge.rounds import Round
from dangwu.policy.policy import Span
from dangwu.regime.effective import Effective, StepRules
from dangwu.regime.plan import Plan
from dangwu.regime.step import Step
from dangwu.values.days import add_months


class Counted:
    """What counts on `today`, by the index of the step: its `records` by day, the day on which it was `given` as done.

    `extensions` is how often a fixed time was extended, by `extended` months in all; `renewed` are the steps from which these
    rounds began; `begun` is the bit mask of all steps that have begun; `coming` the next day on which something is entered;
    `corrected` are the steps of which a record stands in the place of a wrong one, or was struck out, be it in an attempt or a
    round that no longer counts.
    """

    def __init__(self, plan: Plan, case: Case, today: date, rounds: Sequence[Round] = ()) -> None:
        self.plan, self.case, self.today = plan, case, today
        self.extended, self.extensions = sum(one.months for one in rounds), len(rounds)
        self.renewed = frozenset(plan.steps[one.target].id for one in rounds)
        self.given: dict[int, date] = {
            plan.by_id[step].index: day
            for step, day in case.given.items()
            if step in plan.by_id and day <= today
        }
        self.records: dict[int, list[Record]] = {}
        self.exemptions: dict[int, list[Exemption]] = {}
        self.corrected: set[int] = set()
        self.coming = min((day for day in case.given.values() if day > today), default=None)
        self._first: dict[int, date] = {}
        self._turns_of_facts = [entry.day for entry in case.entries if type(entry) is Facts]
        self._days: dict[date, Effective] = {}
        self._since, self._until = date.max, date.min
        self._within: Effective | None = None
        self._held: dict[int, Effective] = {}
        self._count()
        for one in rounds:
            self._begin(one)
        self.now = self.on(today)
        self.begun = 0
        self._attempts()

    def on(self, day: date) -> Effective:
        """What holds for this case on a day."""
        if self._within is not None and self._since <= day < self._until:
            return self._within
        if not self._turns_of_facts:
            self._since, self._until = self.plan.turns.span(day)
            self._within = self.plan.on(day, self.case.subject.tags)
            return self._within
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = self.plan.on(day, self.case.tags_on(day))
        return found

    def _count(self) -> None:
        by_id, today, counting = self.plan.by_id, self.today, self.records
        for entry in self.case.entries:
            if entry.day > today:
                self.coming = min(self.coming or entry.day, entry.day)
            elif type(entry) is Record:
                step = by_id.get(entry.step)
                if step is None:
                    continue
                index = step.index
                if index in counting:
                    counting[index].append(entry)
                else:
                    counting[index] = [entry]
                if entry.was is not None:
                    self.corrected.add(index)
            elif type(entry) is Exemption and entry.step in by_id:
                self.exemptions.setdefault(by_id[entry.step].index, []).append(entry)
            elif type(entry) is Struck and entry.step in by_id:
                self.corrected.add(by_id[entry.step].index)
            elif type(entry) is Return and entry.step in by_id:
                self._set_aside(entry)
        for records in self.records.values():
            if len(records) > 1:
                records.sort(key=_day)

    def _attempts(self) -> None:
        """Of a step that failed and was begun anew only the newest attempt counts; what was taken over goes with the first."""
        for index, day in self.given.items():
            self.begun |= 1 << index
            self._held[index] = self.on(day)
        given, now = self.given, self.now
        for index, records in self.records.items():
            self.begun |= 1 << index
            self._first[index] = given.get(index) or records[0].day
            if len(records) > 1:
                newest = self._newest_attempt(self.plan.steps[index], records)
                if len(newest) < len(records):
                    self.records[index] = records = newest
                    given.pop(index, None)
            if index not in given and (held := self.on(records[0].day)) is not now:
                self._held[index] = held

    def _newest_attempt(self, step: Step, records: list[Record]) -> list[Record]:
        attempt, rules = [records[0]], self.rules(step, records[0].day, records[:1])
        if (rules is None or not rules.renewing) and step.index not in self.exemptions:
            return records  # nothing here can fail and be begun anew
        for following in records[1:]:
            if step.index in self.exemptions:
                rules = self.rules(step, attempt[0].day, attempt)
            failed = self._failed(rules, attempt, following) if rules and rules.renewing else []
            if failed:
                evidence = {one.name: one.carried(attempt, following.evidence[one.name]) for one in failed}
                attempt = [replace(following, evidence={**following.evidence, **evidence})]
                rules = self.rules(step, following.day, attempt)
            else:
                attempt.append(following)
        return attempt

    def _failed(self, rules: StepRules, attempt: Sequence[Record], following: Record) -> list[Facet]:
        """The facets with which the attempt has failed, and of which the following record is the same act anew."""
        named = [one for one in rules.renewing if one.name in following.evidence]
        at = Moment(self.case, following.day, {}, {}) if named else None
        return [one for one in named if at and one.begins_again(attempt, following, at)]

    def rules(self, step: Step, day: date, attempt: Sequence[Record] = ()) -> StepRules | None:
        """What a step begun on a day is judged by. One that nothing asks for any more is tried again by the rules of its first
        attempt, and one whose rules came after it by today's."""
        found = self.on(day).steps.get(step.id)
        first = self._first.get(step.index)
        if found is None and first is not None:
            found = self.on(first).steps.get(step.id)
        return self.excepting(step, found or self.now.steps.get(step.id), attempt)

    def excepting(
        self, step: Step, rules: StepRules | None, attempt: Sequence[Record] = ()
    ) -> StepRules | None:
        """These rules without what was agreed not to bind before the attempt began."""
        agreed = self.exemptions.get(step.index)
        if rules is None or not agreed:
            return rules
        began = attempt[0].day if attempt else self.today
        return self.plan.excepting(rules, [one for one in agreed if one.day <= began])

    def _set_aside(self, back: Return) -> None:
        aside = self.plan.behind(back.step, back.day, self.case.tags_on(back.day))
        for index in [*self.records, *self.given, *self.exemptions, *self.corrected]:
            if aside >> index & 1:
                self.records.pop(index, None)
                self.given.pop(index, None)
                self.exemptions.pop(index, None)
                self.corrected.discard(index)

    def _begin(self, new: Round) -> None:
        """Set aside what was done from the round's first step on, up to the day on which the round began."""
        aside = self.plan.behind(self.plan.steps[new.target].id, new.last, self.case.tags_on(new.last))
        for index in [*self.records, *self.given]:
            if aside >> index & 1:
                self.given.pop(index, None)
                kept = [record for record in self.records.pop(index, ()) if record.day > new.last]
                if kept:
                    self.records[index] = kept
        for index, agreed in self.exemptions.items():
            if aside >> index & 1:
                self.exemptions[index] = [one for one in agreed if one.day > new.last]

    def held(self, index: int) -> Effective:
        """What holds for a step: the rules in force on the day it began, else today's."""
        return self._held.get(index, self.now)

    def span_end(self, step: str, span: Span, start: date | None) -> date | None:
        """The first day after a step's span from `start`; one taken over as done had ended, and is extended from there."""
        if start is None:
            return None
        counts = self.extended or self.plan.by_id[step].index in self.given
        taken = self.case.given.get(step) if counts else None
        if taken is not None and start <= taken < add_months(start, span.months):
            return add_months(taken, self.extended)
        return add_months(start, span.months + self.extended)

    def was_asked(self, step: Step) -> bool:
        """Whether the step was in force at some time since the case began."""
        days = [entry.day for entry in self.case.entries] + list(self.case.given.values())
        if not days:
            return False
        first = min(days)
        turns = (*self.plan.turns.days, *self._turns_of_facts, first)
        return any(step.id in self.on(day).steps for day in turns if first <= day <= self.today)

    def too_late(self, step: Step, since: date = date.min) -> bool:
        """Whether a step that must follow this one had begun before the rule that asks for this one came into force.

        `since`: the first day on which it could; what was done before has fallen with a correction, and does not tell.
        For a step of the floor only the floor's own steps tell: no local policy can make it superfluous.
        """
        behind = step.overtaken & self.begun
        if not behind:
            return False
        days = []
        for index in (*self.records, *self.given):
            if behind >> index & 1:
                if index in self.given and not step.floor:
                    return True
                first = self._first.get(index) or self.given[index]
                if first < since and index not in self.given:
                    first = next((one.day for one in self.records[index] if one.day >= since), date.max)
                days.append(first)
        return min(days) < self.plan.came(step.id, self.today, self.case.tags_on, self._turns_of_facts)

    def reached_before(self, step: Step, opened: date) -> bool:
        """Whether the case had reached the state that this step confers before any rule asked for it: what is reached stays."""
        confers = self.plan.confers
        if step.id not in confers and step.completes not in confers:
            return False
        return (
            date.min < opened < self.plan.came(step.id, self.today, self.case.tags_on, self._turns_of_facts)
        )


def _day(record: Record) -> date:
    return record.day


__all__ = ["Counted"]
