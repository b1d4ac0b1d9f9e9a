"""Values of activities."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from dangwu import FAMILIES

State = Literal["present", "absent", "written"]
STATES: dict[State, str] = {"present": "到会", "absent": "缺席", "written": "缺席，会前书面表态"}
"""How somebody who is entitled to attend did: an opinion in writing is a vote, never presence (细则（2026）第二十条)."""


Away = Literal["absent", "written"]
"""How somebody was not there."""


KINDS = FAMILIES
"""Kinds of activities by name: the families of duties."""


class Absence(msgspec.Struct, frozen=True):
    """Somebody on the roll who was not there."""

    person_id: UUID
    state: Away
    reason: str = ""


class ActivityDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What is typed. `also`: what else it was; `led_by` the post of whoever gave it; `hours` 学时, in halves; `themes`, `papers`
    words of the policies. `eligible` 应到 and `present` 实到 where no roll gives them, or, with `why`, where it is wrong."""

    kind: str
    unit_id: UUID
    day: date
    also: tuple[str, ...] = ()
    led_by: str = ""
    place: str = ""
    chair: str = ""
    recorder: str = ""
    agenda: str = ""
    minutes: str = ""
    hours: float = 0
    themes: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    eligible: int | None = None
    present: int | None = None
    why: str = ""
    absences: tuple[Absence, ...] = ()


class Attended(msgspec.Struct, frozen=True):
    """A line of the roll as it was recorded."""

    person_id: UUID
    name: str
    state: State
    reason: str


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What a record says: its columns. `reckoned` is 应到 by the register, where it was known."""

    kind: str
    day: date
    also: tuple[str, ...] = ()
    led_by: str = ""
    place: str = ""
    chair: str = ""
    recorder: str = ""
    agenda: str = ""
    minutes: str = ""
    hours: float = 0
    themes: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    eligible: int = 0
    present: int = 0
    reckoned: int | None = None
    why: str = ""

    @property
    def title(self) -> str:
        """Its kind in words."""
        return title_of(self.kind)

    @property
    def others(self) -> tuple[str, ...]:
        """What else it was, in words."""
        return tuple(title_of(one) for one in self.also)


class Activity(Content, frozen=True, kw_only=True):
    """One as it is read; `version` grows with each change."""

    id: UUID
    unit_id: UUID
    unit_name: str
    path: str
    by_name: str
    at: datetime
    withdrawn: bool
    version: int


def title_of(kind: str) -> str:
    """A kind in words; one that is no longer in the catalogue as it was recorded."""
    return KINDS[kind].title if kind in KINDS else kind
