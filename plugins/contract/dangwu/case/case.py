"""A case as plain values: who it is about, and everything recorded, in the order in which it was written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

Tags = frozenset[str]
Evidence = Mapping[str, Any]
"""What a record carries, by the facet's name: of the type that the facet declares as its `evidence`."""


class Subject(msgspec.Struct, frozen=True):
    """The person: facts that rules ask about. `tags` and `dates` are those at the beginning; see Facts for changes."""

    born: date | None = None
    tags: Tags = frozenset()
    dates: Mapping[str, date] = msgspec.field(default_factory=dict)


class Record(msgspec.Struct, frozen=True):
    """One act of a step: `day` it happened, `entered` it was written down, `evidence` by facet name (typed).

    `read_record` (facets/reading.py) makes one from JSON or YAML.
    """

    step: str
    day: date
    evidence: Evidence
    entered: date
    id: str = ""


class Return(msgspec.Struct, frozen=True):
    """The case went back to `step` on `day`: what was recorded from that step on no longer counts."""

    step: str
    day: date


class Facts(msgspec.Struct, frozen=True):
    """From `day` on the subject has these tags and dates (None: unchanged)."""

    day: date
    tags: Tags | None = None
    dates: Mapping[str, date] | None = None


class Exemption(msgspec.Struct, frozen=True):
    """From `day` on one demand on `step` does not bind this case: its level agreed in writing beforehand (design §3.4, “一般”).

    `by` is the level that agreed; empty where nobody asks (rehearsals): the one that the rules name.
    """

    step: str
    facet: str
    param: str
    day: date
    reason: str = ""
    by: str = ""


Entry = Record | Return | Facts | Exemption


class Case(msgspec.Struct, frozen=True):
    """A case of a procedure ("": the floor's default one): the order of `entries` is that in which they were made.

    `given` are steps taken over as properly done on a day (`step: day`), as from a paper file; `through` says that the floor's
    steps up to that one are among them.
    """

    subject: Subject = Subject()
    entries: tuple[Entry, ...] = ()
    procedure: str = ""
    given: Mapping[str, date] = msgspec.field(default_factory=dict)
    met: Mapping[str, int] = msgspec.field(default_factory=dict)
    """What plugins' own code had found met when it was last asked (judge/relied.py): it stays so while that code is missing."""

    def with_entry(self, entry: Entry) -> Case:
        """The same case with one entry more."""
        return msgspec.structs.replace(self, entries=(*self.entries, entry))

    def tags_on(self, day: date) -> Tags:
        """The subject's tags on a day."""
        tags = self.subject.tags
        for entry in self.entries:
            if type(entry) is Facts and entry.day <= day and entry.tags is not None:
                tags = entry.tags
        return tags

    def dates_on(self, day: date) -> Mapping[str, date]:
        """The subject's dates as known on a day."""
        dates = self.subject.dates
        for entry in self.entries:
            if type(entry) is Facts and entry.day <= day and entry.dates is not None:
                dates = {**dates, **entry.dates}
        return dates
