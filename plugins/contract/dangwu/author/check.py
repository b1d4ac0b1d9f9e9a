"""What an author should know about a policy that can be loaded: which of its rules change nothing on top of the floor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dangwu.policy.floor import Floor
from dangwu.policy.policy import Policy, Rule
from dangwu.regime.adoption import Adoption
from dangwu.regime.regime import Regime, compose
from dangwu.say import explain
from dangwu.values.catalogue import title_of


def remarks(floor: Floor, policy: Policy) -> list[str]:
    """Sentences on rules that ask for no more than the floor, or that stand on steps which nobody inserts.

    All rules are looked at, those off by default too, as of the latest turn of the rules, each for the tags of its `when`.
    Raises ConflictError if the policy contradicts the floor's order of steps.
    """
    regime = compose(floor, [Adoption(policy, also=frozenset(policy.rule_ids()))])
    day = max(regime.breaks, default=date.min)
    found = {sentence: None for rule in policy.rules for sentence in _of(regime, rule, _on(rule, day))}
    return list(found)


def _on(rule: Rule, day: date) -> date:
    """A day on which the rule holds, the latest turn of the rules if it does then."""
    if rule.until is not None and rule.until <= day:
        return date.fromordinal(rule.until.toordinal() - 1)
    return max(day, rule.since or day)


def _of(regime: Regime, rule: Rule, day: date) -> Iterator[str]:
    effective = regime.on(day, rule.when, rule.procedure)
    if not effective.steps.keys() >= {*rule.steps}:
        effective = regime.on(day, rule.when.union(*_inserting(regime, rule)), rule.procedure)
    for step in rule.steps:
        if step not in effective.steps:
            name = title_of(step) or step
            yield (
                f"规则 {rule.id} 收紧的环节“{name}”（{step}）现行规定里没有，本政策也没有增设，"
                "只有同时启用增设它的政策才起作用。"
            )
            continue
        rules = effective.steps[step]
        for one in rules.absorbed:
            if one.rule == rule.id:
                yield f"{rules.title}：{explain.absorbed_one(regime, rules, one)}"


def _inserting(regime: Regime, rule: Rule) -> Iterator[frozenset[str]]:
    """For whom the rule's steps are inserted, by each rule that inserts one."""
    for one in regime.bound:
        if one.rule.kind == "add" and {*one.rule.steps} & {*rule.steps}:
            yield one.rule.when


__all__ = ["remarks"]
