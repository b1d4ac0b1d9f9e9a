"""Where some rules demand and others only advise by the same facet: only what is demanded stops the step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from dangwu.facets.base import Facet
from dangwu.facets.finding import ADVISORY, IMPOSSIBLE, Finding
from dangwu.regime.excepting import Contribution


def insisting(rules: Sequence[Contribution], facets: Mapping[str, Facet]) -> list[Contribution]:
    """Of rules that are joined to `facets` the demands alone, where others advise beside them."""
    mixed = {
        name
        for _, own, _ in rules
        for name, facet in own.items()
        if facet.advisory and name in facets and not facets[name].advisory
    }
    return [
        (rule, {name: facet for name, facet in own.items() if name in mixed and not facet.advisory}, floor)
        for rule, own, floor in (rules if mixed else ())
    ]


def weighed(found: Sequence[Finding], demanded: Sequence[Finding]) -> list[Finding]:
    """What is found by all the rules, as warnings but for what is found by the demands alone."""
    return [*demanded, *_advised(found, demanded)]


def _advised(found: Sequence[Finding], demanded: Sequence[Finding]) -> Iterator[Finding]:
    """What goes beyond the demands. Of one thing lacking it is said once: where they lack it, too, only the keys that they do
    not name are left, and where there are none, nothing."""
    for one in found:
        keys = [key for other in demanded if other.code == one.code for key in other.keys]
        if not any(other.code == one.code for other in demanded):
            yield one if one.kind == IMPOSSIBLE else replace(one, kind=ADVISORY)
        elif left := tuple(key for key in one.keys if key not in keys):
            yield replace(one, kind=ADVISORY, keys=left)


__all__ = ["insisting", "weighed"]
