"""Which rules of a plugin no rehearsal touches: those without which every rehearsal would go just the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from dangwu.author.check import FIRST
from dangwu.author.rehearse import rehearse
from dangwu.errors import DangwuError
from dangwu.plugins.plugins import Plugins
from dangwu.policy.blanks import blanks_in
from dangwu.policy.policy import OnFailure, Policy, Rule, StepFacts
from dangwu.regime.adoption import Adoption
from dangwu.regime.effective import StepRules
from dangwu.regime.regime import Regime


def asking(policy: Policy) -> Mapping[str, Rule]:
    """By id, the rules that ask something: not those that only declare a tag or a word, name a step of the floor, or wait for
    what the place writes."""
    return {
        rule.id: rule for rule in policy.rules if rule.kind not in ("tag", "term") and not _bare(rule, policy)
    }


def _bare(rule: Rule, policy: Policy) -> bool:
    named = rule.step == StepFacts() if rule.kind == "tighten" else rule.kind == "add" and policy.floor
    return named and not rule.facets and rule.on_failure == OnFailure()


def untouched(plugins: Plugins, policy: Policy, texts: Mapping[str, str]) -> list[str]:
    """The ids of its rules that can be left out without any of the rehearsals (by name) noticing; `texts` hold now."""
    return [
        one for one in asking(policy) if unnoticed(plugins.with_policy(_without(policy, one)), texts.items())
    ]


def _without(policy: Policy, rule: str) -> Policy:
    """The policy without a rule; a step of the floor stays, and asks nothing."""
    kept = [one for one in policy.rules if one.id != rule]
    if policy.floor:
        kept += [_silent(one) for one in policy.rules if one.id == rule and one.kind == "add"]
    return msgspec.structs.replace(policy, rules=tuple(kept))


def _silent(rule: Rule) -> Rule:
    return msgspec.structs.replace(rule, facets={}, exceptions={}, on_failure=OnFailure())


def unnoticed(changed: Plugins, texts: Iterable[tuple[str, str]]) -> bool:
    """Whether the rehearsals (name, text) hold with these plugins as they did."""
    try:
        return all(rehearse(changed, text, where=name).passed for name, text in texts)
    except DangwuError:
        return False  # a rehearsal speaks of what is not there any more


def idle(plugins: Plugins, policy: Policy, rules: Iterable[str]) -> list[str]:
    """Those of these rules of which nothing comes on any day, whatever is recorded: others ask for as much, so that no rehearsal
    could tell. What a blank will say is not known."""
    regime = plugins.compose([] if policy.floor else [Adoption(policy, also=frozenset(policy.rule_ids()))])
    entries = {name: [one for one in policy.rules if one.id == name] for name in rules}
    return [name for name, listed in entries.items() if not any(_tells(regime, one) for one in listed)]


def _tells(regime: Regime, rule: Rule) -> bool:
    if not rule.steps or any(blanks_in(rule.facets)):
        return True
    own = {*rule.steps} - {*regime.floor.steps(rule.procedure)}
    plans = [regime.on(day, rule.when, rule.procedure).steps for day in (FIRST, *regime.breaks)]
    there = [plan[step] for plan in plans for step in rule.steps if step in plan]
    return any(own - plan.keys() for plan in plans) or any(_set_by(rule.id, one) for one in there)


def _set_by(rule: str, step: StepRules) -> bool:
    return rule in step.attaining or any(rule in ids for ids in step.origins.values())


__all__ = ["asking", "idle", "unnoticed", "untouched"]
