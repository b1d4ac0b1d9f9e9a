"""Evidence as people write it: short forms spelled out, and evidence of which only a part is said yet."""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import date
from functools import cache, partial
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UNSET, UnsetType

Plain = Any
"""Plain builtins as JSON, YAML and forms have them: mappings, lists, texts, numbers, days. `Facet.read` makes evidence."""


fields_of = cache(msgspec.structs.fields)
"""The fields of a kind of struct. msgspec reads its annotations anew each time: half the time of a judgement."""
hints_of = cache(partial(get_type_hints, include_extras=True))
"""What the fields of a kind are declared as, by name; worked out anew it compiles each declaration."""


@cache
def blank(kind: type[msgspec.Struct]) -> msgspec.Struct | None:
    """A struct of this kind in which nothing is filled in; None if something must be."""
    return None if any(field.required for field in fields_of(kind)) else kind()


def spelled_out(kind: object, given: Plain) -> Plain:
    """Builtins in full: one thing stands for a list of one, and a bare answer for the one field that a group must have."""
    kind = _bare(kind)
    origin, args = get_origin(kind), get_args(kind)
    if given is None:
        return None
    if origin is list:
        listed = given if isinstance(given, list | tuple) else [given]
        return [spelled_out(args[0], one) for one in listed]
    if origin is dict and isinstance(given, Mapping):
        return {key: spelled_out(args[1], one) for key, one in given.items()}
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _group(kind, given)
    return given


def _group(kind: type[msgspec.Struct], given: Plain) -> Plain:
    fields = {field.encode_name: field for field in fields_of(kind)}
    if isinstance(given, Mapping):
        return {
            key: spelled_out(fields[key].type, one) if key in fields else one for key, one in given.items()
        }
    needed = [name for name, field in fields.items() if field.required]
    return {needed[0]: given} if len(needed) == 1 and isinstance(given, str | int) else given


def part_of(kind: object, given: Plain) -> Plain:
    """Builtins checked against the type where nothing need be there. Raises msgspec.ValidationError."""
    return msgspec.to_builtins(msgspec.convert(given, _partly(kind), strict=False), builtin_types=(date,))


@cache
def _partly(kind: Any) -> Any:
    """The type with every field optional, at any depth."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return Annotated[(_partly(args[0]), *kind.__metadata__)]
    if origin is list:
        return list[_partly(args[0])]  # type: ignore[misc]
    if origin is dict:
        return dict[args[0], _partly(args[1])]  # type: ignore[misc, valid-type]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return msgspec.defstruct(
            kind.__name__,
            [
                (field.name, Union[_partly(field.type), UnsetType], UNSET)  # noqa: UP007
                for field in fields_of(kind)
            ],
            rename={field.name: field.encode_name for field in fields_of(kind)},
            forbid_unknown_fields=True,
        )
    return kind


def _bare(kind: object) -> object:
    """A type without what is noted on it, and without the nothing that may stand for it."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        kinds = [one for one in get_args(kind) if one is not type(None)]
        return _bare(kinds[0]) if len(kinds) == 1 else kind
    return kind


__all__ = ["Plain", "blank", "fields_of", "part_of", "spelled_out"]
