"""What a policy says and means otherwise: what it declares and no rule speaks of, a rule of which a part is switched off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from dangwu.facets.registry import FACETS
from dangwu.policy.filling import blank_categories
from dangwu.policy.note import NOTES
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
    yield from _sources(policy)
    yield from _noted(policy)


def _sources(policy: Policy) -> Iterator[tuple[Path, str]]:
    """Documents that nobody cites, and one document under two ids; a policy of titles alone has one that says them."""
    cited = {one.source for rule in policy.rules for one in (rule.cite, *rule.cited_before)}
    first: dict[tuple[str, str, str], str] = {}
    for name, one in policy.sources.items():
        other = first.setdefault((one.title, str(one.year), one.number), name)
        if other != name:
            yield (
                ("sources", name),
                f"出处“{name}”同“{other}”是同一份文件。请只留一个标识，各条规则都引用它。",
            )
        elif policy.rules and name not in cited:
            yield ("sources", name), f"出处“{name}”没有一条规则引用。请在规则的 cite 中引用，或删去。"


def _noted(policy: Policy) -> Iterator[tuple[Path, str]]:
    """What is listed as no rule here: each once, and none that is one."""
    places = {rule.id.removeprefix(f"{policy.id}."): "rules" for rule in policy.rules}
    for field in NOTES:
        for number, one in enumerate(getattr(policy, field)):
            other = places.setdefault(one.id, field)
            if other != field or one.id in [each.id for each in getattr(policy, field)[:number]]:
                yield (
                    (field, number, "id"),
                    f"{field} 写的“{one.id}”在 {other} 中已经有了。一条规则只能有一个去向，请删去一处。",
                )
            if field == "refused" and not one.reason.strip():
                yield (field, number), f"refused 写的“{one.id}”没有写为什么不采用（reason）。请写明。"


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
