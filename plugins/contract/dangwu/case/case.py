"""A case as plain values: who it is about, and everything recorded, in the order in which it was written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

Tags = frozenset[str]
Evidence = Mapping[str, Any]
"""What a record carries, by the facet's name: of the type that the facet declares as its `evidence`."""


class Subject(msgspec.Struct, frozen=True):
    """The person: facts that rules ask about. `tags` and `dates` are those at the beginning; see Facts for changes.

    `person` is his id in the register, as records name people by it; "" where there is none.
    """

    born: date | None = None
    tags: Tags = frozenset()
    dates: Mapping[str, date] = msgspec.field(default_factory=dict)
    person: str = ""


class Record(msgspec.Struct, frozen=True):
    """One act of a step: `day` it happened, `entered` it was written down, `evidence` by facet name (typed).

    `read_record` (facets/reading.py) makes one from JSON or YAML. Of one that a correction has put right, `was` is what was
    written down first, and `corrected` the day of the (newest) correction.
    """

    step: str
    day: date
    evidence: Evidence
    entered: date
    id: str = ""
    was: Record | None = None
    corrected: date | None = None


class Return(msgspec.Struct, frozen=True):
    """The case went back to `step` on `day`: what was recorded from that step on no longer counts."""

    step: str
    day: date


class Facts(msgspec.Struct, frozen=True):
    """From `day` on the subject has these tags and dates, and stands in these yearly plans (None: unchanged).

    `plans`: by plan the years in which he stands in it, all of them.
    """

    day: date
    tags: Tags | None = None
    dates: Mapping[str, date] | None = None
    plans: Mapping[str, tuple[int, ...]] | None = None


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


class Correction(msgspec.Struct, frozen=True):
    """The record with the id `of` was written down wrongly: `record` says what is true, `record.entered` when that was put right.

    It says nothing of its own: what it puts right counts in its place, at every day that is asked about. "": what was taken over
    from paper of its step was done on its day.
    """

    of: str
    record: Record

    def puts_right(self, old: Record) -> Record:
        """The record as it counts from now on. What is put back as it was first is as if it had never been touched."""
        first, new = old.was or old, self.record
        if (new.day, new.evidence) == (first.day, first.evidence):
            return first
        entered = first.entered if new.day <= first.entered else new.entered
        return Record(old.step, new.day, new.evidence, entered, old.id, first, new.entered)


class Strike(msgspec.Struct, frozen=True):
    """The record with the id `of` was made by mistake, of another person, say: it was never done, and does not count at any day.

    "": what was taken over from paper of `step`, as done on `day`.
    """

    of: str
    step: str
    day: date


class Struck(msgspec.Struct, frozen=True):
    """Stands where something of a step counted that was struck out, or that paper said otherwise: what rests on it is looked at
    again (judge/grounds.py)."""

    step: str
    day: date


class End(msgspec.Struct, frozen=True):
    """The case ended on `day` for a `reason` that its procedure declares."""

    reason: str
    day: date


class Reopening(msgspec.Struct, frozen=True):
    """On `day` the case was taken up again: its end no longer counts."""

    day: date


Entry = Record | Return | Facts | Exemption | End | Reopening | Struck
Mend = Correction | Strike


def written(entries: Iterable[Entry | Mend]) -> tuple[Entry, ...]:
    """What counts of these entries: each corrected record stands in the place of the wrong one, of one that was struck out its
    mark."""
    found: list[Entry] = []
    for entry in entries:
        if not isinstance(entry, Mend):
            found.append(entry)
        elif entry.of:
            found = [_mended(one, entry) for one in found]
        elif isinstance(entry, Correction):
            found.append(Struck(entry.record.step, entry.record.day))
        else:
            found.append(Struck(entry.step, entry.day))
    return tuple(found)


def _mended(one: Entry, mend: Mend) -> Entry:
    if type(one) is not Record or one.id != mend.of:
        return one
    return mend.puts_right(one) if isinstance(mend, Correction) else Struck(one.step, one.day)


def taken_over(given: Mapping[str, date], mend: Mend) -> dict[str, date]:
    """What was taken over from paper, once this about it (`of` "") was put right."""
    if isinstance(mend, Correction):
        return {**given, mend.record.step: mend.record.day}
    return {step: day for step, day in given.items() if step != mend.step}


class Case(msgspec.Struct, frozen=True):
    """A case of a procedure ("": the floor's default one): the order of `entries` is that in which they were made (`written`).

    `given` are steps taken over as properly done on a day (`step: day`), as from a paper file; `through` says that the floor's
    steps up to that one are among them.
    """

    subject: Subject = Subject()
    entries: tuple[Entry, ...] = ()
    procedure: str = ""
    given: Mapping[str, date] = msgspec.field(default_factory=dict)
    met: Mapping[str, int] = msgspec.field(default_factory=dict)
    """What plugins' own code had found met when it was last asked (judge/relied.py): it stays so while that code is missing."""

    def with_entry(self, entry: Entry | Mend) -> Case:
        """The same case with one entry more."""
        given = self.given
        if isinstance(entry, Mend) and not entry.of:
            given = taken_over(given, entry)
        return msgspec.structs.replace(self, entries=written((*self.entries, entry)), given=given)

    def ended(self, today: date) -> End | None:
        """The end that counts on a day, if any."""
        last = None
        for entry in self.entries:
            if type(entry) in (End, Reopening) and entry.day <= today:
                last = entry
        return last if type(last) is End else None

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

    def plans_on(self, day: date) -> Mapping[str, tuple[int, ...]]:
        """By yearly plan, the years in which the subject stood in it as known on a day."""
        plans: Mapping[str, tuple[int, ...]] = {}
        for entry in self.entries:
            if type(entry) is Facts and entry.day <= day and entry.plans is not None:
                plans = {**plans, **entry.plans}
        return plans
