"""Values of activities."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

State = Literal["present", "absent", "written"]
STATES: dict[State, str] = {"present": "到会", "absent": "缺席", "written": "缺席，会前书面表态"}
"""How somebody who is entitled to attend did: an opinion in writing is a vote, never presence (细则（2026）第二十条)."""


class Kind(msgspec.Struct, frozen=True):
    """A kind of activity: the `level` of the units that hold it; `members`: all who have a vote there attend; `decides`: people's
    cases can be decided there by vote."""

    title: str
    level: str
    members: bool = False
    decides: bool = True


KINDS = {
    "branch-meeting": Kind("党员大会", "branch", members=True),
    "branch-committee-meeting": Kind("支部委员会会议", "branch", decides=False),
    "committee-meeting": Kind("党委会会议", "committee"),
}
"""By the names of the families of duties in the contract."""


class Absence(msgspec.Struct, frozen=True):
    """Somebody on the roll who was not there."""

    person_id: UUID
    state: State
    reason: str = ""


class ActivityDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What is typed. `eligible` 应到 and `present` 实到 where no roll gives them, or, with `why`, where it is wrong."""

    kind: str
    unit_id: UUID
    day: date
    place: str = ""
    chair: str = ""
    recorder: str = ""
    minutes: str = ""
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


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """One as it is read; `reckoned` is 应到 by the register, where it was known."""

    id: UUID
    kind: str
    unit_id: UUID
    unit_name: str
    path: str
    day: date
    place: str
    chair: str
    recorder: str
    minutes: str
    eligible: int
    present: int
    reckoned: int | None
    why: str
    by_name: str
    at: datetime

    @property
    def title(self) -> str:
        """Its kind in words."""
        return KINDS[self.kind].title if self.kind in KINDS else self.kind
