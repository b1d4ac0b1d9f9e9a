"""The steps of one procedure under a regime: what they are, in which order, and what each requires on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from dangwu.catalogue import FLOOR, STAGES
from dangwu.effective import Effective, StepRules, join_rules
from dangwu.errors import ConflictError
from dangwu.order import Edge, arrange, cycle
from dangwu.policy import OnFailure, Outcome, Procedure, Rule, Span

if TYPE_CHECKING:
    from dangwu.regime import Regime


class Step(msgspec.Struct, frozen=True):
    """A step as the procedure knows it, on whatever day; `index` is its place in the order."""

    id: str
    title: str
    stage: str
    level: str
    floor: bool
    index: int
    before: tuple[int, ...]
    later: int
    """Bit mask of the steps that must follow it."""
    span: Span | None
    outcomes: Mapping[str, Outcome]
    confirms: str
    completes: str


class Plan:
    """Steps in order, and the effective policy by day and tags (kept once worked out)."""

    def __init__(self, regime: Regime, procedure: str) -> None:
        self.regime, self.name = regime, procedure
        self.procedure: Procedure | None = regime.national.procedures.get(procedure)
        self._bound = [one for one in regime.bound if one.rule.procedure == procedure and one.rule.steps]
        self.relevant = frozenset(tag for one in self._bound for tag in one.rule.when)
        self.steps = _arranged(self, [one.rule for one in self._bound])
        self.by_id = {step.id: step for step in self.steps}
        self.floor = sum(1 << step.index for step in self.steps if step.floor)
        self.stages: Mapping[str, str] = self.procedure.stages if self.procedure else {}
        self._effective: dict[tuple[int, frozenset[str]], Effective] = {}

    def on(self, day: date, tags: frozenset[str]) -> Effective:
        """What holds on a day for a case with these tags."""
        key = (self.regime.interval(day), tags & self.relevant)
        found = self._effective.get(key)
        if found is None:
            found = self._effective[key] = self._compile(day, key[1])
        return found

    def _compile(self, day: date, tags: frozenset[str]) -> Effective:
        by_step: dict[str, list[tuple[Rule, dict[str, object], bool]]] = {}
        present = set()
        for one in self._bound:
            if one.holds(day, tags):
                for step in one.rule.steps:
                    by_step.setdefault(step, []).append((one.rule, one.facets, one.floor))  # type: ignore[arg-type]
                    if one.rule.kind == "add":
                        present.add(step)
        rank = {step.id: step.index for step in self.steps}
        steps: dict[str, StepRules] = {
            step.id: join_rules(step, by_step[step.id], rank) for step in self.steps if step.id in present
        }
        idle = {
            step: [rule.id for rule, _, _ in rules] for step, rules in by_step.items() if step not in present
        }
        return Effective(steps, idle)

    def came(
        self, step: str, today: date, tags_on: Callable[[date], frozenset[str]], turns: Iterable[date] = ()
    ) -> date:
        """The first day of the unbroken time, up to today, in which the step has been in force.

        `turns` are the days on which the subject's tags changed.
        """
        first = today
        for day in sorted({one for one in (*self.regime.breaks, *turns) if one <= today}, reverse=True):
            if step not in self.on(day, tags_on(day)).steps:
                return first
            first = day
            eve = day - timedelta(days=1)
            if step not in self.on(eve, tags_on(eve)).steps:
                return first
        return date.min


def _arranged(plan: Plan, rules: list[Rule]) -> tuple[Step, ...]:
    facts: dict[str, list[Rule]] = {}
    adds = [rule for rule in rules if rule.kind == "add"]
    for rule in adds:
        facts.setdefault(rule.steps[0], []).append(rule)
    _agree(facts)
    floor = FLOOR.get(plan.name, ()) or tuple(
        rule.steps[0] for rule in adds if rule.plugin == plan.regime.national.id
    )
    edges = _edges(rules, facts)
    place = {step: float(index) for index, step in enumerate(floor)}

    def rank(step: str) -> tuple[float, str]:
        if step in place:
            return (place[step], step)
        behind = [place[one] for rule in facts[step] for one in rule.step.after if one in place]
        return (max(behind, default=-1.0) + 0.5, step)

    names = arrange(facts, edges, rank)
    if len(names) < len(facts):
        raise ConflictError([_cycle_sentence(plan, facts, cycle(set(facts) - set(names), edges))])
    return _steps(names, facts, edges, plan.regime.national.id)


def _edges(rules: list[Rule], facts: Mapping[str, list[Rule]]) -> list[Edge]:
    """What each rule says of the order, on steps that are there."""
    return [
        edge
        for rule in rules
        for step in rule.steps
        if step in facts
        for edge in (
            *(Edge(first, step, rule.id) for first in rule.step.after),
            *(Edge(step, second, rule.id) for second in rule.step.before),
        )
    ]


def _steps(
    names: tuple[str, ...], facts: dict[str, list[Rule]], edges: list[Edge], national: str
) -> tuple[Step, ...]:
    index = {name: number for number, name in enumerate(names)}
    before: dict[str, set[int]] = {name: set() for name in names}
    for edge in edges:
        if edge.first in index and edge.second in index:
            before[edge.second].add(index[edge.first])
    later = [0] * len(names)
    for name in reversed(names):
        for earlier in before[name]:
            later[earlier] |= later[index[name]] | (1 << index[name])
    return tuple(
        _step(name, facts[name], index[name], before[name], later[index[name]], national) for name in names
    )


def _step(name: str, rules: list[Rule], index: int, before: set[int], later: int, national: str) -> Step:
    first = min(rules, key=lambda rule: (rule.plugin != national, rule.id)).step
    return Step(
        id=name,
        title=first.title,
        stage=first.stage,
        level=first.level,
        floor=any(rule.plugin == national for rule in rules),
        index=index,
        before=tuple(sorted(before)),
        later=later,
        span=first.span,
        outcomes=first.outcomes,
        confirms=first.confirms,
        completes=first.completes,
    )


def _agree(facts: dict[str, list[Rule]]) -> None:
    problems = []
    for step, rules in facts.items():
        first = rules[0]
        for rule in rules[1:]:
            for field, word in (("title", "名称"), ("stage", "阶段"), ("level", "承办层级")):
                one, two = getattr(first.step, field), getattr(rule.step, field)
                if one != two and first.plugin != rule.plugin:
                    problems.append(
                        f"规则 {first.id} 与规则 {rule.id} 增设的环节“{step}”{word}不同（“{one}”与“{two}”），"
                        "不能同时启用。请停用其中一条，或由插件作者换用不同的环节标识。"
                    )
    if problems:
        raise ConflictError(problems)


def _cycle_sentence(plan: Plan, facts: dict[str, list[Rule]], edges: list[Edge]) -> str:
    rules = plan.regime.rules
    titles = {step: listed[0].step.title for step, listed in facts.items()}
    parts = []
    for edge in edges:
        rule = rules[edge.rule]
        source = plan.regime.policies[rule.plugin].sources[rule.cite.source]
        parts.append(
            f"“{titles[edge.first]}”须在“{titles[edge.second]}”之前（规则 {rule.id}，《{source.title}》{rule.cite.clause}）"
        )
    return f"环节的先后顺序相互矛盾，不能同时启用：{'；'.join(parts)}。请停用其中一条规则后再启用。"


def stage_ids(procedure: str) -> tuple[str, ...]:
    """The stages of a procedure in order, as the contract knows them."""
    return STAGES.get(procedure, ())


__all__ = ["OnFailure", "Plan", "Step", "stage_ids"]
