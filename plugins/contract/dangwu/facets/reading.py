"""From raw parameters (YAML, with blanks) to facets, and back to words for errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from dangwu.errors import PolicyError, nearest
from dangwu.facets.base import FACETS, Facet
from dangwu.policy.policy import Rule
from dangwu.shapes.clauses import clause
from dangwu.values.lattice import joins
from dangwu.values.share import Share

_ABSENT = object()


def is_blank(value: Any) -> bool:
    """Whether a raw value stands for a blank: `{blank: id}`."""
    return isinstance(value, dict) and set(value) == {"blank"} and isinstance(value["blank"], str)


def blanks_in(value: Any) -> Iterator[str]:
    """The ids of the blanks in a raw value, at any depth."""
    if is_blank(value):
        yield value["blank"]
    elif isinstance(value, dict):
        for part in value.values():
            yield from blanks_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from blanks_in(part)


def filled(value: Any, fill: Mapping[str, Any]) -> Any:
    """A raw value with its blanks filled; what is still blank is left out."""
    if is_blank(value):
        return fill.get(value["blank"], _ABSENT)
    if isinstance(value, dict):
        parts = {key: filled(part, fill) for key, part in value.items()}
        return (
            {key: part for key, part in parts.items() if part is not _ABSENT and part != {}} if parts else {}
        )
    if isinstance(value, list | tuple):
        found: list[Any] = []
        for part in value:
            one = filled(part, fill)
            if one is not _ABSENT:
                found += one if isinstance(one, list | tuple) else [one]
        return found
    return value


def decode(name: str, raw: Any) -> Facet:
    """A facet from its raw parameters. Raises ValueError with a Chinese clause that names the parameter."""
    kind = FACETS[name]
    if not isinstance(raw, dict):
        raise ValueError(f"“{name}”后应为各项参数，例如 {name}: {{…}}")
    known = [field.encode_name for field in msgspec.structs.fields(kind)]
    for key in raw:
        if key not in known:
            raise ValueError(
                f"“{name}”没有参数“{key}”{nearest(str(key), known)}。它的参数有：{'、'.join(known)}"
            )
    try:
        found = msgspec.convert(raw, kind, dec_hook=_decode, strict=True)
    except msgspec.ValidationError as error:
        what, path = clause(error)
        path = path.replace("[...]", "")
        value = raw.get(path.split(".")[0].split("[")[0], "")
        raise ValueError(f"“{name}.{path}”的值“{value}”不对：{what}") from error
    for param, how in joins(kind):
        for key, part in how.parts(getattr(found, param)).items():
            if isinstance(part, int | float) and part < 0:
                path = ".".join(word for word in (name, param.rstrip("_"), key) if word)
                raise ValueError(f"“{path}”的值“{part}”不对：不能小于 0")
    return found


def _decode(kind: type, value: Any) -> Any:
    if kind is Share:
        return Share(str(value))
    raise NotImplementedError(kind)


@lru_cache(maxsize=8192)
def _plain(name: str, encoded: bytes) -> Facet:
    return decode(name, msgspec.json.decode(encoded))


def bind(rule: Rule, fill: Mapping[str, Any]) -> dict[str, Facet]:
    """A rule's facets with its blanks filled. Raises PolicyError."""
    found: dict[str, Facet] = {}
    for name, raw in rule.facets.items():
        try:
            found[name] = _plain(name, msgspec.json.encode(filled(raw, fill)))
        except ValueError as error:
            raise PolicyError([f"规则 {rule.id} 的填空不对：{error}。请按填空说明重新填写。"]) from error
    return found
