"""All kinds of requirement by name: version 1 and those that plugins bring."""

from __future__ import annotations

from collections.abc import Callable
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
        if taken is not None and taken.__module__ != kind.__module__:
            raise TypeError(f"要求类型“{name}”已由 {taken.__module__} 定义")
        kind.name, kind.title = name, title
        joins(kind)
        FACETS[name] = kind
        return kind

    return register


def recordable() -> tuple[str, ...]:
    """The names of the facets that records carry evidence for."""
    return tuple(sorted(name for name, kind in FACETS.items() if kind.evidence is not None))
