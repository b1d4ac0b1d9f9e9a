"""Lists that are asked for again as they were: of those the connection keeps PostgreSQL's plan.

A statement with arguments is planned anew each time (tenants/database/engine.py says why), which takes longer than reading the
50 lines of a page. One without arguments PostgreSQL plans once, for exactly what stands in it, until the table's statistics
change. So what has been asked lately is asked with its words written into the statement.
"""

from __future__ import annotations

import re
from collections import OrderedDict

import asyncpg

from core.database import fetch

MOST = 32
"""So many are remembered, the latest: each kept plan takes 170 KiB of each connection that has been asked so."""

_WORD = re.compile(r"[0-9a-z/_-]*")
"""Paths and words of ours. Nothing else is ever written into a statement."""
_PLACE = re.compile(r"\$(\d+)")

_lately: OrderedDict[tuple[str, tuple[object, ...]], str] = OrderedDict()


async def fetch_repeated(sql: str, *args: object) -> list[asyncpg.Record]:
    """All rows of `sql` with $1… bound to `args`; planned once where it is asked again."""
    if (written := _written(sql, args)) is None:
        return await fetch(sql, *args)
    return await fetch(written)


def _written(sql: str, args: tuple[object, ...]) -> str | None:
    """The statement with its words written in; None the first time, and with other arguments than words."""
    if (known := _lately.get((sql, args))) is not None:
        _lately.move_to_end((sql, args))
        return known
    words = [word for word in args if isinstance(word, str) and _WORD.fullmatch(word)]
    if len(words) == len(args):
        _lately[sql, args] = _PLACE.sub(lambda place: f"'{words[int(place[1]) - 1]}'::text", sql)
        while len(_lately) > MOST:
            _lately.popitem(last=False)
    return None
