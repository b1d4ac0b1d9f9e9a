"""One county's rows under another secret: table by table, so many at a time, each lot in a transaction of its own.

A value tells by itself by which secret it opens, so whoever is stopped in the middle begins again and passes over what is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from asyncpg import Record

from core.database import execute, fetch
from core.secrecy import Vault
from deploy.secret.catalogue import Sealed, Turned, put_in, sealed, taken_out, turned
from tenants.database.session import owner_session

_GONE = (
    "delete from recovery_code",
    "update notice_setting set code = null, code_until = null where code is not null",
)
"""Of these only a digest under the secret was kept: they cannot be known again, and are asked for anew."""


class Count(msgspec.Struct):
    """What was gone through: rows that hold something sealed, those of them that were written, what opens by no secret."""

    rows: int = 0
    written: int = 0
    lost: list[str] = []


async def forget(county: UUID) -> int:
    """Drop what another secret makes void; of how many accounts the recovery codes were."""
    async with owner_session(county):
        accounts = await fetch("select distinct account_id from recovery_code where used_at is null")
        for statement in _GONE:
            await execute(statement)
    return len(accounts)


async def turn(county: UUID, new: Vault, old: Vault | None, count: Count) -> None:
    """Seal a county's rows by `new`; without `old` only look whether they all are."""
    for name, table in sealed().items():
        types = await _types(county, name)
        after: list[object] = []
        while True:
            async with owner_session(county):
                rows = await _next(name, table, types, after)
                await _lot(name, table, types, rows, new, old, count)
            if len(rows) < table.at_once:
                break
            after = [rows[-1][key] for key in table.key]


async def _types(county: UUID, name: str) -> dict[str, str]:
    """The columns of a table with their types, as PostgreSQL writes them."""
    async with owner_session(county):
        rows = await fetch(
            "select attname, format_type(atttypid, null) type from pg_attribute"
            " where attrelid = $1::text::regclass and attnum > 0 and not attisdropped", name,
        )  # fmt: skip
    return {row["attname"]: row["type"] for row in rows}


async def _next(name: str, table: Sealed, types: dict[str, str], after: Sequence[object]) -> list[Record]:
    """The next rows of a table that hold something, in the order of its key."""
    key, columns = ", ".join(table.key), table.columns
    marks = ", ".join(f"${place}::{types[one]}" for place, one in enumerate(table.key, 1))
    since = f"and ({key}) > ({marks})" if after else ""
    return await fetch(
        f"select {key}, {', '.join(columns)} from {name} where tenant_id = session_county()"
        f" and num_nonnulls({', '.join(columns)}) > 0 {since}"
        f" order by {key} limit {table.at_once} for update",
        *after,
    )


async def _lot(
    name: str, table: Sealed, types: dict[str, str], rows: Sequence[Record], new: Vault, old: Vault | None, count: Count
) -> None:  # fmt: skip
    changed: list[tuple[Record, dict[str, object]]] = []
    for row in rows:
        made, values = _made(table, row, new, old)
        count.rows += 1
        where = "/".join(str(row[key]) for key in table.key)
        count.lost += [f"{name}.{column} {where}" for column in made.lost]
        if made.values:
            changed.append((row, values))
    count.written += len(changed)
    if changed and old is not None:
        await _write(name, table, types, changed)


def _made(table: Sealed, row: Record, new: Vault, old: Vault | None) -> tuple[Turned, dict[str, object]]:
    """What becomes of a row, and of each column that is written."""
    if not table.inside:
        made = turned(table, row, new, old)
        return made, {name: made.values.get(name, row[name]) for name in table.columns}
    like = sealed()[table.like]
    kept = msgspec.json.decode(row[table.inside], type=dict[str, object])
    made = turned(like, taken_out(kept, like), new, old)
    return made, {table.inside: msgspec.json.encode(kept | put_in(made.values)).decode()}


async def _write(
    name: str, table: Sealed, types: dict[str, str], changed: Sequence[tuple[Record, dict[str, object]]]
) -> None:
    names = (*table.key, *table.columns)
    listed = ", ".join(f"${place}::{types[one]}[]" for place, one in enumerate(names, 1))
    sets = ", ".join(f"{one} = v.{one}" for one in table.columns)
    same = " and ".join(f"t.{one} = v.{one}" for one in table.key)
    await execute(
        f"update {name} t set {sets} from unnest({listed}) v({', '.join(names)})"
        f" where t.tenant_id = session_county() and {same}",
        *([row[one] for row, _ in changed] for one in table.key),
        *([values[one] for _, values in changed] for one in table.columns),
    )
