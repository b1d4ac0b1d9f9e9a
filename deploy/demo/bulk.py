"""Many rows at once: COPY into a temporary table, and from there into the real one under its row-level security."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from core.database import connection, execute, fetch


async def copy_into(table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Insert `rows`, in their order. COPY itself cannot write into a table with row-level security."""
    if not rows:
        return
    listed = ", ".join(columns)
    await execute(f"create temp table seeded on commit drop as select {listed} from {table} with no data")
    await execute("alter table seeded add place bigint generated always as identity")
    await connection().copy_records_to_table("seeded", columns=list(columns), records=rows)
    await execute(f"insert into {table} ({listed}) select {listed} from seeded order by place")
    await execute("drop table seeded")


async def new_ids(count: int) -> list[UUID]:
    """Ids for rows that other rows of the same seeding refer to, in ascending order."""
    return [row["id"] for row in await fetch("select uuidv7() id from generate_series(1, $1)", count)]
