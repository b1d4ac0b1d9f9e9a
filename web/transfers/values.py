"""What the API says of a letter: as much as its pages do."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

import msgspec

from core.register.model import PersonDraft
from core.transfers.batch import MOST
from core.transfers.model import Carried, Letter, Presented
from core.transfers.queries import Line


class LetterLine(msgspec.Struct, kw_only=True):
    """A letter. `state` issued|received|refused|void; `over`: its time has run out unused; `ours`: it was issued here, or shown
    here on paper; `case_id`: the case of ours that it belongs to, none while nobody here has taken it."""

    id: UUID
    number: str
    name: str
    case_id: UUID | None
    ours: bool
    to_county: UUID | None
    issuer: str
    goes_to: str
    issued_on: date
    valid_until: date
    state: str
    over: bool
    ended_on: date | None
    reason: str
    answered_by: str
    receipt_on: date | None

    @classmethod
    def of(cls, line: Line, today: date, **more: Any) -> Self:
        """A line of a list, with what a longer answer says besides."""
        one = line.letter
        same: dict[str, Any] = {field: getattr(one, field) for field in _SAME}
        return cls(name=line.name, case_id=line.case_id, over=one.over(today), **same, **more)


_SAME = tuple(
    field
    for field in LetterLine.__struct_fields__
    if field in Letter.__struct_fields__ and field != "case_id"
)


class LetterAnswer(LetterLine, kw_only=True):
    """A letter; `check`: the address in its code, for letters issued here."""

    check: str = ""


class Letters(msgspec.Struct):
    """Letters, the newest first; `next` continues the list."""

    items: list[LetterLine]
    next: str | None


class OfferAnswer(msgspec.Struct):
    """A letter from another county as it reads: who comes, and which steps under way come with him."""

    number: str
    issuer: str
    goes_to: str
    issued_on: date
    valid_until: date
    taken: bool
    name: str
    sex: str | None
    born: date | None
    ethnicity: str | None
    membership: str
    joined: date | None
    converted: date | None
    procedure: str
    given: dict[str, date]

    @classmethod
    def of(cls, one: Letter, carried: Carried) -> Self:
        """Never his number, phone or address: those wait until he is received."""
        who, going = carried.person, carried.under_way
        return cls(
            one.number, one.issuer, one.goes_to, one.issued_on, one.valid_until, one.to_case is not None,
            who.name, who.sex, who.born, who.ethnicity, who.membership, who.joined, who.converted,
            going.procedure if going else "", dict(going.given) if going else {},
        )  # fmt: skip


class Take(msgspec.Struct):
    """For which branch; `distinct`: that the one of the same name and birthday here is somebody else."""

    unit_id: UUID
    distinct: bool = False


class Present(msgspec.Struct):
    """A letter on paper as it reads, who shows it, and the branch he goes to."""

    unit_id: UUID
    person: PersonDraft
    paper: Presented
    distinct: bool = False


class Renewal(msgspec.Struct):
    """The new number, from when, and why."""

    number: str
    day: date
    reason: str


class Begun(msgspec.Struct):
    """The case to which a letter belongs."""

    case_id: UUID


class WaitingLine(msgspec.Struct):
    """A case whose letter can be issued now."""

    case_id: UUID
    name: str
    unit: str
    goes_to: str


SOME = msgspec.Meta(min_length=1, max_length=MOST)


class NumberThem(msgspec.Struct):
    """Letters for these cases, numbered from `first` on; nothing is kept without `keep`."""

    cases: Annotated[tuple[UUID, ...], SOME]
    day: date
    first: str
    keep: bool = False


class Leaver(msgspec.Struct):
    """Somebody who goes, and the Party organization outside; `county_id` where that is in a county of the platform."""

    person_id: UUID
    beyond: str
    county_id: UUID | None = None


class LeaveThem(msgspec.Struct):
    """Cases for these people, whose papers have been received; nothing is kept without `keep`."""

    people: Annotated[tuple[Leaver, ...], SOME]
    day: date
    keep: bool = False


class Tried(msgspec.Struct):
    """One of many: "" or why it cannot be."""

    name: str
    refused: str


class TriedAll(msgspec.Struct):
    """What came of many acts: `kept` all of them, or none."""

    items: list[Tried]
    kept: bool
