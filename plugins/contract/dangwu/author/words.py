"""The ids that a policy or a rehearsal can use, each with its Chinese title: what an author looks up while writing."""

from __future__ import annotations

from collections.abc import Iterator

import dangwu.facets  # noqa: F401 - registers the facets
from dangwu.author import fields
from dangwu.facets.base import Facet
from dangwu.facets.registry import FACETS, in_order
from dangwu.policy.floor import Floor
from dangwu.regime.regime import compose
from dangwu.say.sentences import STEP_SENTENCES
from dangwu.values.catalogue import INSERTED
from dangwu.values.vocabulary import LEVELS, TAGS, WORDS
from dangwu.values.word import CATEGORIES

Word = tuple[str, ...]
"""(sort, id, title), and of a parameter or a part of evidence its shape."""


def words(floor: Floor) -> Iterator[Word]:
    """Steps of the floor and those that plugins share, what is found of steps, facets with all that is theirs, tags, words."""
    yield from _steps(floor)
    yield from (("结论", code, sentence) for code, sentence in STEP_SENTENCES.items())
    for name in in_order(FACETS):
        yield "要求", name, FACETS[name].title
        yield from _of_facet(FACETS[name])
    for name, title in {**TAGS, **floor.tags}.items():
        yield "标签", name, title
    for category, name, title in _by_category(floor):
        yield f"词语（{CATEGORIES[category]}，{category}）", name, title


def _steps(floor: Floor) -> Iterator[Word]:
    regime = compose(floor)
    for procedure in floor.procedures:
        for step in regime.plan(procedure).steps:
            yield "环节", f"{procedure}/{step.id}", step.title
        for name, shared in INSERTED.get(procedure, {}).items():
            yield "环节（各地增设）", f"{procedure}/{name}", shared.title


def _of_facet(kind: type[Facet]) -> Iterator[Word]:
    for one in fields.parameters(kind):
        yield "参数", f"{kind.name}.{one.name}", one.title, f"{one.shape}，{one.sign}"
    for one in fields.evidence(kind):
        yield "记录", one.name, one.title or kind.title, f"{one.shape}{'，必填' if one.required else ''}"
        for value in one.values:
            yield "记录的值", f"{one.name}: {value}", kind.answer(value)
    for reason, sentence in kind.sentences.items():
        yield "结论", f"{kind.name}.{reason}", sentence


def _by_category(floor: Floor) -> Iterator[tuple[str, str, str]]:
    known: dict[str, dict[str, str]] = {
        "level": {**LEVELS},
        **{name: {**listed} for name, listed in WORDS.items()},
    }
    for policy in floor.policies:
        for category, titles in policy.words.items():
            known[category] = {**known.get(category, {}), **titles}
    yield from (
        (category, name, title) for category, listed in known.items() for name, title in listed.items()
    )


__all__ = ["Word", "words"]
