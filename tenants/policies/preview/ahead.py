"""The steps ahead of a case that a change alters, though the case stands as it did. Pure, like cases.py."""

from __future__ import annotations

from datetime import date

from core.casework.standing.budget import UNFINISHED
from dangwu import Case, Regime, Standing, StepRules


class Ahead:
    """Tells whether steps not begun yet will ask for something else; what differs is worked out once for cases alike."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._known: dict[tuple[Regime, Regime, str, frozenset[str]], frozenset[str]] = {}

    def altered(self, before: Regime, after: Regime, case: Case, standing: Standing) -> bool:
        """Whether a step that this case has still to begin, standing as it will after the change, is altered or falls away."""
        steps = self._differing(before, after, case)
        ahead = (one.id for one in standing.steps.values() if one.began is None and one.state in UNFINISHED)
        return not steps.isdisjoint(ahead) or any(
            self._falls_away(step, before, case, standing) for step in steps - standing.steps.keys()
        )

    def _differing(self, before: Regime, after: Regime, case: Case) -> frozenset[str]:
        tags = case.tags_on(self._day)
        key = (before, after, case.procedure, tags)
        if key not in self._known:
            one = before.on(self._day, tags, case.procedure).steps
            two = after.on(self._day, tags, case.procedure).steps
            self._known[key] = frozenset(
                step for step in {*one, *two} if _differs(one.get(step), two.get(step))
            )
        return self._known[key]

    def _falls_away(self, step: str, before: Regime, case: Case, standing: Standing) -> bool:
        """Whether the case had still to come to a step that is there no more: neither it nor one behind it has begun."""
        plan = before.plan(case.procedure)
        if step not in plan.by_id:
            return False
        following = plan.following(step, self._day, case.tags_on(self._day))
        return not any(one.began is not None and one.id in following for one in standing.steps.values())


def _differs(one: StepRules | None, two: StepRules | None) -> bool:
    if one is None or two is None:
        return True
    return (one.facets, one.firm, one.on_failure) != (two.facets, two.firm, two.on_failure)
