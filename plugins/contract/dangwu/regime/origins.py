"""From which rules a joined parameter comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dangwu.facets.base import Facet
from dangwu.regime.excepting import Contribution
from dangwu.values.lattice import joins

Origin = tuple[str, str, str]
"""(facet, parameter, key): the key is '' for a single value, else the element or `step.unit`; the parameter is '' for a facet
that is asked for without any (a training of no given length, a notice whose days are still blank)."""


def origins_of(facets: Mapping[str, Facet], rules: Sequence[Contribution]) -> dict[Origin, tuple[str, ...]]:
    """Each parameter of joined facets with the rules that attain it."""
    found: dict[Origin, tuple[str, ...]] = {}
    for name, facet in facets.items():
        for param, how in joins(type(facet)):
            parts = how.parts(getattr(facet, param))
            if not parts:
                continue
            said = [(rule.id, how.parts(getattr(own[name], param))) for rule, own, _ in rules if name in own]
            for key, value in parts.items():
                attaining = {rule for rule, theirs in said if theirs.get(key) == value}
                found[name, param, key] = tuple(sorted(attaining))
        if is_bare(facet):
            found[name, "", ""] = _asking(name, facet, rules)
    return found


def is_bare(facet: Facet) -> bool:
    """Whether it names no parameter: what it asks is that its evidence be there."""
    return not any(how.parts(getattr(facet, param)) for param, how in joins(type(facet)))


def _asking(name: str, facet: Facet, rules: Sequence[Contribution]) -> tuple[str, ...]:
    """The rules behind a facet without parameters: the floor's, else those that insist, else all."""
    firm = [
        (rule.id, floor) for rule, own, floor in rules if name in own and own[name].advisory == facet.advisory
    ]
    return tuple(sorted({rule for rule, floor in firm if floor} or {rule for rule, _ in firm}))


__all__ = ["Origin", "is_bare", "origins_of"]
