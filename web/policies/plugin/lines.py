"""The lines of a plugin's document as values: a step with its rules, a rule with what it requires and where it stands."""

from __future__ import annotations

from datetime import date

import msgspec


class BlankMark(msgspec.Struct, frozen=True):
    """A blank that a rule waits for, and whether it is open still."""

    id: str
    title: str
    open: bool


class RuleLine(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a policy file. `first`: the first entry of this rule id, with the switch; the others follow it."""

    id: str
    anchor: str
    title: str
    steps: tuple[str, ...]
    requires: tuple[str, ...]
    note: str
    source: str
    clause: str
    url: str
    marks: tuple[str, ...]
    when: tuple[str, ...]
    off: bool
    since: date | None
    until: date | None
    expired: bool
    blanks: tuple[BlankMark, ...]
    absorbed: tuple[str, ...]
    idle: bool
    first: bool


class Reference(msgspec.Struct, frozen=True):
    """An entry that is written out at another step."""

    anchor: str
    title: str


class StepGroup(msgspec.Struct, frozen=True):
    """A step with the plugin's rules on it; "" for those of many steps. `inserted`: the plugin adds the step."""

    id: str
    title: str
    stage: str
    level: str
    inserted: bool
    lines: tuple[RuleLine, ...]
    also: tuple[Reference, ...]
