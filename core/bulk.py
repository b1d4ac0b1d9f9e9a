"""Very much at once: lasting objects, rows."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar
from uuid import UUID

from core.database import connection, execute, fetch, fetchval
from core.progress import told

T = TypeVar("T")
R = TypeVar("R")

_pausing = 0


@contextmanager
def many_objects() -> Iterator[None]:
    """Let the cycle collector rest meanwhile: walking 70,000 entries again and again takes four times their making.

    Only for work that ends by itself and makes no cycles; others running meanwhile lose nothing but their collections.
    """
    global _pausing
    _pausing += 1
    gc.disable()
    try:
        yield
    finally:
        _pausing -= 1
        if not _pausing:
            gc.enable()


@asynccontextmanager
async def rows_beside(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> AsyncIterator[str]:
    """The name of a temporary table that holds `rows` in these columns of `table`, their order in `nth`, for the block.

    COPY cannot write into a table under row-level security: from here the rows go on by `insert` or `update`. Meanwhile a
    reference is checked by a plan made once: made anew for each row it costs more than the check, and of a county that the
    statistics do not know yet it reads all rows, each time.
    """
    name, listed = f"{table}_beside", ", ".join(columns)
    await execute(f"create temp table {name} on commit drop as select {listed} from {table} with no data")
    await execute(f"alter table {name} add nth bigint generated always as identity")
    await connection().copy_records_to_table(name, columns=list(columns), records=rows)
    usual = await fetchval("select current_setting('plan_cache_mode')")
    await execute("set local plan_cache_mode = auto")
    yield name
    await execute(f"set local plan_cache_mode = {usual}")
    await execute(f"drop table {name}")


async def insert_many(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert `rows` into these columns of `table`, in their order."""
    listed = ", ".join(columns)
    async with rows_beside(table, columns, rows) as beside:
        await execute(f"insert into {table} ({listed}) select {listed} from {beside} order by nth")


PART = 5_000
"""Items that are written at once by `by_parts`."""


async def by_parts(
    items: Sequence[T],
    seen: Callable[[Sequence[T]], Awaitable[Callable[[], list[R]]]],
    enter: Callable[[list[R]], Awaitable[None]],
) -> None:
    """Enter what is made of each item, part by part: `seen` asks the database about a part and answers how all of it is made,
    which is done while the database takes what was made of the last one.

    Nothing lies in memory twice, and the loop goes on meanwhile.
    """
    ready: list[R] = []
    with many_objects():
        for start in range(0, len(items), PART):
            making = asyncio.to_thread(await seen(items[start : start + PART]))
            if ready:
                ready, _ = await asyncio.gather(making, enter(ready))
            else:
                ready = await making
            await told(start, len(items))
        if ready:
            await enter(ready)
    await told(len(items), len(items))


async def new_ids(count: int) -> list[UUID]:
    """Ids for rows that other rows written with them refer to, in ascending order."""
    return [row["id"] for row in await fetch("select uuidv7() id from generate_series(1, $1)", count)]
