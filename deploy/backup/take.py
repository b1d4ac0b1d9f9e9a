"""Taking a backup of a platform that goes on working: the database as of one moment, and every file that it names."""

from __future__ import annotations

import io
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import msgspec
from pyrage.x25519 import Recipient

from deploy.backup import dump
from deploy.backup.archive import add_file, written
from deploy.backup.manifest import (
    DUMP,
    FILES,
    NAME,
    Manifest,
    Seal,
    counts,
    digest_of,
    named,
    place,
    refuse_turning,
)
from deploy.backup.whole import whole


class Source(msgspec.Struct, frozen=True):
    """What is backed up: the database (`url`: of a role that reads all rows), the folder of the files, by what it seals; `keeps`:
    the platform made that secret itself, so that it is lost with the machine; `ledger_key` is what it made likewise."""

    url: str
    files: Path
    seal: Seal
    keeps: bool
    ledger_key: str | None = None


async def take(source: Source, file: Path, to: Recipient) -> Manifest:
    """Write everything into `file`, sealed. What lies in the queue goes along: it stands in the outbox. Raises Problem."""
    source.files.parent.mkdir(parents=True, exist_ok=True)
    async with whole(source.url) as connection:
        with tempfile.TemporaryDirectory(dir=source.files.parent, prefix="backup-") as beside:
            held = Path(beside) / DUMP
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                await refuse_turning(connection)
                dump.write(source.url, held, await connection.fetchval("select pg_export_snapshot()"))
                made, files = await _said(connection, source, held)
            with written(file, to) as tar:
                _add(tar, NAME, msgspec.json.encode(made))
                tar.add(held, DUMP)
                for name in files:
                    add_file(tar, place(source.files, name), f"{FILES}/{name}")
    return made


async def _said(connection: asyncpg.Connection, source: Source, held: Path) -> tuple[Manifest, list[str]]:
    """The manifest, and the files that are there."""
    wanted = await named(connection)
    there = [name for name in wanted if place(source.files, name).is_file()]
    said = Manifest(
        made_at=datetime.now(UTC),
        migration=await connection.fetchval("select max(name) from migration where app_name = 'dangwu'"),
        mark=source.seal.mark,
        secret=source.seal.secret if source.keeps else None,
        ledger_key=source.ledger_key,
        dump=digest_of(held),
        counts=await counts(connection),
        files=len(there),
        absent=sorted({*wanted} - {*there}),
    )
    return said, there


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))
