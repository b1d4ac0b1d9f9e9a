"""Which steps may be recorded for several people in one go."""

from __future__ import annotations

from dangwu import FACETS, StepRules

SHARED = frozenset({"documents", "training", "notice", "filing", "signoff"})
"""Kinds of evidence that several people can have in common: a class, a notice that names them all, papers that are sent up.

What decides about a person — votes, polls, reviews, consents, assessments, talks — is taken and recorded one by one
(细则（2026）第二十、二十四条), so everything else is left out, kinds that plugins bring included.
"""


def shared(rules: StepRules) -> bool:
    """Whether the step asks for nothing but what several people can have in common; an examination is everybody's own."""
    asked = {name for name in rules.facets if FACETS[name].evidence is not None}
    return asked <= SHARED and not getattr(rules.facets.get("training"), "exam", False)
