"""The steps of one procedure under a regime: what they are, in which order, and what each requires on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta

from dangwu.case.case import Exemption
from dangwu.policy.floor import Floor
from dangwu.policy.policy import Procedure
from dangwu.regime.adoption import Bound
from dangwu.regime.effective import Effective, StepRules, join_rules
from dangwu.regime.excepting import Contribution, without
from dangwu.regime.order import Edge, Order
from dangwu.regime.step import Step
from dangwu.regime.steps import arranged
from dangwu.regime.turns import Turns


class Plan:
    """Steps in order, and the effective policy by day and tags (kept once worked out).

    `bound` are all rules of the unit, of which the procedure's own are taken; `turns` the days on which the rules change.
    Raises ConflictError if the orders cannot be reconciled.
    """

    def __init__(
        self,
        procedure: str,
        bound: Sequence[Bound],
        floor: Floor,
        turns: Turns,
    ) -> None:
        self.name, self.turns = procedure, turns
        self.procedure: Procedure = floor.procedures[procedure]
        self._bound = [one for one in bound if one.rule.procedure == procedure and one.rule.steps]
        self.relevant = frozenset(tag for one in self._bound for tag in one.rule.when)
        self.steps = arranged(procedure, self._bound, floor)
        self.by_id = {step.id: step for step in self.steps}
        self.confers = frozenset(one.after for one in self.procedure.states)
        """The steps with which a state is reached."""
        self.completing = {step.id: 1 << step.index for step in self.steps}
        """By id, the steps without which a step does not take effect, itself too, as a bit mask."""
        for step in self.steps:
            if step.completes in self.completing:
                self.completing[step.completes] |= 1 << step.index
        self.confirming = tuple(step for step in self.steps if step.confirms)
        """The steps that confirm a motion."""
        self.repeating = frozenset(
            step.id for step in self.steps if any(one.then == "repeat" for one in step.outcomes.values())
        )
        """The steps that can decide on another round."""
        self.stages: Mapping[str, str] = {name: one.title for name, one in self.procedure.stages.items()}
        self._effective: dict[tuple[int, frozenset[str]], Effective] = {}
        self._joined: dict[tuple[object, ...], StepRules] = {}
        self._since: dict[tuple[str, int, frozenset[str]], date | None] = {}
        self._orders()

    def _orders(self) -> None:
        """Tell the order that lasts from what holds only while a rule does: an added step's place is as lasting as the step."""
        self._lasting = [edge for one in self._bound if one.rule.kind == "add" for edge in one.edges]
        self._order = self._ordered(self._lasting)
        self._rank = place = {step.id: step.index for step in self.steps}
        self._passing = [
            (one, edge)
            for one in self._bound
            if one.rule.kind != "add"
            for edge in one.edges
            if edge.first in place and edge.second in place
            if not self._order.later[place[edge.first]] >> place[edge.second] & 1
        ]

    def _ordered(self, edges: Iterable[Edge]) -> Order:
        return Order.of([step.id for step in self.steps], edges)

    def alike(self, other: Plan) -> bool:
        """Whether both come of the same rules, adopted for the same days."""
        return self._bound == other._bound

    def on(self, day: date, tags: frozenset[str]) -> Effective:
        """What holds on a day for a case with these tags."""
        key = (self.turns.interval(day), tags & self.relevant)
        found = self._effective.get(key)
        if found is None:
            found = self._effective[key] = self._compile(day, key[1])
        return found

    def excepting(self, rules: StepRules, granted: Sequence[Exemption]) -> StepRules:
        """What a step requires of a case for which these exceptions were agreed."""
        agreed = frozenset((one.facet, one.param, one.by) for one in granted)
        found = rules.excepted.get(agreed)
        if found is None:
            found = rules.excepted[agreed] = self._excepting(rules, granted)
        return found

    def _excepting(self, rules: StepRules, granted: Sequence[Exemption]) -> StepRules:
        left, lifted = without(rules.made, granted)
        if not lifted:
            return rules
        return join_rules(self.by_id[rules.id], left, self._rank, rules.day, lifted)

    def behind(self, step: str, day: date, tags: frozenset[str]) -> int:
        """Bit mask of a step and all that must follow it by the rules of that day."""
        index = self.by_id[step].index
        return self.on(day, tags).order.later[index] | (1 << index)

    def following(self, step: str, day: date, tags: frozenset[str]) -> frozenset[str]:
        """A step and all that must follow it by the rules of that day: what going back to it sets aside."""
        mask = self.behind(step, day, tags)
        return frozenset(one.id for one in self.steps if mask >> one.index & 1)

    def _compile(self, day: date, tags: frozenset[str]) -> Effective:
        by_step: dict[str, list[int]] = {}
        present = set()
        for number, one in enumerate(self._bound):
            if one.holds(day, tags):
                for step in one.rule.steps:
                    by_step.setdefault(step, []).append(number)
                    if one.rule.kind == "add":
                        present.add(step)
        steps = {one.id: self._joining(one, by_step[one.id], day) for one in self.steps if one.id in present}
        idle = {
            step: [self._bound[one].rule.id for one in numbers]
            for step, numbers in by_step.items()
            if step not in present
        }
        further = [edge for one, edge in self._passing if one.holds(day, tags)]
        order = self._ordered([*self._lasting, *further]) if further else self._order
        return Effective(steps, idle, order)

    def _joining(self, step: Step, numbers: Sequence[int], day: date) -> StepRules:
        """What a step requires by these of the rules: joined once for all days on which the same hold by the same documents."""
        rules = [self._bound[one] for one in numbers]
        cites = (one.rule.cite_on(day) for one in rules if one.rule.cited_before)
        key = (step.id, *numbers, *cites)
        found = self._joined.get(key)
        if found is None:
            made: list[Contribution] = [(one.rule, one.facets, one.floor) for one in rules]
            found = self._joined[key] = join_rules(step, made, self._rank, day)
        return found

    def came(
        self, step: str, today: date, tags_on: Callable[[date], frozenset[str]], turns: Sequence[date] = ()
    ) -> date:
        """The first day of the unbroken time, up to today, in which the step has been in force.

        `turns` are the days on which the subject's tags changed.
        """
        if turns:
            return self._came(step, today, tags_on, turns) or today
        key = (step, self.turns.interval(today), tags_on(today) & self.relevant)
        if key not in self._since:
            self._since[key] = self._came(step, today, tags_on, ())
        return self._since[key] or today

    def _came(
        self, step: str, today: date, tags_on: Callable[[date], frozenset[str]], turns: Sequence[date]
    ) -> date | None:
        """The same; None where it is not in force today."""
        first = None
        for day in sorted({one for one in (*self.turns.days, *turns) if one <= today}, reverse=True):
            if step not in self.on(day, tags_on(day)).steps:
                return first
            first = day
            eve = day - timedelta(days=1)
            if step not in self.on(eve, tags_on(eve)).steps:
                return first
        return date.min


__all__ = ["Plan"]
