"""What a backup holds, as it says itself: so that whoever restores it can tell that nothing is missing."""

from __future__ import annotations

from base64 import b64decode
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import NamedTuple

import asyncpg
import msgspec

from core.secrecy import USUAL, Crypto, Vault
from deploy.problem import Problem

NAME, DUMP, FILES = "manifest.json", "database.dump", "files"
"""The members of the archive, in this order; a file's name below FILES is its county's and the SHA-256 of its content."""

FINGERS = 8
"""Of a mark, as it is told to people."""


class Seal(NamedTuple):
    """By what an installation seals: its DANGWU_SECRET and DANGWU_CRYPTO."""

    secret: str
    crypto: Crypto = USUAL

    @property
    def mark(self) -> str:
        """By which it is known again without being told."""
        algorithms = "" if self.crypto == USUAL else f"{self.crypto}\0"
        return sha256(f"dangwu backup\0{algorithms}{self.secret}".encode()).hexdigest()

    @property
    def fingerprint(self) -> str:
        """The same as people compare it."""
        return self.mark[:FINGERS]

    def installed(self) -> tuple[bytes, Crypto]:
        """What a process installs to seal so."""
        return b64decode(self.secret), self.crypto

    def vault(self) -> Vault:
        """What opens all that is sealed so."""
        return Vault(*self.installed())


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """`secret` and `ledger_key` are what the settings of these names say, where the platform keeps them itself; `mark` tells
    whether a given seal is the same; `counts` are the rows by table; `files` is how many there are, `absent` those that were
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

    @property
    def fingerprint(self) -> str:
        """Of the secret that it needs."""
        return self.mark[:FINGERS]


async def refuse_turning(connection: asyncpg.Connection) -> None:
    """Raise Problem while a change of the secret is under way: what is copied now would need both."""
    if await connection.fetchval("select turning is not null from installation"):
        raise Problem("正在更换 DANGWU_SECRET，还没有换完，没有取出数据。请先把 dangwu secret change 办完。")


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


def digest_of(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as given:
        return file_digest(given, "sha256").hexdigest()
