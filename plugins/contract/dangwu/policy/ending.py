"""How a case ends before its last step: reasons of people's, which the floor declares."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from dangwu.values.period import Period
from dangwu.values.word import Level


class Ending(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reason for which a case ends before its last step, and the level that decides it.

    `before`: from this state on it is none. `keeps`: he stays what he had become; else he is free of it. `reopen`: how long after
    the end the same level can take the case up again; never, where nothing is said. `makes`: what it does to him in the register
    (`EFFECTS`); `next`: the procedure that is due then, for people to begin.
    """

    title: Annotated[str, msgspec.Meta(pattern=r"\S")]
    level: Level
    before: str = ""
    keeps: bool = False
    makes: str = ""
    next: str = ""
    reopen: Period = Period()
    basis: Literal["stated", "inferred"] = "stated"
    note: str = ""
