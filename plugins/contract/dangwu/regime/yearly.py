"""What the rules in force ask of a plan, joined, each part with the rules that ask for it; and what they disagree on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

import msgspec

from dangwu.policy.plan import Asks
from dangwu.policy.policy import Rule
from dangwu.values.lattice import joins


class YearPlan(msgspec.Struct, frozen=True):
    """A plan as all rules want it. `origins`: by (part, key), the ids of the rules that attain it (key "" for a single value)."""

    plan: str
    asks: Asks
    origins: Mapping[tuple[str, str], tuple[str, ...]]
    gates: tuple[str, ...]
    """The steps that only those listed may take, as procedure/step."""

    def rules(self, part: str, *keys: str) -> tuple[str, ...]:
        """The rules behind a part, or behind some of its keys."""
        found = {
            rule
            for (name, key), ids in self.origins.items()
            if name == part and (not keys or key in keys)
            for rule in ids
        }
        return tuple(sorted(found))

    @property
    def conflict(self) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """The rules that set figures, and those by which there shall be none: people settle it, the program takes no side."""
        if not (self.asks.figures and self.asks.no_figures):
            return None
        return self.rules("figures"), self.rules("no_figures")


def joined(rules: Iterable[Rule]) -> dict[str, YearPlan]:
    """By plan, what these rules ask together, in whatever order they come."""
    by_plan: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.plan is not None:
            by_plan.setdefault(rule.plan.plan, []).append(rule)
    return {plan: _joined(plan, by_plan[plan]) for plan in sorted(by_plan)}


def _joined(plan: str, rules: Sequence[Rule]) -> YearPlan:
    said = [(rule.id, rule.plan.asks) for rule in rules if rule.plan is not None]
    parts: dict[str, Any] = {}
    origins: dict[tuple[str, str], tuple[str, ...]] = {}
    for name, how in joins(Asks):
        parts[name] = reduce(how.join, (getattr(one, name) for _, one in said))
        for key, whole in how.parts(parts[name]).items():
            attain = {rule for rule, one in said if how.parts(getattr(one, name)).get(key) == whole}
            origins[name, key] = tuple(sorted(attain))
    gates = {f"{rule.procedure}/{step}" for rule in rules for step in rule.steps}
    return YearPlan(plan, Asks(**parts), origins, tuple(sorted(gates)))


__all__ = ["YearPlan", "joined"]
