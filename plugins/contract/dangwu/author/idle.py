"""What a rule asks for and nothing comes of by itself: a duty that the floor has stricter, what leans on what nobody asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from dangwu.duties.act import stricter
from dangwu.duties.windows import implies
from dangwu.policy.blanks import bind
from dangwu.policy.policy import Policy, Rule
from dangwu.policy.stated import bound
from dangwu.regime.claim import Claim
from dangwu.regime.effective import StepRules
from dangwu.regime.regime import Regime
from dangwu.say import explain, owing
from dangwu.say.titles import Titles


def weaker_duties(ground: Regime, policy: Policy, day: date) -> Iterator[str]:
    """A sentence for each duty of a policy that `ground`, the floor alone, demands at least as strictly of the same, on a day."""
    known = Titles.of(ground)
    for rule in policy.rules:
        own = bound(rule, {})
        if own is None or own.demand is None:
            continue
        for claim in _stricter(ground, rule, day):
            source = explain.citation(ground, claim.rules[0], day=day)
            yield (
                f"规则 {rule.id}（第 {rule.line} 行）的 demand（{'；'.join(owing.duty(own, known))}）已含于国家规定"
                f"（{source.source}{source.clause}：{'；'.join(owing.duty(claim.duty, known))}），不另起作用。"
            )
            break


def outdone(ground: Regime, rule: Rule, days: Iterable[date]) -> bool:
    """Whether a rule is of a duty that the floor (`ground`) demands at least as strictly of the same, on each of these days."""
    return all(any(_stricter(ground, rule, day)) for day in days)


def _stricter(ground: Regime, rule: Rule, day: date) -> Iterator[Claim]:
    """The demands on the same ones, wherever the rule holds, with which its own is met."""
    own = bound(rule, {})
    if own is None or own.demand is None:
        return
    for duties in ground.duties:
        if (duties.family, duties.owes) == (own.duty, own.owes):
            for claim in duties.of(rule.when):
                if claim.covers(day, day) and stricter(claim.duty, own) and implies(claim.demand, own.demand):
                    yield claim


def leaning(regime: Regime, rule: Rule, rules: StepRules) -> Iterator[str]:
    """A sentence for each part of what a rule asks of a step that leans on what no rule asks there."""
    for name, own in bind(rule, {}).items():
        there = rules.facets[name].leaning() if name in rules.facets else {}
        for (param, word), clause in own.leaning().items():
            if (param, word) in there:
                said = f"“{explain.title(regime, word)}”" if word else ""
                where = f"规则 {rule.id}（第 {rule.line} 行）的 {name}.{param} {said}"
                yield f"{where}在“{rules.title}”（{rules.id}）不起作用：{clause}。"


__all__ = ["leaning", "outdone", "weaker_duties"]
