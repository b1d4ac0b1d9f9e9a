"""What a backup holds, as it says itself: so that whoever restores it can tell that nothing is missing."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from pathlib import Path

import asyncpg
import msgspec

NAME, DUMP, FILES = "manifest.json", "database.dump", "files"
"""The members of the archive, in this order; a file's name below FILES is its county's and the SHA-256 of its content."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """`secret` and `ledger_key` are what the settings of these names say, where the platform keeps them itself; `mark` tells
    whether a given secret is the same; `counts` are the rows by table; `files` is how many there are, `absent` those that were
    missing already, as county/digest."""

    made_at: datetime
    migration: str
    mark: str
    secret: str | None
    ledger_key: str | None = None
    dump: str
    counts: dict[str, int]
    files: int
    absent: list[str]


def mark(secret: str) -> str:
    """By which a secret is known again without being told."""
    return sha256(b"dangwu backup\0" + secret.encode()).hexdigest()


async def counts(connection: asyncpg.Connection) -> dict[str, int]:
    """The rows of every table, as this connection's transaction sees them."""
    tables = await connection.fetch(
        "select relname from pg_class where relkind in ('r', 'p') and not relispartition"
        " and relnamespace = 'public'::regnamespace order by relname"
    )
    return {
        row["relname"]: await connection.fetchval(f'select count(*) from "{row["relname"]}"')
        for row in tables
    }


async def named(connection: asyncpg.Connection) -> list[str]:
    """The files that the tables name: county/digest."""
    tables = await connection.fetch(
        "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'sha256'"
    )
    found: set[str] = set()
    for row in tables:
        rows = await connection.fetch(f'select distinct tenant_id, sha256 from "{row["table_name"]}"')
        found |= {f"{one['tenant_id']}/{one['sha256']}" for one in rows}
    return sorted(found)


def place(files: Path, name: str) -> Path:
    """Where a file lies, by county/digest."""
    county, digest = name.split("/")
    return files / county / digest[:2] / digest
