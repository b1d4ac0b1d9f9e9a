"""The words for posts and for what limits rights (words.yaml): titles, effects, sources. Data, with a version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from core.cited import Checked, Cite, Source, cited
from core.errors import Invalid

Loses = Literal["full-member", "rights-intact", "no-sanction-in-effect", "votes", "taught", "counted"]
"""What somebody has not: qualifications of the contract; `votes` and `counted` are of a meeting, `taught` of a lesson."""


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A word of the register; from `until` on it is no longer entered, what was entered stays readable."""

    title: str
    until: date | None = None


class Post(Word, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A post: the kinds of units that have it, and the words of policies that its holder answers to."""

    at: tuple[str, ...]
    serves: frozenset[str]


class State(Word, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What takes something away from a member, by which clause."""

    loses: frozenset[Loses]
    cite: Cite
    checked: Checked


class Limit(State, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The same for a time: `months` from its day on (0: until it is ended), at most `longest`; `asks` for a note;
    `by_case`: cases alone enter and end it."""

    group: str
    months: Annotated[int, Meta(ge=0, le=60)] = 0
    longest: Annotated[int, Meta(ge=0, le=60)] = 0
    asks: bool = False
    by_case: bool = False


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file."""

    version: int
    sources: Mapping[str, Source]
    posts: Mapping[str, Post]
    groups: Mapping[str, str]
    limits: Mapping[str, Limit]
    states: Mapping[str, State]

    def __post_init__(self) -> None:
        for name, one in (*self.limits.items(), *self.states.items()):
            if one.cite.source not in self.sources:
                raise ValueError(f"{name} cites {one.cite.source!r}, which is no source")
        for name, limit in self.limits.items():
            if limit.group not in self.groups:
                raise ValueError(f"{name} is of the group {limit.group!r}, which is none")

    def cited(self, one: State) -> str:
        """《中国共产党章程》第七条。"""
        return cited(self.sources, one.cite)


FULL = "converted"
"""The date of the register with which somebody begins to be a full member (`MEMBERSHIPS`)."""
WORDS = msgspec.yaml.decode(files(__package__).joinpath("words.yaml").read_bytes(), type=Words)


def word_of(kind: str, word: str, day: date | None = None) -> Post | Limit:
    """The `post` or `limit` of that name. Raises Invalid for none, and for one that can no longer be entered on `day`."""
    found: Post | Limit | None = WORDS.posts.get(word) if kind == "post" else WORDS.limits.get(word)
    if found is None or (day is not None and found.until is not None and day >= found.until):
        raise Invalid("请从列出的选项中选择。", fields={"word": "请从列出的选项中选择。"})
    return found
