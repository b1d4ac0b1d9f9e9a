"""Bringing a backup back, into a place where nothing is yet; it is then compared with what the backup says of itself."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import IO
from uuid import UUID

import msgspec

from core.files.sealed import is_whole
from core.secrecy import Vault
from deploy.backup import dump
from deploy.backup.manifest import DUMP, FILES, NAME, Manifest, counts, digest_of, place
from deploy.backup.whole import whole
from deploy.problem import Problem

NONE = "这不是党务平台的备份。"
UNDONE = """update outbox o set sent_at = null where sent_at is not null and not exists (
    select from task_run r where r.tenant_id = o.tenant_id and r.message_id::text = o.message -> 'kwargs' ->> 'run_id'
    and (r.finished_at is not null or r.given_up_at is not null))"""
"""What was in the queue and is not done yet is sent again: the queue itself is not in the backup."""


def unpack(tar: tarfile.TarFile, into: Path, agree: Callable[[Manifest], Vault]) -> Manifest:
    """Lay an archive out in a folder: DUMP, and FILES as the platform keeps them. `agree` may refuse what it
    holds, and tells by which vault its files are sealed.

    Raises Problem for whatever is not as its name says.
    """
    said: Manifest | None = None
    for entry in tar:
        content = tar.extractfile(entry) if entry.isreg() else None
        if content is None:
            raise Problem(f"备份里有不认识的内容 {entry.name}，没有恢复。")
        if said is None:
            said = _said(entry.name, content)
            vault = agree(said)
            continue
        to = _place(into, entry.name)
        to.parent.mkdir(parents=True, exist_ok=True)
        with to.open("xb") as out:
            shutil.copyfileobj(content, out)
        if digest_of(to) != said.dump if entry.name == DUMP else not is_whole(vault, to.name, to):
            raise Problem(f"备份里的 {entry.name} 与登记的不符，没有恢复。")
    if said is None or not (into / DUMP).is_file():
        raise Problem("备份不完整，没有恢复。")
    return said


def _said(name: str, content: IO[bytes]) -> Manifest:
    if name != NAME:
        raise Problem(NONE)
    try:
        return msgspec.json.decode(content.read(), type=Manifest)
    except msgspec.DecodeError as error:
        raise Problem(NONE) from error


def _place(into: Path, name: str) -> Path:
    """Where a member is laid. Never anywhere else: a file is called by its county and digest."""
    if name == DUMP:
        return into / DUMP
    top, _, below = name.partition("/")
    county, _, digest = below.partition("/")
    try:
        whole = top == FILES and str(UUID(county)) == county and len(bytes.fromhex(digest)) == 32
    except ValueError:
        whole = False
    if not whole:
        raise Problem(f"备份里有不认识的内容 {name}，没有恢复。")
    return place(into / FILES, below)


async def fill(url: str, held: Path, said: Manifest) -> None:
    """Read the dump into an empty database, `url` being its administrator's. Raises Problem unless every table is as it was."""
    async with whole(url) as connection:
        if await counts(connection):
            raise Problem("要恢复到的数据库里已经有表。请恢复到一个新建的、空的数据库。")
        dump.read(url, held)
        have = await counts(connection)
        if other := sorted(
            table for table in {*have, *said.counts} if have.get(table) != said.counts.get(table)
        ):
            raise Problem(f"恢复后这些表的行数与备份时不同：{'、'.join(other)}。请不要使用，另取一份备份。")
        await connection.execute(UNDONE)
