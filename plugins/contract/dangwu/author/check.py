"""What an author should know about a policy that can be loaded: what of it changes nothing on top of the floor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from dangwu.author.idle import leaning, weaker_duties
from dangwu.errors import ConflictError
from dangwu.policy.floor import Floor
from dangwu.policy.policy import OnFailure, Policy, Rule
from dangwu.regime.absorbed import Absorbed
from dangwu.regime.adoption import Adoption
from dangwu.regime.feasible import infeasible
from dangwu.regime.regime import Regime, compose
from dangwu.say import explain
from dangwu.values.catalogue import title_of

FIRST = date(1900, 1, 1)
"""Where no rule has a beginning or an end: any day is as good."""


def remarks(floor: Floor, policy: Policy, where: str = "policy.yaml") -> list[str]:
    """Sentences on rules that ask for no more than the floor, that lean on what nobody asks, or that stand on steps which nobody
    inserts.

    All rules are looked at, those off by default too, as of the latest turn of the rules, each for the tags of its `when`; what a
    later rule alone makes idle has its time before.
    `where`: the file's name. Raises ConflictError if the policy contradicts the floor's order of steps, or nobody can do what
    both ask for.
    """
    regime = compose(floor, [Adoption(policy, also=frozenset(policy.rule_ids()))])
    day = max(regime.breaks, default=date.min)
    if hopeless := list(_hopeless(compose(floor, [Adoption(policy)]), policy, max(day, FIRST), where)):
        raise ConflictError(hopeless)
    ground = compose(floor)
    last = max(ground.breaks, default=FIRST)
    turns = sorted({last, *(one for one in regime.breaks if one > last)})
    found = {sentence: None for rule in policy.rules for sentence in _of(regime, rule, _on(rule, day), turns)}
    return [*found, *weaker_duties(ground, policy, day)]


def _hopeless(regime: Regime, policy: Policy, day: date, where: str) -> Iterator[str]:
    """What nobody can do, or not in time, with those rules that are not off by default."""
    own = {rule.id: rule for rule in reversed(policy.rules)}
    for one in infeasible(regime, day, {policy.id}):
        rules = [own[name] for name in one.rules if name in own]
        line = f" 第 {rules[0].line} 行" if rules else ""
        named = [
            f"规则 {rule.id.removeprefix(f'{policy.id}.')} 的 {'、'.join(rule.facets)}" for rule in rules
        ]
        said = explain.infeasible(regime, one)
        yield f"{where}{line}：{'，'.join(named) or policy.title}：{said}。请改期限，或改前面环节的要求。"


def _on(rule: Rule, day: date) -> date:
    """A day on which the rule holds, the latest turn of the rules if it does then."""
    if rule.until is not None and rule.until <= day:
        return date.fromordinal(rule.until.toordinal() - 1)
    return max(day, rule.since or day)


def _of(regime: Regime, rule: Rule, day: date, turns: Sequence[date]) -> Iterator[str]:
    effective = regime.on(day, rule.when, rule.procedure)
    if not effective.steps.keys() >= {*rule.steps}:
        effective = regime.on(day, rule.when.union(*_inserting(regime, rule)), rule.procedure)
    if _ordered_already(regime, rule):
        yield f"规则 {rule.id} 写的先后（after、before）国家规定本来就是这样，不另起作用。"
    for step in rule.steps:
        if step not in effective.steps:
            known = regime.plan(rule.procedure).by_id.get(step)
            name = known.title if known else title_of(step) or step
            if step in regime.floor.steps(rule.procedure) and rule.until is not None:
                yield f"规则 {rule.id} 到 {rule.until}（until）失效，那时还没有环节“{name}”（{step}），永远不起作用。"
                continue
            yield (
                f"规则 {rule.id} 收紧的环节“{name}”（{step}）现行规定里没有，本政策也没有增设，"
                "只有同时启用增设它的政策才起作用。"
            )
            continue
        rules = effective.steps[step]
        for one in rules.absorbed:
            if one.rule == rule.id and all(_idle(regime, rule, step, one, turn) for turn in turns):
                yield f"{rules.title}：{explain.absorbed_one(regime, rules, one)}"
        yield from leaning(regime, rule, rules)


def _idle(regime: Regime, rule: Rule, step: str, one: Absorbed, day: date) -> bool:
    """Whether this part of the rule does nothing on a day, or the rule itself, or its step, is not there then."""
    there = regime.on(day, rule.when, rule.procedure).steps.get(step)
    held = (rule.since or day) <= day and (rule.until is None or day < rule.until)
    return there is None or not held or _part(one) in {_part(other) for other in there.absorbed}


def _part(one: Absorbed) -> tuple[str, str, str, str]:
    return one.rule, one.facet, one.param, one.value


def _ordered_already(regime: Regime, rule: Rule) -> bool:
    """Whether all that it says is an order of steps which the floor has anyhow."""
    edges = {edge for one in regime.bound if one.rule.id == rule.id for edge in one.edges}
    if rule.kind != "tighten" or rule.facets or rule.blanks or rule.on_failure != OnFailure() or not edges:
        return False
    steps = compose(regime.floor).plan(rule.procedure).by_id
    return all(
        edge.first in steps and edge.second in steps and steps[edge.first].precedes(steps[edge.second])
        for edge in edges
    )


def _inserting(regime: Regime, rule: Rule) -> Iterator[frozenset[str]]:
    """For whom the rule's steps are inserted, by each rule that inserts one."""
    for one in regime.bound:
        if one.rule.kind == "add" and {*one.rule.steps} & {*rule.steps}:
            yield one.rule.when


__all__ = ["remarks"]
