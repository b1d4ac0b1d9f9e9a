"""What a policy says and means otherwise: what it declares and no rule speaks of, a rule of which a part is switched off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from dangwu.facets.registry import FACETS
from dangwu.policy.filling import blank_categories
from dangwu.policy.plan import PlanRule
from dangwu.policy.policy import Policy, Rule
from dangwu.policy.rating import Rating
from dangwu.policy.stated import STATED
from dangwu.shapes.faults import Path
from dangwu.values.word import words


def unused(policy: Policy) -> Iterator[tuple[Path, str]]:
    """(path in the file, sentence) for each; words that may be filled into a blank are wanted there."""
    listed = {blank for rule in policy.rules for blank in rule.blanks}
    fillable = {one for rule in policy.rules for _, found in blank_categories(rule) for one in found}
    used = {word for rule in policy.rules for word in _used(rule)}
    for blank in policy.blanks:
        if blank not in listed:
            yield ("blanks", blank), _said("填空", blank)
    for category, titles in policy.words.items():
        for word in titles if category not in fillable else ():
            if word not in used:
                yield ("terms", category, word), _said("词语", word)
    for tag in policy.tags:
        if tag not in used:
            yield ("tags", tag), _said("标签", tag)


def halved(rules: Sequence[Rule]) -> Iterator[tuple[Rule, str]]:
    """The rules of which only some entries are off by default: a unit adopts an id, and so all of its entries or none."""
    first: dict[str, bool] = {}
    for rule in rules:
        if first.setdefault(rule.id, rule.off) != rule.off:
            yield (
                rule,
                "同一条规则的各项，有的写了 off: true，有的没有。启用和停用都按规则标识，一条规则的各项要么都写，要么都不写；"
                "另需选择的，请另起一个标识。",
            )


def _said(what: str, word: str) -> str:
    return f"{what}“{word}”没有一条规则用到。请写在规则里，或删去。"


def _used(rule: Rule) -> Iterator[str]:
    yield from rule.when
    yield from rule.words if rule.kind == "tag" else ()
    for titles in rule.words.values() if rule.kind == "term" else ():
        yield from titles
    for name, params in rule.facets.items():
        yield from (word for _, word, _ in words(FACETS[name], params))
    if rule.kind in STATED:
        yield from (word for _, word, _ in words(STATED[rule.kind], rule.stated))
    if rule.plan is not None:
        yield from (word for _, word, _ in words(PlanRule, msgspec.to_builtins(rule.plan)))
    yield from (word for _, word, _ in words(Rating, rule.rating))
    for part in ("propose", "decide"):
        for name, params in rule.rating.get(part, {}).items():
            yield from (word for _, word, _ in words(FACETS[name], params)) if name in FACETS else ()
