"""Values of papers: a template with where it comes from, what a case's paper will say, what was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from dangwu import Paper

BLANK = "＿" * 8
"""What stands where nothing is known: a line to be filled in by hand."""

CODES = frozenset({"letter.check"})
"""The sources that stand for a picture of a code."""


class Code(msgspec.Struct, frozen=True):
    """What a picture of a code says to whoever reads it."""

    text: str


Row = Mapping[str, str]
Value = str | Sequence[Row] | Code
Said = Mapping[str, Value]
"""What a template is given, by the names in it."""


class Brought(msgspec.Struct, frozen=True):
    """A paper, and the plugin that brings it."""

    plugin: str
    paper: Paper

    @property
    def id(self) -> str:
        """Its name among all: `national.activist-notice`."""
        return f"{self.plugin}.{self.paper.id}"


class Gap(msgspec.Struct, frozen=True):
    """A field of which nothing is known, and why, as a clause."""

    field: str
    why: str


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """A paper of a case that is filled in, ready to be set: for which step ("": the whole case), what it says, what it lacks."""

    brought: Brought
    step: str
    title: str
    said: Said
    lacks: tuple[Gap, ...] = ()


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A paper that a case can have: of which step with its title and state, what it lacks, whether this person may
    print it, the rare characters in it."""

    brought: Brought
    step: str
    step_title: str
    state: str
    stage: str
    mine: bool
    lacks: tuple[Gap, ...]
    rare: tuple[str, ...]


class Made(msgspec.Struct, frozen=True):
    """A file that was made: its name, and behind the dot its `ending`."""

    name: str
    ending: str
    content: bytes


class Own(msgspec.Struct, frozen=True):
    """A county's own template in the place of a plugin's: who put it there, and when."""

    paper: str
    filename: str
    by_name: str
    at: datetime
