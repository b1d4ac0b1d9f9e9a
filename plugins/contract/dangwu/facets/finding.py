"""What a requirement finds on a case, and what it asks for in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

MISSING = "missing"  # not given yet: the step is open
NEGATIVE = "negative"  # given, and it says no: the step has failed
CLOCK = "clock"  # all given; only a date must come: the step is waiting
FORBIDDEN = "forbidden"  # cannot be recorded on this day, or for this person
IMPOSSIBLE = "impossible"  # figures or an order that cannot be: the record is refused
ADVISORY = "advisory"  # a warning that stops nothing
KINDS = (MISSING, NEGATIVE, CLOCK, FORBIDDEN, IMPOSSIBLE, ADVISORY)


class Finding(msgspec.Struct, frozen=True, gc=False):
    """Something that a requirement finds on a case.

    `code` is `<facet>.<reason>`; `kind` one of the constants above; `param` and `keys` name the parameter's parts that it rests
    on (to find the rules); `values` fill the sentence; `until` is the last day of waiting; `since` the first day it is possible.
    """

    code: str
    kind: str
    param: str = ""
    keys: tuple[str, ...] = ()
    values: Mapping[str, Any] = msgspec.field(default_factory=dict)
    until: date | None = None
    since: date | None = None
    plugin: str = ""

    @property
    def facet(self) -> str:
        """The name of the facet that found it, or `step`, `check`."""
        return self.code.partition(".")[0]

    @property
    def reason(self) -> str:
        """The part of the code behind the facet."""
        return self.code.partition(".")[2]

    @property
    def blocks(self) -> bool:
        """Whether it stops the step."""
        return self.kind != ADVISORY


class Requirement(msgspec.Struct, frozen=True):
    """One parameter's part in plain Chinese."""

    param: str
    key: str
    text: str


class Reckoning(msgspec.Struct, frozen=True):
    """A line of live arithmetic in a form: the sum of the fields `parts` beside the field `whole`, each with what it is called.

    `whole` may be several, the first that is typed counts. With a `share` (">1/2") the sum is held against that part of it;
    without one it may not be more.
    """

    parts: tuple[str, ...]
    said: str
    whole: tuple[str, ...]
    base: str
    share: str = ""
