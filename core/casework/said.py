"""Evidence in words: whole for the record of a case, short for one line of the task list.

The whole form follows the evidence types, so that a facet brought by a plugin is shown without code here.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import islice
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from dangwu import FACETS, Facet, Plain, Regime, Someone, explain

Pairs = list[tuple[str, str]]


def whole(regime: Regime, evidence: Mapping[str, Any]) -> list[tuple[str, Pairs]]:
    """Everything that a record carries: (facet's title, (what, value) …); what is empty in it is left out."""
    found = []
    for name, value in plain(evidence).items():
        kind = FACETS.get(name)
        if kind is None:
            found.append((name, [("", str(value))]))
        else:
            pairs = list(_Walk(regime, kind).pairs(kind.evidence, value, "", kind.title))
            found.append((kind.title, pairs or [(kind.title, "已办")]))
    return found


def plain(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Typed evidence as plain builtins; dates stay dates."""
    return {name: msgspec.to_builtins(value, builtin_types=(date,)) for name, value in evidence.items()}


def part(regime: Regime, facet: type[Facet], given: Plain, path: Sequence[str]) -> str:
    """What stands at a path (names of fields, keys) within evidence of a facet, as text; "" where nothing does.

    An empty path is all of it in a line.
    """
    if given is None:
        return ""
    if not path:
        return short(regime, {facet.name: given})
    return _Walk(regime, facet).at(facet.evidence, given, path)


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[tuple[msgspec.structs.FieldInfo, Any], ...]:
    """The fields of a type of evidence, each with what it is declared as: worked out once, for it compiles text."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple((field, hints[field.name]) for field in msgspec.structs.fields(kind))


class _Walk:
    """Through the evidence of one facet, field by field."""

    def __init__(self, regime: Regime, facet: type[Facet]) -> None:
        self.regime, self.facet = regime, facet

    def pairs(self, kind: Any, value: Any, above: str, name: str) -> Iterator[tuple[str, str]]:
        kind = _bare(kind)
        if people := _people(kind, value):
            yield (f"{above} · {name}" if above else name, "、".join(self._person(one) for one in people))
        elif _is_group(kind):
            yield from self._group(kind, value, above)
        elif isinstance(value, Mapping):
            inner = get_args(kind)[1] if get_origin(kind) is dict else Any
            for key, part in value.items():
                word = explain.title(self.regime, str(key))
                group = _is_group(_bare(inner))
                yield from self.pairs(inner, part, word if group else above, name if group else word)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, part in enumerate(value, 1):
                heading = f"第 {number} 项" if len(value) > 1 else above
                yield from self.pairs(get_args(kind)[0], part, heading, name)
        else:
            yield (f"{above} · {name}" if above else name, self._text(kind, value))

    def at(self, kind: Any, value: Any, path: Sequence[str]) -> str:
        """The text at a path; of a list of groups that of each."""
        kind = _bare(kind)
        if isinstance(value, list) and path:
            inner = get_args(kind)[0]
            return "、".join(said for one in value if (said := self.at(inner, one, path)))
        if not path:
            return "" if value in (None, "", []) else self._text(kind, value)
        first, *rest = path
        if _is_group(kind):
            hint = next((hint for field, hint in _fields(kind) if field.encode_name == first), Any)
        else:
            hint = get_args(kind)[1] if get_origin(kind) is dict else Any
        return self.at(hint, value.get(first), rest) if isinstance(value, Mapping) else ""

    def _group(self, kind: type[msgspec.Struct], value: Any, above: str) -> Iterator[tuple[str, str]]:
        for field, hint in _fields(kind):
            part = value.get(field.encode_name)
            if part not in (None, "", [], False) and (part != 0 or field.required):
                yield from self.pairs(hint, part, above, _titled(hint) or field.name)

    def _person(self, one: Mapping[str, Any]) -> str:
        """周正（党支部书记；正式党员）."""
        told = [explain.title(self.regime, one["post"])] if one.get("post") else []
        told += ["、".join(explain.title(self.regime, word) for word in one.get("qualifications") or ())]
        told += ["不再担任"] if one.get("released") else []
        known = "；".join(part for part in told if part)
        return f"{one['name']}（{known}）" if known else str(one["name"])

    def _text(self, kind: Any, value: Any) -> str:
        if isinstance(value, list):
            return "、".join(explain.title(self.regime, str(one)) for one in value)
        if isinstance(value, bool):
            return "是" if value else "否"
        if get_origin(kind) is Literal:
            return self.facet.answer(str(value))
        if self.facet.moves and isinstance(value, str):
            return explain.title(self.regime, value)
        return f"{value:g}" if isinstance(value, float) else str(value)


def _people(kind: Any, value: Any) -> list[Mapping[str, Any]]:
    """The people in a field of one or several."""
    inner = _bare(get_args(kind)[0]) if get_origin(kind) is list else kind
    if not (isinstance(inner, type) and issubclass(inner, Someone)):
        return []
    return value if isinstance(value, list) else [value]


def _is_group(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _bare(hint: Any) -> Any:
    if hasattr(hint, "__metadata__"):
        hint = hint.__origin__
    if get_origin(hint) in (Union, types.UnionType):
        return _bare(next(one for one in get_args(hint) if one is not type(None)))
    return hint


def _titled(hint: Any) -> str:
    return next(
        (
            one.title
            for one in getattr(hint, "__metadata__", ())
            if isinstance(one, msgspec.Meta) and one.title
        ),
        "",
    )


def short(regime: Regime, evidence: Mapping[str, Any]) -> str:
    """One line: 应到 20、实到 18、赞成 17；材料 2 份."""
    found = []
    for name, value in plain(evidence).items():
        kind = FACETS.get(name)
        if kind is None:
            continue
        said = kind.brief(value, lambda word: explain.title(regime, word))
        if said is None:
            pairs = _Walk(regime, kind).pairs(kind.evidence, value, "", kind.title)
            said = "，".join(f"{what} {text}" for what, text in islice(pairs, 2))
        found.append(said)
    return "；".join(one for one in found if one)
