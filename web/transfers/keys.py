"""Where lists of letters go on."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.transfers.queries import LetterPage
from web.kit.paging import decode_key, encode_key, key_uuid
from web.kit.query import day_asked


def letter_key(text: str | None) -> tuple[date, UUID] | None:
    """Behind which letter a page begins. Raises Invalid for what we did not make."""
    key = decode_key(text)
    if key is None or len(key) != 2:
        return None
    day = day_asked(str(key[0]))
    return (day, key_uuid(key[1])) if day else None


def next_page(found: LetterPage) -> str | None:
    """Where the page behind this one begins."""
    return encode_key(found.after) if found.after else None
