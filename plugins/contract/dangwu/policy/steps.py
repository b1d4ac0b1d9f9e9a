"""The steps that a policy can speak of: the floor's, those that several practices share, and its own, with their order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dangwu.policy.floor import Floor
from dangwu.policy.policy import Policy
from dangwu.values.catalogue import INSERTED


class Steps:
    """Steps by procedure with their titles, and what comes before each; `rules` are the policy's own, as written."""

    def __init__(self, ground: Floor, policy: Policy, rules: Iterable[Any]) -> None:
        procedures = {**ground.procedures, **policy.procedures}
        self.stages = {
            name: {stage: one.title for stage, one in procedure.stages.items()}
            for name, procedure in procedures.items()
        }
        self.titles: dict[str, dict[str, str]] = {name: {} for name in procedures}
        self.of_the_floor = {name: frozenset(ground.steps(name)) for name in procedures}
        self._reached: dict[tuple[str, str], set[str]] = {}
        self._ahead: dict[str, dict[str, set[str]]] = {name: {} for name in procedures}
        for name in procedures:
            for step, shared in INSERTED.get(name, {}).items():
                self.titles[name][step] = shared.title
                self._order(name, step, shared.after, shared.before)
        for rule in (rule for one in ground.policies for rule in one.rules):
            for step in rule.steps:
                if rule.kind == "add":
                    self.titles[rule.procedure][step] = rule.step.title
                self._order(rule.procedure, step, rule.step.after, rule.step.before)
        for one in rules:
            self._own(one)

    def _own(self, rule: Any) -> None:
        if not isinstance(rule, dict) or not isinstance(rule.get("add"), str):
            return
        procedure, _, step = rule["add"].partition("/")
        if procedure in self.titles:
            self.titles[procedure].setdefault(step, str(rule.get("title", "")))
            self._order(procedure, step, _texts(rule.get("after")), _texts(rule.get("before")))

    def _order(self, procedure: str, step: str, after: Iterable[str], before: Iterable[str]) -> None:
        ahead = self._ahead[procedure]
        ahead.setdefault(step, set()).update(after)
        for later in before:
            ahead.setdefault(later, set()).add(step)

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
