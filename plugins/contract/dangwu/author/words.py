"""The ids that a policy can use, each with its Chinese title: what an author looks up while writing."""

from __future__ import annotations

from collections.abc import Iterator

import dangwu.facets  # noqa: F401 - registers the facets
from dangwu.facets.registry import FACETS
from dangwu.policy.floor import Floor
from dangwu.regime.regime import compose
from dangwu.values.catalogue import INSERTED
from dangwu.values.vocabulary import TAGS, TERMS


def words(floor: Floor) -> Iterator[tuple[str, str, str]]:
    """(sort, id, title) of the steps of the floor and those that plugins share, the facets, the tags, the words."""
    regime = compose(floor)
    for procedure in floor.procedures:
        for step in regime.plan(procedure).steps:
            yield "环节", f"{procedure}/{step.id}", step.title
        for name, shared in INSERTED.get(procedure, {}).items():
            yield "环节（各地增设）", f"{procedure}/{name}", shared.title
    for name, kind in sorted(FACETS.items()):
        yield "要求", name, kind.title
    for name, title in {**TAGS, **floor.tags}.items():
        yield "标签", name, title
    for name, title in {**TERMS, **floor.terms}.items():
        yield "词语", name, title


__all__ = ["words"]
