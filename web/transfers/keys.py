"""Where lists of letters go on."""

from __future__ import annotations

from core.transfers.queries import LetterPage
from web.kit.paging import encode_key


def next_page(found: LetterPage) -> str | None:
    """Where the page behind this one begins."""
    return encode_key(found.after) if found.after else None
