"""What the rules of one policy say twice, or otherwise the second time; or against each other, of one scheme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from dangwu.policy.blanks import rating
from dangwu.policy.policy import Rule
from dangwu.policy.rating import Rating, out_of_order
from dangwu.values.vocabulary import rank

Told = Iterator[tuple[Rule, str]]


def twice(rules: Sequence[Rule]) -> Told:
    """(the later rule, sentence) for each."""
    yield from _repeated(rules)
    yield from _added_otherwise(rules)
    yield from _renamed_from_another(rules)
    yield from _decided_below(rules)


def _repeated(rules: Sequence[Rule]) -> Told:
    """The same demand on the same step for the same people and time, by the same clause."""
    first: dict[object, Rule] = {}
    for rule in rules:
        always = (
            rule.procedure,
            rule.when,
            rule.since,
            rule.until,
            rule.off,
            rule.cite.source,
            rule.cite.clause,
        )
        for name, params in rule.facets.items():
            for step in rule.steps:
                key = (always, step, name, repr(params), rule.exceptions.get(name))
                other = first.setdefault(key, rule)
                if other is not rule:
                    yield rule, f"对“{step}”的“{name}”同{_named(other)}说的完全一样。请删去一处。"


def _added_otherwise(rules: Sequence[Rule]) -> Told:
    """A step is one step, whichever of its rules adds it."""
    first: dict[str, Rule] = {}
    for rule in (one for one in rules if one.kind == "add"):
        other = first.setdefault(rule.steps[0], rule)
        for field, word in (("title", "名称"), ("stage", "阶段"), ("level", "承办层级")):
            one, two = getattr(other.step, field), getattr(rule.step, field)
            if one != two:
                yield (
                    rule,
                    f"增设的环节“{rule.steps[0]}”{word}写的是“{two}”，而{_named(other)}写的是“{one}”。"
                    "同一环节只能有一个，请改成一样的，或换用不同的环节标识。",
                )


def _renamed_from_another(rules: Sequence[Rule]) -> Told:
    """What a rule was called before is no rule's id any more."""
    ids = {rule.id for rule in rules}
    for rule in rules:
        for old in sorted({*rule.was} & ids):
            short = old.removeprefix(f"{rule.plugin}.")
            yield rule, f"was 写的“{short}”是现在还有的规则。was 只写以前用过、现在没有的标识，请删去。"


def _decided_below(rules: Sequence[Rule]) -> Told:
    """Of one scheme one rule says who proposes, another who decides: never somebody below."""
    said: dict[str, list[tuple[Rule, Rating]]] = {}
    for rule in rules:
        if rule.scheme and not rule.blanks:
            said.setdefault(rule.scheme, []).append((rule, msgspec.convert(rating(rule.rating, {}), Rating)))
    for listed in said.values():
        proposing = [(rule, one.propose) for rule, one in listed if one.propose is not None]
        deciding = [(rule, one.decide) for rule, one in listed if one.decide is not None]
        if proposing and deciding:
            other, propose = max(proposing, key=lambda one: rank(one[1].level))
            rule, decide = max(deciding, key=lambda one: rank(one[1].level))
            if rule is not other and (what := out_of_order(propose, decide)):
                yield rule, f"{what.rstrip('。')}（{_named(other)}）。"


def _named(rule: Rule) -> str:
    return f"规则 {rule.id.removeprefix(f'{rule.plugin}.')}（第 {rule.line} 行）"


__all__ = ["twice"]
