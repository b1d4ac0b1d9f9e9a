"""A type as data, so that a struct written in one process can be made in another without any of its code."""

from __future__ import annotations

import types
from collections.abc import Mapping, Set
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Meta

from dangwu.shapes.short import fields_of
from dangwu.values import lattice
from dangwu.values.period import Period
from dangwu.values.share import Share
from dangwu.values.word import Of, typed_fields

PLAIN: Mapping[str, Any] = {
    "any": Any, "none": type(None), "bool": bool, "int": int, "float": float, "str": str, "date": date,
    "period": Period, "share": Share, "list": list, "dict": dict,
}  # fmt: skip
JOINS: Mapping[str, lattice.Join[Any]] = {
    type(one).__name__: one for one in vars(lattice).values() if isinstance(one, lattice.Join)
}
_PLAIN_NAMES = {kind: name for name, kind in PLAIN.items() if name != "any"}
_MANY = {"list": list, "set": set, "frozenset": frozenset}
_LIMITS = (
    *("gt", "ge", "lt", "le", "multiple_of", "pattern", "min_length", "max_length", "title", "description"),
)
_DEEP = 12
"""Types within types: more are nobody's evidence."""


class Part(msgspec.Struct, frozen=True):
    """A field of a struct: its name in code and as written, its type; `default` is meant only where it is not `required`."""

    name: str
    written: str
    shape: Shape
    required: bool
    default: Any = None


class Shape(msgspec.Struct, frozen=True, omit_defaults=True):
    """A type: its `kind` (a name of PLAIN, or `list` … `struct`), the types within, and what is noted on it.

    `values` are those of a literal, or the categories of a word; `join` names one of the lattice's.
    """

    kind: str
    of: tuple[Shape, ...] = ()
    values: tuple[str | int | bool, ...] = ()
    limits: Mapping[str, str | int | float] = {}
    join: str = ""
    name: str = ""
    parts: tuple[Part, ...] = ()


class NoShape(TypeError):
    """A type that cannot be told to another process."""


def told(kind: Any, depth: int = 0) -> Shape:
    """A type as data. Raises NoShape."""
    if depth > _DEEP:
        raise NoShape(f"类型层数太多：{kind}")
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _noted(args[0], args[1:], depth)
    if origin in (Union, types.UnionType):
        return Shape("union", tuple(told(one, depth + 1) for one in args))
    if origin is Literal:
        return Shape("literal", values=args)
    if origin is tuple:
        return Shape("tuple", tuple(Shape("rest") if one is ... else told(one, depth + 1) for one in args))
    if origin in (dict, Mapping):
        return Shape("map", tuple(told(one, depth + 1) for one in args))
    for name, many in _MANY.items():
        if origin is many:
            return Shape(name, (told(args[0], depth + 1),))
    if kind in _PLAIN_NAMES or kind is Any:
        return Shape(_PLAIN_NAMES.get(kind, "any"))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return Shape("struct", name=kind.__name__, parts=parts_of(kind, depth))
    raise NoShape(
        f"不能用的类型：{kind}。可用的有文字、数字、日期、Period、Share、列表、集合、映射、Literal 和 msgspec.Struct"
    )


def parts_of(kind: type[msgspec.Struct], depth: int = 0) -> tuple[Part, ...]:
    """The fields of a struct as data."""
    hints = dict(typed_fields(kind))
    return tuple(
        Part(
            field.name, field.encode_name, told(hints[field.encode_name], depth + 1), field.required,
            None if field.required else msgspec.to_builtins(_default(field), builtin_types=(date,), enc_hook=str),
        )
        for field in fields_of(kind)
    )  # fmt: skip


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def _noted(kind: Any, notes: tuple[Any, ...], depth: int) -> Shape:
    limits: dict[str, Any] = {}
    values: tuple[str, ...] = ()
    join = ""
    for note in notes:
        if isinstance(note, Meta):
            limits |= {name: said for name in _LIMITS if (said := getattr(note, name)) is not None}
        elif isinstance(note, Of):
            values = note.categories
        elif isinstance(note, lattice.Join):
            join = type(note).__name__
            if JOINS.get(join) is not note and type(JOINS.get(join)) is not type(note):
                raise NoShape(f"合并方式只能用 dangwu 的：{join}")
    return Shape("noted", (told(kind, depth + 1),), values, limits, join)


def made(shape: Shape, module: str) -> Any:
    """The type again; its structs say that they are of `module`. Raises NoShape for what is no type."""
    try:
        return _made(shape, module)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise NoShape(f"不成类型：{shape.kind}") from error


def _made(shape: Shape, module: str) -> Any:
    of = [made(one, module) for one in shape.of if one.kind != "rest"]
    match shape.kind:
        case "struct":
            return msgspec.defstruct(shape.name, fields(shape.parts, module), module=module, frozen=True,
                                     rename=renames(shape.parts), kw_only=True)  # fmt: skip
        case "noted":
            return Annotated[(of[0], *_notes(shape))]
        case "union":
            return Union[tuple(of)]  # noqa: UP007
        case "literal":
            return Literal[shape.values]
        case "tuple":
            return tuple[(*of, ...)] if shape.of[-1].kind == "rest" else tuple[tuple(of)]  # type: ignore[misc, valid-type]
        case "map":
            return dict[of[0], of[1]]  # type: ignore[valid-type]
        case name if name in _MANY and of:
            return _MANY[name][of[0]]  # type: ignore[index]
    return PLAIN[shape.kind]


def _notes(shape: Shape) -> list[Any]:
    notes: list[Any] = [JOINS[shape.join]] if shape.join else []
    if shape.limits:
        limits: dict[str, Any] = {**shape.limits}
        notes.append(Meta(**limits))
    return [*notes, Of(*map(str, shape.values))] if shape.values else notes


def fields(parts: tuple[Part, ...], module: str) -> list[Any]:
    """The fields as `msgspec.defstruct` takes them."""
    found: list[Any] = []
    for part in parts:
        kind = made(part.shape, module)
        if part.required:
            found.append((part.name, kind))
            continue
        default = msgspec.convert(part.default, kind, strict=False, dec_hook=shared)
        fresh = isinstance(default, list | dict | Set) and not isinstance(default, frozenset)
        found.append((part.name, kind, _anew(part.default, kind) if fresh else default))
    return found


def _anew(default: Any, kind: Any) -> Any:
    return msgspec.field(
        default_factory=lambda: msgspec.convert(default, kind, strict=False, dec_hook=shared)
    )


def renames(parts: tuple[Part, ...]) -> dict[str, str]:
    """By name in code the name as written."""
    return {part.name: part.written for part in parts}


def shared(kind: type, value: Any) -> Any:
    """How msgspec reads the one value of ours that it does not know."""
    if kind is Share:
        return Share(str(value))
    raise NotImplementedError(kind)


__all__ = ["NoShape", "Part", "Shape", "fields", "made", "parts_of", "renames", "shared", "told"]
