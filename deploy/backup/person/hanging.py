"""What hangs on a person: his row and whatever could not be without it, read from the references between the tables."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import msgspec

PERSON = "person"
Row = dict[str, Any]
"""A row as PostgreSQL writes it in JSON."""
Rows = dict[str, list[Row]]
"""By table, those that others refer to first."""


class Reference(msgspec.Struct, frozen=True):
    """`columns` of `table` name a row of `of` by its `keys`; `needed`: none of them may be empty."""

    table: str
    columns: tuple[str, ...]
    of: str
    keys: tuple[str, ...]
    needed: bool

    @property
    def joined(self) -> str:
        """As a condition: `c` refers to `p`."""
        return " and ".join(
            f'c."{one}" = p."{key}"' for one, key in zip(self.columns, self.keys, strict=True)
        )


class Shape(msgspec.Struct, frozen=True):
    """A table's columns but for those that PostgreSQL works out, and those of its primary key."""

    columns: tuple[str, ...]
    key: tuple[str, ...]


_REFERENCES = """
    select f.conrelid::regclass::text "table", array_agg(a.attname::text order by k.place) columns,
           f.confrelid::regclass::text "of", array_agg(b.attname::text order by k.place) keys, bool_and(a.attnotnull) needed
    from pg_constraint f
    cross join unnest(f.conkey, f.confkey) with ordinality k(one, other, place)
    join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.one
    join pg_attribute b on b.attrelid = f.confrelid and b.attnum = k.other
    where f.contype = 'f' and f.connamespace = 'public'::regnamespace and f.conparentid = 0
    group by f.oid order by 1, 3
"""

_SHAPES = """
    select c.relname, array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') columns,
           array_agg(a.attname::text order by a.attnum) filter (where a.attnum = any(i.indkey)) key
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_index i on i.indrelid = c.oid and i.indisprimary
    where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
    group by c.oid
"""


async def references(connection: asyncpg.Connection) -> list[Reference]:
    """All between the tables."""
    rows = await connection.fetch(_REFERENCES)
    return [Reference(r["table"], tuple(r["columns"]), r["of"], tuple(r["keys"]), r["needed"]) for r in rows]


async def shapes(connection: asyncpg.Connection) -> dict[str, Shape]:
    """By table."""
    rows = await connection.fetch(_SHAPES)
    return {row["relname"]: Shape(tuple(row["columns"]), tuple(row["key"])) for row in rows}


async def hanging(connection: asyncpg.Connection, county: UUID, person: UUID) -> Rows:
    """His row, and each that needs one of these; nothing of other people, units or accounts, which need him not."""
    known = await shapes(connection)
    down = [
        one for one in await references(connection) if one.needed and (one.table, one.of) != (PERSON, PERSON)
    ]
    first = await _fetched(
        connection, "select to_jsonb(c) from person c where c.tenant_id = $1 and c.id = $2", county, person
    )
    found: dict[str, dict[str, Row]] = {PERSON: {}}
    todo = [(PERSON, first)]
    while todo:
        table, rows = todo.pop(0)
        kept = found.pop(table, {})
        new = {one: row for row in rows if (one := named(row, known[table])) not in kept}
        found[table] = kept | new  # behind those it refers to
        if new:
            todo += [
                (one.table, await _referring(connection, one, [*new.values()]))
                for one in down
                if one.of == table
            ]
    return {table: [*rows.values()] for table, rows in found.items() if rows}


def named(row: Row, shape: Shape) -> str:
    """A row's primary key as a text."""
    return msgspec.json.encode([row[one] for one in shape.key]).decode()


async def _referring(connection: asyncpg.Connection, one: Reference, rows: list[Row]) -> list[Row]:
    return await _fetched(
        connection,
        f'select to_jsonb(c) from "{one.table}" c join jsonb_populate_recordset(null::"{one.of}", $1::jsonb) p on {one.joined}',
        msgspec.json.encode(rows).decode(),
    )


async def same_keys(connection: asyncpg.Connection, table: str, shape: Shape, rows: list[Row]) -> list[Row]:
    """What this database has under their primary keys."""
    return await _fetched(
        connection,
        f'select to_jsonb(c) from "{table}" c join jsonb_populate_recordset(null::"{table}", $1::jsonb) p on {by_key(shape)}',
        msgspec.json.encode(rows).decode(),
    )


def by_key(shape: Shape) -> str:
    """As a condition: `c` is the row `p`."""
    return " and ".join(f'c."{one}" = p."{one}"' for one in shape.key)


async def _fetched(connection: asyncpg.Connection, sql: str, *given: object) -> list[Row]:
    return [msgspec.json.decode(row[0]) for row in await connection.fetch(sql, *given)]
