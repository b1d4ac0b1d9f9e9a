"""Where lists of ratings go on."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.ratings.model import RoundLine, SubjectLine
from web.kit.paging import Pager, decode_key, key_uuid, tampered


def paged(found: list[SubjectLine], after: str | None) -> Pager[SubjectLine]:
    """A page of people."""
    return Pager.of(found, lambda one: (one.id,), after)


def id_key(after: str | None) -> UUID | None:
    """Where a list of people goes on."""
    key = decode_key(after)
    return key_uuid(key[0]) if key else None


def enrolled(found: list[SubjectLine], after: str | None) -> Pager[SubjectLine]:
    """A page of those in one round."""
    return Pager.of(found, lambda one: (one.place, one.id), after)


def enrolled_key(after: str | None) -> tuple[str, UUID] | None:
    """Where a list of those in one round goes on. Raises Invalid for what we did not make."""
    key = decode_key(after)
    return (str(key[0]), key_uuid(key[-1])) if key else None


def rounds_paged(found: list[RoundLine], after: str | None) -> Pager[RoundLine]:
    """A page of rounds."""
    return Pager.of(found, lambda one: (one.last, one.place, one.id), after)


def round_key(after: str | None) -> tuple[date, str, UUID] | None:
    """Where a list of rounds goes on. Raises Invalid for what we did not make."""
    key = decode_key(after)
    try:
        return (date.fromisoformat(str(key[0])), str(key[1]), key_uuid(key[2])) if key else None
    except (ValueError, IndexError) as error:
        raise tampered() from error
