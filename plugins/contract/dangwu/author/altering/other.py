"""What could have been written instead of a value, by its type: one more or one less, the word beside it, or one part too few."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Annotated, Literal, NamedTuple, Union, get_args, get_origin

import msgspec

from dangwu.policy.blanks import is_blank
from dangwu.shapes.faults import Path
from dangwu.shapes.short import Plain
from dangwu.values.word import of, typed_fields

GONE = msgspec.UNSET
"""Stands for what was left out."""
Words = Mapping[str, Sequence[str]]
"""The words of each category in their order; where a type names no category, the first that has a word is meant."""
_SHARE = re.compile(r"^\s*(>=|>|<=|<|≥|≤|＞|＜)?\s*(\d+)\s*/\s*(\d+)\s*$")
_TURNED = {">": ">=", "＞": ">=", ">=": ">", "≥": ">", "": ">", "<=": "<", "≤": "<", "<": "<=", "＜": "<="}
_MONTH_DAY = re.compile(r"^\d\d-\d\d$")
_COMMON_YEAR = 2023


class Other(NamedTuple):
    """`whole`: what was given, with `now` instead of `was` at `path`."""

    path: Path
    was: Plain
    now: Plain
    whole: Plain


def others(kind: object, given: Plain, words: Words) -> Iterator[Other]:
    """Everything that differs from plain builtins of a type in one value; nothing of what a blank stands for.

    Of a type that says nothing (`object`) the shape of the value tells; of an entry the type is a mapping, by field.
    """
    kind = _bare(kind)
    if is_blank(given):
        return
    if isinstance(given, dict):
        yield from _of_a_mapping(kind, given, words)
    elif isinstance(given, list | tuple):
        yield from _of_a_list(kind, given, words)
    else:
        yield from (Other((), given, now, now) for now in _beside(kind, given, words))


def _of_a_mapping(kind: object, given: Mapping[Plain, Plain], words: Words) -> Iterator[Other]:
    named, keys, each = _inside(kind)
    for key, part in given.items():
        yield Other((key,), part, GONE, {one: value for one, value in given.items() if one != key})
        yield from (
            Other((key, *one.path), one.was, one.now, {**given, key: one.whole})
            for one in others(named.get(key, each), part, words)
        )
        for now in _beside(keys, key, words) if not named else ():
            yield Other((), key, now, {now if one == key else one: value for one, value in given.items()})


def _inside(kind: object) -> tuple[Mapping[str, object], object, object]:
    """Of a mapping's type: that of each field that has a name, that of the other keys, that of their values."""
    if isinstance(kind, Mapping):
        return kind, object, object
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return dict(typed_fields(kind)), object, object
    args = get_args(kind)
    return (
        ({}, *args)
        if len(args) == 2 and get_origin(kind) not in (Union, types.UnionType)
        else ({}, object, object)
    )


def _of_a_list(kind: object, given: Sequence[Plain], words: Words) -> Iterator[Other]:
    args = get_args(kind)
    each = args[0] if args else object
    for number, part in enumerate(given):
        before, after = given[:number], given[number + 1 :]
        yield Other((), part, GONE, [*before, *after])
        for one in others(each, part, words):
            if one.whole not in given:
                yield Other(one.path, one.was, one.now, [*before, one.whole, *after])


def _beside(kind: object, given: Plain, words: Words) -> Iterator[Plain]:
    """What stands beside a single value."""
    if isinstance(given, bool):
        yield from () if given else (True,)  # a true one is turned by leaving it out
    elif isinstance(given, int | float):
        yield from (given - 1, given + 1)
    elif isinstance(given, date):
        yield from (given - timedelta(days=1), given + timedelta(days=1))
    elif isinstance(given, str):
        yield from _beside_text(kind, given, words)


def _beside_text(kind: object, given: str, words: Words) -> Iterator[str]:
    if "|" in given:
        either = given.split("|")
        yield from ("|".join(one for one in either if one != word) for word in either)
    elif found := _SHARE.match(given):
        yield from _shares(found[1] or "", int(found[2]), int(found[3]))
    elif _MONTH_DAY.match(given):
        with suppress(ValueError):  # the loader tells of a day that no year has
            day = date.fromisoformat(f"{_COMMON_YEAR}-{given}")
            yield from (f"{day + timedelta(days=by):%m-%d}" for by in (-1, 1))
    else:
        yield from _next_to(given, _chosen(kind) or next(_listed(given, of(kind), words), ()))


def _shares(sign: str, part: int, whole: int) -> Iterator[str]:
    """`>1/2` with the other sign, and each number one more and one less; what is no share any more the loader refuses."""
    yield f"{_TURNED[sign]}{part}/{whole}"
    yield from (f"{sign}{part + by}/{whole}" for by in (-1, 1) if part + by)
    yield from (f"{sign}{part}/{whole + by}" for by in (-1, 1))


def _listed(word: str, categories: Iterable[str], words: Words) -> Iterator[Sequence[str]]:
    named = [words.get(one, ()) for one in categories] or [*words.values()]
    yield from (listed for listed in named if word in listed)


def _next_to(word: str, listed: Sequence[str]) -> Iterator[str]:
    """The one before and the one after it."""
    if word in listed:
        at = listed.index(word)
        yield from (*listed[max(at - 1, 0) : at], *listed[at + 1 : at + 2])


def _chosen(kind: object) -> tuple[str, ...]:
    """The words among which a type lets choose."""
    kinds = get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)
    return tuple(word for one in kinds if get_origin(one) is Literal for word in get_args(one) if word)


def _bare(kind: object) -> object:
    """A type without what is noted on it but the category of a word, and without the nothing that may stand for it."""
    if get_origin(kind) is Annotated and not of(kind):
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        kinds = [one for one in get_args(kind) if one is not type(None)]
        return _bare(kinds[0]) if len(kinds) == 1 else kind
    return kind


__all__ = ["GONE", "Other", "Words", "others"]
