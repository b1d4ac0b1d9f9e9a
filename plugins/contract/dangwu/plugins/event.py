"""What the platform tells plugins has happened (`dangwu_react`), and of what kinds it can be."""

from __future__ import annotations

from datetime import date

import msgspec

EVENTS = {
    "opened": "受理，或者接续纸质档案",
    "recorded": "记录了一个环节",
    "corrected": "更正了一项记录",
    "returned": "退回到前面的环节",
    "ended": "办结，或者终止",
    "state-reached": "到了流程的一个状态",
    "policy-changed": "启用、调整、停用了政策",
    "person-moved": "到了另一个党组织",
}
"""Each kind with what it says has happened."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that has happened, told after it is final; at least once, and always with the same `id`.

    No names and no numbers of persons: `case`, `person` and `unit` are ids. What does not apply is empty. `day` is the day on
    which it counts; `state` what was reached (`state-reached`: the membership; `ended`: completed or closed); `plugin` whose
    policy changed.
    """

    id: str
    kind: str
    day: date
    procedure: str = ""
    case: str = ""
    person: str = ""
    unit: str = ""
    step: str = ""
    state: str = ""
    plugin: str = ""


__all__ = ["EVENTS", "Event"]
