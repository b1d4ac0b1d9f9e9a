"""Everything that keeps builtins from being of a type, each with its exact place: msgspec stops at the first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

from dangwu.errors import nearest
from dangwu.shapes.clauses import clause

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
        yield from within or [(path, value, clause(error)[0])]


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
    elif isinstance(value, list) and _is(kind, Collection):
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
    hints = get_type_hints(kind, include_extras=True)
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for key, part in value.items():
        if key in fields:
            yield (*path, key), hints[fields[key].name], part, ""
        else:
            hint = f"{nearest(str(key), fields)}。可写的项目有：{'、'.join(fields)}"
            yield (*path, key), None, part, f"有不认识的一项“{key}”{hint}"
    for name, field in fields.items():
        if field.required and name not in value:
            yield path, None, value, f"缺少“{name}”"
