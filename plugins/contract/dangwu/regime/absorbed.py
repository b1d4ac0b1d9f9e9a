"""A rule that changes nothing: what it asks for, in short, and what holds instead."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from dangwu.facets.base import Facet, Part
from dangwu.values.lattice import UNION, joins


class Absorbed(msgspec.Struct, frozen=True):
    """A rule that asks for no more than others do: `value` is its own, `effective` what holds, `by` who set that.
    `param` is '' where it asks for the facet as such, and others for more of it."""

    rule: str
    facet: str
    param: str
    value: str
    effective: str
    by: tuple[str, ...]


def parts(facet: Facet, name: str) -> dict[str, object]:
    """The pieces of one of a facet's parameters, by key (`name` as written in policies, without the trailing `_`)."""
    param, how = next((param, how) for param, how in joins(type(facet)) if param.rstrip("_") == name)
    return how.parts(getattr(facet, param))


def said(facet: Facet, name: str) -> str:
    """A facet's parameter as `Absorbed.value` has it."""
    return words(parts(facet, name))


def outdone(facet: Facet) -> dict[Part, Part]:
    """The parts that never decide, each with the one that does: what is met by either (`a|b`) beside one of the two, too."""
    either = {
        (param, key): (param, one)
        for param, how in joins(type(facet))
        if how is UNION
        for key in getattr(facet, param)
        if "|" in key
        for one in key.split("|")
        if one in getattr(facet, param)
    }
    return {**either, **facet.outdone()}


def words(parts: Mapping[str, object]) -> str:
    """The parts of a parameter in one line: each with its value, one that is only asked for by its key alone."""
    return "、".join(
        key if value is True and key else f"{key} {value}".strip() for key, value in parts.items()
    )


__all__ = ["Absorbed", "outdone", "parts", "said", "words"]
