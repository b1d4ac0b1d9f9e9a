"""Values of letters: one as it lies in the table that both counties read, and what it carries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record

from core.register.model import PersonDraft
from core.secrecy import vault

RECEIPT_MONTHS = 1
"""The receipt goes back within a month (组通字〔2006〕45 号，回执)."""


class UnderWay(msgspec.Struct, frozen=True):
    """A case of his that goes along: which steps were done on which day, and the dates that rules ask about."""

    procedure: str
    given: Mapping[str, date]
    dates: Mapping[str, date] = {}


class Carried(msgspec.Struct, frozen=True):
    """What a letter says of a person to another county: what stands on paper, when he joined, and what is under way. No file, no
    attachment: those go with the papers."""

    person: PersonDraft
    under_way: UnderWay | None = None


class Presented(msgspec.Struct, frozen=True):
    """What stands on a letter beside the person."""

    number: str
    issuer: str
    issued_on: date
    valid_until: date


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter; `ours`: it was issued here, or presented here by somebody from outside the platform."""

    id: UUID
    ours: bool
    case_id: UUID
    person_id: UUID
    entry_id: UUID | None
    token: str | None
    number: str
    issuer: str
    goes_to: str
    issued_on: date
    valid_until: date
    to_county: UUID | None
    to_case: UUID | None
    state: str
    ended_on: date | None
    reason: str
    answered_by: str
    receipt_on: date | None

    def over(self, today: date) -> bool:
        """Whether it can be used no more although nothing has become of it."""
        return self.state == "issued" and today > self.valid_until


COLUMNS = """
    id, tenant_id = session_county() ours, case_id, person_id, entry_id, token, number, issuer, goes_to, issued_on,
    valid_until, to_county, to_case, state, ended_on, reason, answered_by, receipt_on"""


def letter(row: Record) -> Letter:
    """One of COLUMNS."""
    return Letter(**{name: row[name] for name in Letter.__struct_fields__})


def seal(carried: Carried) -> bytes:
    """For the other county's eyes: not readable in a copy of the database."""
    return vault().seal("letter", msgspec.json.encode(carried))


def unseal(sealed: bytes) -> Carried:
    """What it carries."""
    return msgspec.json.decode(vault().open("letter", sealed), type=Carried)
