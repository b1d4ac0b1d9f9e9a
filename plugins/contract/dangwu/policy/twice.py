"""What the rules of one policy say twice, or otherwise the second time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dangwu.policy.policy import Rule

Told = Iterator[tuple[Rule, str]]


def twice(rules: Sequence[Rule]) -> Told:
    """(the later rule, sentence) for each."""
    yield from _repeated(rules)
    yield from _added_otherwise(rules)
    yield from _renamed_from_another(rules)


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


def _named(rule: Rule) -> str:
    return f"规则 {rule.id.removeprefix(f'{rule.plugin}.')}（第 {rule.line} 行）"


__all__ = ["twice"]
