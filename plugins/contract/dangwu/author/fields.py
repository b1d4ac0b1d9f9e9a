"""The parameters and the evidence of facets as an author looks them up: names, titles, shapes, and the values they may have."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal, Union, get_args, get_origin

import msgspec

from dangwu.facets.base import Facet
from dangwu.values.lattice import joins
from dangwu.values.period import Period
from dangwu.values.share import Share
from dangwu.values.word import CATEGORIES, of, typed_fields

Input = Literal["number", "flag", "share", "words"]

SHAPES: Mapping[object, str] = {
    bool: "true 或 false", int: "整数", float: "数", str: "文字", date: "日期", Share: '比例，如 ">=2/3"',
    Period: "期间 {months, days, workdays}",
}  # fmt: skip


class Field(msgspec.Struct, frozen=True):
    """A parameter or a part of evidence: its name with the path to it, its title, its shape in words, its fixed values.

    `sign` is that of a parameter's join.
    """

    name: str
    title: str
    shape: str
    values: tuple[str, ...] = ()
    required: bool = False
    sign: str = ""


class Parameter(msgspec.Struct, frozen=True):
    """A parameter that one field of a form can ask for: a number, a yes, a share, or words of `categories`."""

    name: str
    title: str
    input: Input
    categories: tuple[str, ...] = ()


def simple(kind: type[Facet]) -> Iterator[Parameter]:
    """The parameters of a facet that one field of a form can ask for, in order; what is written by keys is left out."""
    hints = dict(zip((one.name for one in msgspec.structs.fields(kind)), typed_fields(kind), strict=True))
    for name, _ in joins(kind):
        written, hint = hints[name]
        if name != "advisory" and (found := _input(hint)) is not None:
            yield Parameter(written, _title(hint) or kind.title, *found)


def _input(hint: object) -> tuple[Input, tuple[str, ...]] | None:
    bare = _bare(hint)
    origin, args = get_origin(bare), get_args(bare)
    if origin is frozenset and (categories := of(args[0])):
        return "words", categories
    kinds: Mapping[object, Input] = {bool: "flag", int: "number", Share: "share"}
    return (kinds[bare], ()) if bare in kinds else None


def parameters(kind: type[Facet]) -> Iterator[Field]:
    """The parameters of a facet, in order; `advisory`, which all have, is left out."""
    hints = dict(zip((one.name for one in msgspec.structs.fields(kind)), typed_fields(kind), strict=True))
    for name, how in joins(kind):
        if name != "advisory":
            written, hint = hints[name]
            yield Field(written, _title(hint), shape(hint), sign=how.sign)


def evidence(kind: type[Facet]) -> Iterator[Field]:
    """What a record may carry under the facet's name, the parts of groups with their path; nothing where nothing is recorded."""
    if kind.evidence is not None:
        yield from _parts(kind.evidence, kind.name, "", required=False)


def _parts(hint: object, name: str, title: str, *, required: bool) -> Iterator[Field]:
    bare = _bare(hint)
    origin, args = get_origin(bare), get_args(bare)
    title = title or _title(hint)
    if origin is list:
        yield Field(name, title, shape(hint), required=required)
        if _is_group(args[0]):
            yield from _fields(args[0], f"{name}[]")
    elif origin is dict:
        yield Field(name, title, shape(hint), _values(_bare(args[1])), required)
        if _is_group(args[1]):
            yield from _fields(args[1], f"{name}.*")
    elif _is_group(bare):
        yield from _fields(bare, name)
    else:
        yield Field(name, title, shape(hint), _values(bare), required)


def _fields(kind: object, above: str) -> Iterator[Field]:
    group = _bare(kind)
    assert isinstance(group, type)
    for field, (name, hint) in zip(msgspec.structs.fields(group), typed_fields(group), strict=True):
        yield from _parts(hint, f"{above}.{name}", "", required=field.required)


def shape(hint: object) -> str:
    """The shape of a type in words."""
    if categories := of(hint):
        return "或".join(dict.fromkeys(CATEGORIES[one] for one in categories)) + "的标识"
    bare = _bare(hint)
    origin, args = get_origin(bare), get_args(bare)
    if categories := of(bare):
        return shape(bare)
    if origin is Literal:
        return "下列之一"
    if origin in (list, frozenset):
        return "几组内容的列表" if _is_group(args[0]) else f"{shape(args[0])}，列表"
    if origin in (dict, Mapping):
        inner = "几项内容" if _is_group(args[1]) else shape(args[1])
        return f"按{shape(args[0])}，各写{inner}"
    return SHAPES.get(bare, "一组内容" if _is_group(bare) else "文字")


def _values(bare: object) -> tuple[str, ...]:
    return tuple(str(one) for one in get_args(bare)) if get_origin(bare) is Literal else ()


def _title(hint: object) -> str:
    notes = getattr(hint, "__metadata__", ())
    return next((one.title for one in notes if isinstance(one, msgspec.Meta) and one.title), "")


def _is_group(hint: object) -> bool:
    bare = _bare(hint)
    return isinstance(bare, type) and issubclass(bare, msgspec.Struct) and bare not in SHAPES


def _bare(hint: object) -> object:
    """A type without what is noted on it (words keep their category), and without the nothing that may stand for it."""
    if get_origin(hint) is Annotated and not of(hint):
        return _bare(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return _bare(next(one for one in get_args(hint) if one is not type(None)))
    return hint


__all__ = ["SHAPES", "Field", "Parameter", "evidence", "parameters", "shape", "simple"]
