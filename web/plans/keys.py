"""Where the list of plans goes on."""

from __future__ import annotations

from uuid import UUID

from core.errors import Invalid
from web.kit.paging import decode_key, key_uuid


def plan_key(after: str | None) -> tuple[int, UUID] | None:
    """Year and id. Raises Invalid for what we did not make."""
    key = decode_key(after)
    try:
        year = int(str(key[0])) if key else 0
        if key and 0 < year < 10_000:
            return year, key_uuid(key[1])
    except (ValueError, IndexError):
        pass
    if key:
        raise Invalid("翻页的位置看不懂，可能是网址被改动过。请回到第一页重新翻。", code="bad-page")
    return None
