"""Wanted sets of words, in which an element `a|b` is met by either."""

from __future__ import annotations

from collections.abc import Collection, Iterable


def unmet(wanted: frozenset[str], given: Collection[str]) -> list[str]:
    """The wanted elements that `given` lacks; an element `a|b` is met by either."""
    if not wanted or wanted.issubset(given):  # mostly
        return []
    have = set(given)
    return sorted([one for one in wanted - have if have.isdisjoint(one.split("|"))])


def fewest(wanted: frozenset[str], given: Iterable[str] = ()) -> list[str]:
    """`given`, and one alternative of each wanted element that it lacks."""
    have = list(given)
    for one in sorted(wanted, key=lambda element: "|" in element):
        if unmet(frozenset((one,)), have):
            have.append(one.split("|")[0])
    return have
