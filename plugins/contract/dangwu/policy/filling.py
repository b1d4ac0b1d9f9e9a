"""Which blanks of a rule take words, and of what categories."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
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
    if not rule.blanks:
        return
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


def _within(kind: type[msgspec.Struct], params: Plain) -> Iterator[tuple[str, tuple[str, ...]]]:
    for field, categories, inner in _fields(kind) if isinstance(params, dict) else ():
        value = params.get(field)
        if inner is not None:
            yield from _within(inner, value)
        else:
            yield from ((blank, categories) for blank in blanks_in(value))


@cache
def _fields(
    kind: type[msgspec.Struct],
) -> tuple[tuple[str, tuple[str, ...], type[msgspec.Struct] | None], ...]:
    """(name, categories, None) of each field of a struct that takes words, (name, (), struct) of each that is a struct."""
    found: list[tuple[str, tuple[str, ...], type[msgspec.Struct] | None]] = []
    for field, hint in typed_fields(kind):
        if categories := _element(hint):
            found.append((field, categories, None))
        elif isinstance(hint, type) and issubclass(hint, msgspec.Struct):
            found.append((field, (), hint))
    return tuple(found)


def _element(hint: object) -> tuple[str, ...]:
    """The categories of the words of a set of words."""
    args = get_args(get_args(hint)[0] if get_origin(hint) is Annotated else hint)
    return of(args[0]) if len(args) == 1 or args[1:] == (...,) else ()


__all__ = ["blank_categories"]
