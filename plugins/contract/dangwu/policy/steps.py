"""The steps that a policy can speak of: the floor's, those that several practices share, and its own, with their order."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from dangwu.policy.floor import Floor
from dangwu.policy.policy import Policy, StepFacts
from dangwu.values.catalogue import INSERTED, Inserted


class Steps:
    """Steps by procedure with their titles, and what comes before each; `rules` are the policy's own, as written."""

    def __init__(self, ground: Floor, policy: Policy, rules: Iterable[Any]) -> None:
        procedures = {**ground.procedures, **policy.procedures}
        self.stages = {
            name: {stage: one.title for stage, one in procedure.stages.items()}
            for name, procedure in procedures.items()
        }
        self.titles: dict[str, dict[str, str]] = {name: {} for name in procedures}
        self.stage: dict[str, dict[str, str]] = {name: {} for name in procedures}
        self.level: dict[str, dict[str, str]] = {name: {} for name in procedures}
        self.of_the_floor = {name: frozenset(ground.steps(name)) for name in procedures}
        self._reached: dict[tuple[str, str], set[str]] = {}
        self._ahead: dict[str, dict[str, set[str]]] = {name: {} for name in procedures}
        for name in procedures:
            for step, shared in INSERTED.get(name, {}).items():
                self._fact(name, step, shared)
                self._order(name, step, shared.after, shared.before)
        for rule in (rule for one in ground.policies for rule in one.rules):
            for step in rule.steps:
                if rule.kind == "add":
                    self._fact(rule.procedure, step, rule.step)
                self._order(rule.procedure, step, rule.step.after, rule.step.before)
        for one in rules:
            self._own(one)

    def _own(self, rule: Any) -> None:
        if not isinstance(rule, dict) or not isinstance(rule.get("add"), str):
            return
        procedure, _, step = rule["add"].partition("/")
        if procedure in self.titles:
            self.titles[procedure].setdefault(step, str(rule.get("title", "")))
            self.level[procedure].setdefault(step, str(rule.get("level", "")))
            self._order(procedure, step, _texts(rule.get("after")), _texts(rule.get("before")))

    def _fact(self, procedure: str, step: str, facts: StepFacts | Inserted) -> None:
        self.titles[procedure][step], self.stage[procedure][step] = facts.title, facts.stage
        self.level[procedure][step] = facts.level

    def _order(self, procedure: str, step: str, after: Iterable[str], before: Iterable[str]) -> None:
        ahead = self._ahead[procedure]
        ahead.setdefault(step, set()).update(after)
        for later in before:
            ahead.setdefault(later, set()).add(step)

    def beyond(self, procedure: str, stage: str, after: Iterable[str], before: Iterable[str]) -> str:
        """The step of a stage behind this one that comes first, or of one ahead of it that comes afterwards, if any."""
        place, stages = [*self.stages[procedure]].index, self.stage[procedure]
        late = (one for one in after if one in stages and place(stages[one]) > place(stage))
        early = (one for one in before if one in stages and place(stages[one]) < place(stage))
        return next(chain(late, early), "")

    def ahead(self, procedure: str, step: str) -> set[str]:
        """The steps that always come before this one."""
        known = self._reached.get((procedure, step))
        if known is not None:
            return known
        ahead = self._ahead.get(procedure, {})
        found = self._reached[procedure, step] = set()
        left = [step]
        while left:
            new = ahead.get(left.pop(), set()) - found
            found |= new
            left += new
        return found


def _texts(raw: Any) -> list[str]:
    return [one for one in (raw if isinstance(raw, list) else [raw]) if isinstance(one, str)]
