"""The blanks in a rule's raw parameters, and the facets that come of them once they are filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from dangwu.errors import PolicyError
from dangwu.facets.base import Facet
from dangwu.facets.reading import decode
from dangwu.policy.policy import Rule
from dangwu.policy.rating import Rating
from dangwu.shapes.short import Plain

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


def plain(value: Any) -> Any:
    """A filled value as rules read it: of a word that it declares (`{id: title}`) the id."""
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return next(iter(value)) if isinstance(value, Mapping) and len(value) == 1 else value


def filled(value: Any, fill: Mapping[str, Any]) -> Any:
    """A raw value with its blanks filled; what is still blank is left out."""
    if is_blank(value):
        return plain(fill.get(value["blank"], _ABSENT))
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


@lru_cache(maxsize=8192)
def _plain(name: str, encoded: bytes) -> Facet:
    return decode(name, msgspec.json.decode(encoded))


def rating(raw: Mapping[str, Plain], fill: Mapping[str, Plain]) -> dict[str, Plain]:
    """What a rule says of a scheme, its blanks filled but for those of the facets; what is still blank is left out."""
    parts = ("propose", "decide")
    found = {key: one if key in parts else filled(one, fill) for key, one in raw.items()}
    return {key: one for key, one in found.items() if one is not _ABSENT and one != {}}


def bind_rating(rule: Rule, fill: Mapping[str, Plain]) -> tuple[Rating, dict[str, Facet]]:
    """What a rule says of a scheme, and its facets as `propose.poll`. Raises PolicyError for a fill of the wrong type."""
    try:
        found = msgspec.convert(rating(rule.rating, fill), Rating)
        parts = {"propose": found.propose, "decide": found.decide}
        return found, {
            f"{part}.{name}": _plain(name, msgspec.json.encode(filled(raw, fill)))
            for part, one in parts.items()
            for name, raw in (one.raw() if one else {}).items()
        }
    except ValueError as error:
        raise PolicyError([f"规则 {rule.id} 的填空不对：{error}。请按填空说明重新填写。"]) from error


def bind(rule: Rule, fill: Mapping[str, Any]) -> dict[str, Facet]:
    """A rule's facets, its blanks filled; what is still blank is left out. Raises PolicyError for a fill of the wrong type."""
    found: dict[str, Facet] = {}
    for name, raw in rule.facets.items():
        try:
            found[name] = _plain(name, msgspec.json.encode(filled(raw, fill) if rule.blanks else raw))
        except ValueError as error:
            raise PolicyError([f"规则 {rule.id} 的填空不对：{error}。请按填空说明重新填写。"]) from error
    return found
