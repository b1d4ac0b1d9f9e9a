"""A page of an inbox, for the pages and the API."""

from __future__ import annotations

from core.notices.inbox import PAGE, inbox
from core.notices.model import Notice
from web.kit.here import Here
from web.kit.paging import Pager, decode_key, key_uuid


async def paged(here: Here, alone: bool, after: str | None) -> Pager[Notice]:
    """A page of his notices."""
    key = decode_key(after)
    rows = await inbox(here.actor, unread=alone, after=key_uuid(key[0]) if key else None)
    return Pager.of(rows, lambda one: (one.id,), after, PAGE)
