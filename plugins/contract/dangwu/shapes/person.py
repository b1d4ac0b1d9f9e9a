"""A person whom evidence names: one of the register, or anybody else by name alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from dangwu.shapes.short import Plain
from dangwu.values.word import Qualification


class Someone(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`name` alone (a text is read so) is a person as he was written down, or an outsider. `person` is his id in the register:
    then `post` and `qualifications` are what the register knew of him on the day of the act, not what anybody typed."""

    name: Annotated[str, Meta(title="姓名", min_length=1, max_length=200)]
    person: Annotated[str, Meta(title="名册编号", max_length=40)] = ""
    post: Annotated[str, Meta(title="职务", max_length=200)] = ""
    qualifications: Annotated[list[Qualification], Meta(title="条件")] = msgspec.field(default_factory=list)

    @property
    def key(self) -> str:
        """What tells him from others: two of one name in the register are two people."""
        return self.person or self.name


class Named(NamedTuple):
    """A person in evidence (builtins, to be filled in), with the words of which his post should be one (none: any)."""

    given: dict[str, Plain]
    posts: frozenset[str]


class Rolled(NamedTuple):
    """The fields of evidence for a number of people that follows from the register: as it was counted, and as it is reckoned."""

    counted: str
    reckoned: str


def everybody(given: Plain, posts: frozenset[str] = frozenset()) -> Iterator[Named]:
    """Those in a list; what is no list of people names nobody."""
    for one in given if isinstance(given, list) else ():
        if isinstance(one, dict):
            yield Named(one, posts)


def listed(given: Plain, field: str, posts: frozenset[str]) -> Iterator[Named]:
    """Those in a list that stands in a field of evidence."""
    return everybody(given.get(field) if isinstance(given, Mapping) else None, posts)


def said(one: Mapping[str, Plain] | str) -> str:
    """A person (builtins) in a row of a table: 周正（党支部书记）."""
    if isinstance(one, str):
        return one
    return f"{one['name']}（{one['post']}）" if one.get("post") else str(one["name"])


__all__ = ["Named", "Rolled", "Someone", "everybody", "listed", "said"]
