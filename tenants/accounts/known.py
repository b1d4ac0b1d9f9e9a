"""What accounts hold, as this process has read it before; never used without asking the database whether it still is so."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec

from core.actor import Actor
from tenants.accounts.security import owes

MOST = 4096
"""Accounts; the longest unused is forgotten first."""


class SignedIn(msgspec.Struct, frozen=True):
    """A request's person. Compare `sign_in_epoch` with the one kept at sign-in: a higher one ends that sign-in."""

    actor: Actor
    login: str
    active: bool
    must_change_password: bool
    sign_in_epoch: int
    county_name: str
    policy_version: int
    second_factor: bool
    asked_of: str
    operator_until: date | None = None
    """Of an operator of the platform: the day on which what the county has granted him is over."""

    @property
    def owes_factor(self) -> bool:
        """Whether the county asks of him a second factor that he has not set up."""
        return not self.second_factor and owes(
            self.asked_of, (one.capabilities for one in self.actor.holdings)
        )


Whose = tuple[UUID, UUID, date]
"""County, account, day."""


class _Read(NamedTuple):
    question: str
    signed_in: SignedIn


_read: OrderedDict[Whose, _Read] = OrderedDict()


def question(county: UUID, account: UUID, today: date) -> str:
    """What a session asks as it begins: a row if the account still holds what was read; '' of one that was not read."""
    found = _read.get((county, account, today))
    return found.question if found else ""


def remembered(whose: Whose) -> SignedIn | None:
    """What was read, for a session whose question has been answered with a row."""
    found = _read.get(whose)
    if found is None:
        return None
    _read.move_to_end(whose)
    return found.signed_in


def remember(whose: Whose, stamp: str, signed_in: SignedIn) -> None:
    """Keep what was just read under the digest of its rows.

    Values are formatted into the question: UUIDs, days and digests consist of hex digits and hyphens.
    """
    _, account, today = whose
    asked = f"SELECT WHERE access_stamp('{account}', '{today:%Y-%m-%d}') = '{stamp}'"
    _read[whose] = _Read(asked, signed_in)
    _read.move_to_end(whose)
    while len(_read) > MOST:
        _read.popitem(last=False)
