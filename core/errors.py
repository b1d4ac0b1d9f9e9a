"""Errors that a user reads: each is a whole Chinese sentence saying what happened, by which rule, and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping

LONGEST_QUOTE = 120
_LONG_QUOTE = re.compile(f"“([^“”]{{{LONGEST_QUOTE}}})[^“”]+”")


def said(sentence: str) -> str:
    """A sentence in which no quotation of what somebody has sent is longer than one reads."""
    return _LONG_QUOTE.sub(r"“\1……”", sentence) if len(sentence) > LONGEST_QUOTE else sentence


class DomainError(Exception):
    """What was asked cannot be done.

    `sentence` is shown to the user as it stands, long quotations shortened; `code` is stable for the API; `fields` maps a form
    field to its own sentence.
    """

    code = "error"

    def __init__(
        self, sentence: str, *, code: str | None = None, fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(sentence)
        self.sentence = said(sentence)
        self.code = code or self.code
        self.fields = {name[:LONGEST_QUOTE]: said(text) for name, text in (fields or {}).items()}


class NotFound(DomainError):
    """There is no such thing here: also the answer for another county's ids, and for ids outside the person's units."""

    code = "not-found"


class Forbidden(DomainError):
    """The thing is visible to this person, but what was asked is not his to do."""

    code = "forbidden"


class Invalid(DomainError):
    """What was given cannot be right (a date, a figure, a file); nothing was written."""

    code = "invalid"


class Conflict(DomainError):
    """What was asked contradicts what already is; nothing was written."""

    code = "conflict"


class Stale(Conflict):
    """Somebody else changed it in the meantime; `changes` says what (plain Chinese, newest last)."""

    code = "stale"

    def __init__(self, sentence: str, *, changes: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.changes = changes
