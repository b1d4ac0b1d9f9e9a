"""Where the list of plans goes on."""

from __future__ import annotations

import re
from uuid import UUID

from web.kit.paging import decode_key, key_uuid, tampered


def plan_key(after: str | None) -> tuple[int, UUID] | None:
    """Year and id. Raises Invalid for what we did not make."""
    key = decode_key(after)
    if key is None:
        return None
    year = str(key[0])
    if not re.fullmatch("[0-9]{4}", year):
        raise tampered()
    return int(year), key_uuid(key[-1])
