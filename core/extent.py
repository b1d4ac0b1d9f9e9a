"""What a list holds at a moment: how many rows, and which; so that another day one can tell whether it is still the same list."""

from __future__ import annotations

import msgspec

from core.database import fetchrow
from core.paths import Conditions


class Extent(msgspec.Struct, frozen=True):
    """`mark` is the same for the same rows in any order, and another one for any others."""

    total: int
    mark: str


async def extent(ids: str, source: str, where: Conditions) -> Extent:
    """Of the rows of `source` that `where` finds, told apart by the column `ids`."""
    row = await fetchrow(
        f"""select count(*) total, concat_ws('-', count(*), bit_xor(hashtextextended({ids}::text, 0)),
                                             sum(hashtextextended({ids}::text, 1) / 1000000)) mark
            from {source} where {where}""",
        *where.args,
    )
    assert row is not None
    return Extent(row["total"], row["mark"])
