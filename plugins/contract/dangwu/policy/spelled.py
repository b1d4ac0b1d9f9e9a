"""Short forms of a policy file spelled out, once all its rules are known: `veto: true` as the agencies that are meant, a duty
of several levels as a rule for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dangwu.facets.registry import FACETS
from dangwu.text.reader import like, line_of, there

ByFacet = dict[tuple[str, str], list[dict[Any, Any]]]
"""By the name of a facet and the step: what the rules ask for."""


def ruled(raw: dict[str, Any]) -> list[Any]:
    """The raw rules of a policy file; one that has only titles lists none."""
    return raw.get("rules") or []


def declared_at(raw: Any, category: str, word: str) -> int:
    """The line on which a word is declared: among the policy's, or by a rule of its own."""
    verb, path = ("tag", (word,)) if category == "tag" else ("term", (category, word))
    own = (("rules", number, verb, *path) for number, one in enumerate(ruled(raw)) if isinstance(one, dict))
    return next((line_of(raw, one) for one in ((f"{verb}s", *path), *own) if there(raw, one)), line_of(raw))


def spelled(rules: Sequence[Any]) -> list[Any]:
    """The raw rules with the short forms of their facets spelled out; what has another form than it should stays as it is."""
    asked: ByFacet = {}
    rules = [each for one in rules for each in _by_level(one)]
    for rule in rules:
        for name, params in _facets(rule):
            for step in _steps(rule):
                asked.setdefault((name, step), []).append(params)
    return [_rule(one, asked) for one in rules]


def _by_level(rule: Any) -> list[Any]:
    """`owes: {level: [branch, committee]}` as two rules."""
    owes = rule.get("owes") if isinstance(rule, dict) and "duty" in rule else None
    if not isinstance(owes, dict) or not isinstance(levels := owes.get("level"), list) or not levels:
        return [rule]
    return [like(rule, {**rule, "owes": like(owes, {**owes, "level": one})}) for one in levels]


def _rule(rule: Any, asked: ByFacet) -> Any:
    changed = {}
    for name, params in _facets(rule):
        beside = (one for step in _steps(rule) for one in asked[name, step])
        long = FACETS[name].spelled(params, beside)
        if long is not params:
            changed[name] = like(params, long)
    return like(rule, {**rule, **changed}) if changed else rule


def _facets(rule: Any) -> Iterator[tuple[str, dict[Any, Any]]]:
    for name in rule.keys() & FACETS.keys() if isinstance(rule, dict) else ():
        if isinstance(rule[name], dict):
            yield name, rule[name]


def _steps(rule: dict[Any, Any]) -> list[str]:
    given = [rule.get("add"), rule.get("tighten")]
    listed = [one for part in given for one in (part if isinstance(part, list) else [part])]
    return list(dict.fromkeys(one for one in listed if isinstance(one, str)))


__all__ = ["declared_at", "ruled", "spelled"]
