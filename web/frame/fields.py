"""What the JSON of a request may say: a field that nobody reads is refused, never passed over.

A setting that was misspelt and passed over would leave things as they are, and say that it was done.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler
from msgspec import inspect

from core.errors import Invalid
from web.kit.requests import Request


@cache
def _said(handler: HTTPRouteHandler) -> inspect.Type | None:
    """The type of a handler's body; None where it takes none."""
    field = handler.parsed_data_field
    return inspect.type_info(field.annotation) if field is not None else None


async def refuse_strange(request: Request) -> None:
    """Raise Invalid for a field of the JSON that the handler's body has not; runs before each handler of the API."""
    handler = request.scope["route_handler"]
    kind = _said(handler) if isinstance(handler, HTTPRouteHandler) else None
    if kind is None:
        return
    try:
        given = msgspec.json.decode(await request.body())
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return  # the framework says what is wrong with it
    if strange := next(strangers(given, kind), None):
        raise Invalid(
            f"提交的内容里有不认识的一项“{strange[:80]}”，没有办理：写错名称的设定会被当作没有写。请对照接口说明核对名称。",
            code="unknown-field",
            fields={strange[:80]: "没有这一项。"},
        )


def strangers(given: Any, kind: inspect.Type, path: str = "") -> Iterator[str]:
    """The fields of what was sent that its type has not: `draft.nmae`."""
    if isinstance(kind, inspect.Metadata):
        yield from strangers(given, kind.type, path)
    elif isinstance(kind, inspect.UnionType):
        if found := _of(given, kind):
            yield from strangers(given, found, path)
    elif isinstance(kind, inspect.StructType) and isinstance(given, dict):
        fields = {one.encode_name: one.type for one in kind.fields}
        for name, value in given.items():
            if name in fields:
                yield from strangers(value, fields[name], f"{path}{name}.")
            elif name != kind.tag_field:
                yield f"{path}{name}"
    elif isinstance(kind, inspect.ListType | inspect.VarTupleType) and isinstance(given, list):
        for one in given:
            yield from strangers(one, kind.item_type, path)
    elif isinstance(kind, inspect.DictType) and isinstance(given, dict):
        for one in given.values():
            yield from strangers(one, kind.value_type, path)


def _of(given: Any, kind: inspect.UnionType) -> inspect.Type | None:
    """Which of the types that it can be it is: of structs the one that its tag names."""
    if isinstance(given, dict):
        structs = [one for one in kind.types if isinstance(one, inspect.StructType)]
        tagged = [one for one in structs if one.tag_field and given.get(one.tag_field) == one.tag]
        return next(iter(tagged or structs), None) if tagged or len(structs) == 1 else None
    if isinstance(given, list):
        return next(
            (one for one in kind.types if isinstance(one, inspect.ListType | inspect.VarTupleType)), None
        )
    return None
