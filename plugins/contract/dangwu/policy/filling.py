"""Which blanks of a rule take words, and of what categories."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, get_args, get_origin

import msgspec

from dangwu.facets.registry import FACETS
from dangwu.policy.blanks import blanks_in
from dangwu.policy.policy import Rule
from dangwu.policy.rating import Rating
from dangwu.policy.stated import STATED
from dangwu.shapes.short import Plain
from dangwu.values.word import of, typed_fields


def blank_categories(rule: Rule) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(blank, categories) for each blank that stands where words are wanted."""
    for name, params in rule.facets.items():
        yield from _within(FACETS[name], params)
    if rule.kind in STATED:
        yield from _within(STATED[rule.kind], rule.stated)
    yield from _within(Rating, rule.rating)
    for part in ("propose", "decide"):
        said = rule.rating.get(part)
        for name, params in said.items() if isinstance(said, dict) else ():
            if name in FACETS:
                yield from _within(FACETS[name], params)


def _within(kind: object, params: Plain) -> Iterator[tuple[str, tuple[str, ...]]]:
    for field, hint in typed_fields(kind) if isinstance(params, dict) else ():
        value = params.get(field)
        if categories := _element(hint):
            yield from ((blank, categories) for blank in blanks_in(value))
        elif isinstance(hint, type) and issubclass(hint, msgspec.Struct):
            yield from _within(hint, value)


def _element(hint: object) -> tuple[str, ...]:
    """The categories of the words of a set of words."""
    args = get_args(get_args(hint)[0] if get_origin(hint) is Annotated else hint)
    return of(args[0]) if len(args) == 1 or args[1:] == (...,) else ()


__all__ = ["blank_categories"]
