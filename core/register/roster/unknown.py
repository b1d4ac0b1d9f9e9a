"""What a roster says that the platform does not understand: words in columns with a list of values, names of branches."""

from __future__ import annotations

from uuid import UUID

import msgspec

from core.database import fetch

MOST_ASKED = 60
"""So many words are asked about at once: a column of which more are unknown is not what its heading says."""


class Unknown(msgspec.Struct, frozen=True):
    """A word of a column (`column` as the sheet calls it) that nobody has explained, and in how many rows it stands."""

    field: str
    column: str
    heard: str
    rows: int


async def unknown_words(batch_id: UUID) -> list[Unknown]:
    """Of a batch that was read, the most frequent first; for services that have checked access to it."""
    rows = await fetch(
        f"""select fault ->> 'field' field, min(fault ->> 'column') "column", fault ->> 'heard' heard, count(*)::int "rows"
            from import_row, jsonb_array_elements(errors) fault
            where batch_id = $1 and action = 'error' and fault ->> 'heard' <> ''
            group by 1, 3 order by 4 desc, 1, 3 limit {MOST_ASKED}""",
        batch_id,
    )
    return [Unknown(**dict(row)) for row in rows]
