"""The steps of a procedure from the rules that add them, in an order that all rules agree on; refused in words otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import combinations
from operator import and_

import msgspec

from dangwu.errors import ConflictError
from dangwu.policy.floor import Floor
from dangwu.policy.policy import Rule
from dangwu.regime.adoption import Bound
from dangwu.regime.order import Edge, Order, arrange, cycle
from dangwu.regime.step import Step


def arranged(procedure: str, bound: Sequence[Bound], floor: Floor) -> tuple[Step, ...]:
    """The steps that these rules of a procedure add, in order.

    Raises ConflictError if they contradict each other.
    """
    adds: dict[str, list[Bound]] = {}
    for one in bound:
        if one.rule.kind == "add":
            adds.setdefault(one.rule.steps[0], []).append(one)
    _agree(adds)
    facts = {step: [one.rule for one in listed] for step, listed in adds.items()}
    edges = [(edge, one.rule.plugin) for one in bound for edge in one.edges]
    ordered = [edge for edge, _ in edges]
    names = _names(procedure, facts, ordered, floor)
    if len(names) < len(facts):
        raise ConflictError([_circle(facts, bound, cycle(set(facts) - set(names), ordered))])
    order = Order.of(names, ordered)
    steps = tuple(_step(name, facts[name], index, order, floor.ids) for index, name in enumerate(names))
    _returns(steps, bound)
    adding = {rule.plugin for rules in facts.values() for rule in rules}
    own = {
        plugin: Order.of(names, (edge for edge, by in edges if by == plugin or by in floor.ids)).later
        for plugin in adding
    }
    return tuple(
        msgspec.structs.replace(
            step, overtaken=reduce(and_, (own[rule.plugin][step.index] for rule in facts[step.id]))
        )
        for step in steps
    )


def _names(
    procedure: str, facts: Mapping[str, list[Rule]], edges: list[Edge], floor: Floor
) -> tuple[str, ...]:
    """The steps in order; those in or behind a circle of `edges` are left out."""
    place = {step: float(index) for index, step in enumerate(floor.steps(procedure))}

    def rank(step: str) -> tuple[float, str]:
        if step in place:
            return (place[step], step)
        behind = [place[one] for rule in facts[step] for one in rule.step.after if one in place]
        return (max(behind, default=-1.0) + 0.5, step)

    return arrange(facts, edges, rank)


def _step(name: str, rules: list[Rule], index: int, order: Order, floor: frozenset[str]) -> Step:
    first = min(rules, key=lambda rule: (rule.plugin not in floor, rule.id)).step
    return Step(
        id=name,
        title=rules[0].step.title,
        stage=first.stage,
        level=first.level,
        floor=any(rule.plugin in floor for rule in rules),
        index=index,
        later=order.later[index],
        overtaken=0,
        span=first.span,
        outcomes=first.outcomes,
        confirms=first.confirms,
        completes=first.completes,
        side=first.side,
    )


def _agree(adds: Mapping[str, list[Bound]]) -> None:
    problems = []
    for step, listed in adds.items():
        for first, other in combinations(listed, 2):
            together = first.since < other.until and other.since < first.until
            for field, word in (("title", "名称"), ("stage", "阶段"), ("level", "承办层级")):
                one, two = getattr(first.rule.step, field), getattr(other.rule.step, field)
                # What it is called may change from a day on, as where a plugin has got another name, too.
                if one != two and first.rule.plugin != other.rule.plugin and (together or field != "title"):
                    problems.append(
                        f"规则 {first.rule.id} 与规则 {other.rule.id} 增设的环节“{step}”{word}不同（“{one}”与“{two}”），"
                        "不能同时启用。请停用其中一条，或由插件作者换用不同的环节标识。"
                    )
    if problems:
        raise ConflictError(problems)


def _returns(steps: Sequence[Step], bound: Sequence[Bound]) -> None:
    """Refuse to go back to a step that does not stand before the one that failed: its failure would never be set aside."""
    by_id = {step.id: step for step in steps}
    problems = []
    for one in bound:
        back = by_id.get(one.rule.on_failure.return_to)
        for step in (by_id[name] for name in one.rule.steps if name in by_id):
            if back is not None and back is not step and not back.later >> step.index & 1:
                problems.append(
                    f"规则 {one.rule.id} 规定“{step.title}”没有通过时退回到“{back.title}”，可它不在“{step.title}”之前，"
                    "退回了也不能重办。请把 return_to 改为它之前的环节。"
                )
    if problems:
        raise ConflictError(problems)


def _circle(facts: Mapping[str, list[Rule]], bound: Iterable[Bound], edges: list[Edge]) -> str:
    """Why these edges cannot be in force together, each with the rule that says it."""
    titles = {step: listed[0].step.title for step, listed in facts.items()}
    entries: dict[str, Bound] = {}
    for one in bound:
        entries.setdefault(one.rule.id, one)
    parts = []
    for edge in edges:
        rule = entries[edge.rule].rule
        source = entries[edge.rule].policy.sources[rule.cite.source]
        parts.append(
            f"“{titles[edge.first]}”须在“{titles[edge.second]}”之前（规则 {rule.id}，《{source.title}》{rule.cite.clause}）"
        )
    return f"环节的先后顺序相互矛盾，不能同时启用：{'；'.join(parts)}。请停用其中一条规则后再启用。"


__all__ = ["arranged"]
