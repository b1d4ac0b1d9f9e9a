"""Everything that keeps builtins from being of a type, each with its exact place: msgspec stops at the first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from dangwu.errors import nearest
from dangwu.shapes.clauses import clause
from dangwu.values.word import typed_fields

Path = tuple[Any, ...]
Hook = Callable[[type, Any], Any]


def faults(
    kind: Any, value: Any, hook: Hook | None = None, path: Path = ()
) -> Iterator[tuple[Path, Any, str]]:
    """(path, what stands there, what is wrong as a clause) for each part of `value` that does not fit `kind`; none if all fits.

    `hook` makes types that msgspec does not know (`dec_hook`); what it raises is said as it stands.
    """
    try:
        msgspec.convert(value, kind, dec_hook=hook)
    except msgspec.ValidationError as error:
        within = [fault for part in _parts(kind, value, path) for fault in _of(part, hook)]
        yield from within or [(path, value, _choices(kind) or clause(error)[0])]


def _choices(kind: Any) -> str:
    """What may be chosen, where one of several words is wanted."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    kinds = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    literal = all(get_origin(one) is Literal for one in kinds)
    words = [word for one in kinds for word in get_args(one) if word] if literal else []
    return f"可选的有：{'、'.join(words)}" if words else ""


def said(path: Path, what: str) -> str:
    """A fault as a clause that names its place, as far as it does not name it itself."""
    return what if not path or "不认识" in what else f"{'.'.join(str(part) for part in path)} {what}"


def _of(part: tuple[Path, Any, Any, str], hook: Hook | None) -> Iterator[tuple[Path, Any, str]]:
    path, kind, value, wrong = part
    if wrong:
        yield path, value, wrong
    else:
        yield from faults(kind, value, hook, path)


def _parts(kind: Any, value: Any, path: Path) -> Iterator[tuple[Path, Any, Any, str]]:
    """(path, type, value, what is wrong with its being there) of what `value` is made of."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    args = [one for one in get_args(kind) if one is not type(None)]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, Mapping):
        yield from _fields(kind, value, path)
    elif isinstance(value, Mapping) and _is(kind, Mapping):
        for key, part in value.items():
            yield (*path, key), args[0], key, ""
            yield (*path, key), args[1], part, ""
    elif isinstance(value, list) and _is(kind, Collection) and not _is(kind, Mapping):
        for number, part in enumerate(value):
            yield (*path, number), args[0], part, ""
    elif len(args) == 1:
        yield from _parts(args[0], value, path)


def _is(kind: Any, what: type) -> bool:
    origin = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, what)


def _fields(
    kind: type[msgspec.Struct], value: Mapping[Any, Any], path: Path
) -> Iterator[tuple[Path, Any, Any, str]]:
    hints = dict(typed_fields(kind))
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for key, part in value.items():
        if key in fields:
            yield (*path, key), hints[key], part, ""
        else:
            hint = f"{nearest(str(key), fields)}。可写的项目有：{'、'.join(fields)}"
            yield (*path, key), None, part, f"有不认识的一项“{key}”{hint}"
    for name, field in fields.items():
        if field.required and name not in value:
            yield path, None, value, f"缺少“{name}”"
