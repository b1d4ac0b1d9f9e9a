"""All kinds of requirement by name: version 1 and those that plugins bring."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from dangwu.facets.base import Facet
from dangwu.values.lattice import joins

FACETS: dict[str, type[Facet]] = {}
"""All kinds of requirement by name: version 1 and those that plugins bring."""

K = TypeVar("K", bound=type[Facet])


def facet(name: str, title: str) -> Callable[[K], K]:
    """Register a Facet subclass under its YAML name. Raises TypeError if the name is taken or a parameter has no join."""

    def register(kind: K) -> K:
        taken = FACETS.get(name)
        if taken is not None and not taken.absent and taken.__module__ != kind.__module__:
            raise TypeError(f"要求类型“{name}”已由 {taken.__module__} 定义")
        kind.name, kind.title = name, title
        joins(kind)
        if unsaid := _reasons(kind) - kind.sentences.keys():
            raise TypeError(f"要求类型“{name}”没有说明这些结论：{'、'.join(sorted(unsaid))}")
        FACETS[name] = kind
        return kind

    return register


def _reasons(kind: type[Facet]) -> set[str]:
    """The reasons of which it declares something."""
    told = {kind.ticking} if kind.ticking else set()
    return told.union(
        kind.titles, kind.curable, kind.ends, kind.refuses, kind.lapses, kind.says_due, kind.upward
    )


def kind_of(name: str) -> type[Facet]:
    """The facet of that name; for what is none of ours (`step`, `check`, a facet not installed) Facet with its defaults."""
    return FACETS.get(name, Facet)


def is_foreign(name: str) -> bool:
    """Whether it is the code of a plugin, here or not."""
    kind = FACETS.get(name)
    return kind is not None and (kind.absent or not kind.__module__.startswith("dangwu."))


def guard(verb: str, word: str) -> dict[str, dict[str, list[str]]]:
    """What a rule of that verb asks of the steps that it gates, as raw parameters by facet."""
    return {name: {kind.guards[verb]: [word]} for name, kind in sorted(FACETS.items()) if verb in kind.guards}


def in_order(names: Iterable[str]) -> list[str]:
    """Names of facets in the order in which they are listed everywhere."""
    return sorted(names, key=lambda name: (kind_of(name).order, name))


def reason_titles() -> dict[str, str]:
    """By code, in a few words, every reason for which a case can stand still."""
    return {
        f"{name}.{reason}": title
        for name in in_order(FACETS)
        for reason, title in FACETS[name].titles.items()
        if reason not in FACETS[name].refuses
    }


def recordable() -> tuple[str, ...]:
    """The names of the facets that records carry evidence for."""
    return tuple(sorted(name for name, kind in FACETS.items() if kind.evidence is not None))
