"""Which steps may be recorded for several people in one go."""

from __future__ import annotations

from dangwu import StepRules


def shared(rules: StepRules) -> bool:
    """Whether the step asks for nothing but what several people can have in common."""
    return all(facet.together() for facet in rules.facets.values() if facet.evidence is not None)
