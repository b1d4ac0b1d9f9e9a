"""Where the list of plans goes on."""

from __future__ import annotations

from uuid import UUID

from web.kit.paging import decode_key, key_uuid, tampered


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
        raise tampered()
    return None
