"""Values to try a facet with: of each type a blank one, usual ones and odd ones, always the same."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Annotated, Literal, Union, get_args, get_origin

import msgspec

from dangwu.facets.base import Facet
from dangwu.shapes.short import Plain
from dangwu.values.lattice import joins
from dangwu.values.period import Period
from dangwu.values.share import Share
from dangwu.values.vocabulary import LEVELS, TAGS, WORDS
from dangwu.values.word import of, typed_fields

DAY = date(2026, 6, 1)
PERIODS = (Period(months=1), Period(days=5), Period(workdays=3, months=2))
SHARES = (Share(">=1/2"), Share(">=2/3"), Share(">1/2"))
ODD: tuple[Plain, ...] = (
    None, "", "不知道", -1, 0, 1.5, 10**9, True, [], {}, [None], [{}], {"no-such": 1}, "2026-13-40", [["x"]], {"": {}},
)  # fmt: skip
"""What people and programs put where it does not belong."""


def words_of(hint: object) -> tuple[str, ...]:
    """A few words of a type's categories, or of its own; any words for text."""
    if get_origin(bare := _bare(hint)) is Literal:
        return tuple(map(str, get_args(bare)))
    known = {"level": LEVELS, "tag": TAGS, **WORDS}
    found = tuple(word for category in of(hint) for word in known.get(category, {}))
    return (*found, "one", "two", "three")[:3]


def parameters(hint: object) -> tuple[Plain, ...]:
    """Values of a parameter that ask for something; none for a type that no parameter of ours has."""
    bare = _bare(hint)
    origin, args = get_origin(bare), get_args(bare)
    if origin is frozenset:
        one, *more = words_of(args[0])
        either = () if get_origin(_bare(args[0])) is Literal else (frozenset({f"{one}|{more[0]}"}),)
        return (frozenset({one}), frozenset({one, *more}), *either)
    if origin in (dict, Mapping):
        first, *rest = words_of(args[0])
        return ({first: PERIODS[0]}, {first: PERIODS[1], **dict.fromkeys(rest[:1], PERIODS[2])})
    if not isinstance(bare, type):
        return ()
    return {bool: (True,), int: (1, 2, 5), float: (1.0, 2.5), Share: SHARES, Period: PERIODS}.get(bare, ())


def facets(kind: type[Facet]) -> list[Facet]:
    """A facet that asks for nothing, each parameter alone with each of its values, all together, and one that only warns."""
    hints = {
        field.name: hint
        for field, (_, hint) in zip(msgspec.structs.fields(kind), typed_fields(kind), strict=True)
    }
    values = {name: parameters(hints[name]) for name, _ in joins(kind) if name != "advisory"}
    alone = [kind(**{name: value}) for name, listed in values.items() for value in listed]
    whole = [
        kind(**{name: listed[turn % len(listed)] for name, listed in values.items() if listed})
        for turn in (0, 1)
    ]
    return [kind(), *alone, *whole, msgspec.structs.replace(whole[0], advisory=True)]


def evidence(kind: object, most: int = 40) -> list[Plain]:
    """Usual evidence of a type (plain builtins): the least, the fullest, and one field at a time otherwise."""
    return list(islice(_usual(kind), most))


def _usual(hint: object) -> Iterator[Plain]:
    bare = _bare(hint)
    origin, args = get_origin(bare), get_args(bare)
    if origin is Literal:
        yield from args
    elif origin is list:
        inner = list(islice(_usual(args[0]), 4))
        yield from ([], inner[:1], inner[:2], inner, inner[:1] * 2)
    elif origin is dict:
        for value in islice(_usual(args[1]), 6):
            yield dict.fromkeys(words_of(args[0])[:1], value)
            yield dict.fromkeys(words_of(args[0]), value)
        yield {}
    elif isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        yield from _groups(bare)
    elif bare is str:
        yield from words_of(hint)
    else:
        plain: Mapping[object, tuple[Plain, ...]] = {
            bool: (True, False), int: (1, 0, 2, 12), float: (1, 0, 2.5), date: ("2026-06-01", "2026-05-20"),
        }  # fmt: skip
        yield from plain.get(bare, ())


def _groups(kind: type[msgspec.Struct]) -> Iterator[Plain]:
    fields = msgspec.structs.fields(kind)
    usual = {name: list(islice(_usual(hint), 6)) for name, hint in typed_fields(kind)}
    full = {name: listed[0] for name, listed in usual.items() if listed}
    yield {field.encode_name: full[field.encode_name] for field in fields if field.required}
    yield full
    for name, listed in usual.items():
        yield from ({**full, name: value} for value in listed[1:])


def _bare(hint: object) -> object:
    """A type without what is noted on it, and without the nothing that may stand for it."""
    if get_origin(hint) is Annotated:
        return _bare(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return _bare(next(one for one in get_args(hint) if one is not type(None)))
    return hint


__all__ = ["DAY", "ODD", "evidence", "facets", "parameters", "words_of"]
