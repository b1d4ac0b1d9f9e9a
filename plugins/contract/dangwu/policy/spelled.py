"""Short forms of a policy file spelled out, once all its rules are known: `veto: true` as the agencies that are meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dangwu.facets.registry import FACETS
from dangwu.text.reader import Mapping


def spelled(rules: Sequence[Any]) -> list[Any]:
    """The raw rules with the short forms of their facets spelled out; what has another form than it should stays as it is."""
    return [_rule(one, rules) for one in rules]


def _rule(rule: Any, rules: Sequence[Any]) -> Any:
    if not isinstance(rule, dict):
        return rule
    changed = {}
    for name in rule.keys() & FACETS.keys():
        params = rule[name]
        if isinstance(params, dict):
            long = FACETS[name].spelled(params, list(_beside(name, rule, rules)))
            if long is not params:
                changed[name] = _like(params, long)
    return _like(rule, {**rule, **changed}) if changed else rule


def _beside(name: str, rule: dict[Any, Any], rules: Sequence[Any]) -> Iterator[dict[Any, Any]]:
    """What the policy asks by a facet of the same steps."""
    own = _steps(rule)
    for one in rules:
        if isinstance(one, dict) and isinstance(one.get(name), dict) and own & _steps(one):
            yield one[name]


def _steps(rule: dict[Any, Any]) -> set[str]:
    given = [rule.get("add"), rule.get("tighten")]
    listed = [one for part in given for one in (part if isinstance(part, list) else [part])]
    return {one for one in listed if isinstance(one, str)}


def _like(old: Any, new: Any) -> Any:
    """The new values with the lines of the old."""
    if not isinstance(old, Mapping):
        return dict(new)
    made = Mapping(old.line)
    made.update(new)
    made.lines = old.lines
    return made


__all__ = ["spelled"]
