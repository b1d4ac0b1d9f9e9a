"""A county in one sealed file: what it says of itself, a member for each table, a member for each file."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import UUID

import asyncpg
import msgspec

from core.files.sealed import is_whole
from core.secrecy import Vault
from deploy.backup.manifest import digest_of
from deploy.problem import Problem

NAME, TABLES, FILES = "county.json", "tables", "files"


class Content(msgspec.Struct, frozen=True):
    """A table's rows: PostgreSQL's binary COPY of these columns."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """What is in it: the county, of which release (`migration`), sealed by which secret (`mark`), the tables, the files by the
    SHA-256 of their content, and how many of them were missing already."""

    made_at: datetime
    migration: str
    mark: str
    id: UUID
    slug: str
    name: str
    tables: dict[str, Content]
    files: list[str]
    absent: int


async def migration_of(connection: asyncpg.Connection) -> str:
    """The release of a database: its latest migration."""
    found: str = await connection.fetchval("select max(name) from migration where app_name = 'dangwu'")
    return found


def unpack(tar: tarfile.TarFile, into: Path, agree: Callable[[Parcel], Vault]) -> Parcel:
    """Lay it out in a folder, `tables/NAME` and `files/DIGEST`; `agree` may refuse what it holds, and tells by which vault
    its files are sealed. Raises Problem for whatever is not as it says itself."""
    said: Parcel | None = None
    wanted: set[str] = set()
    for entry in tar:
        content = tar.extractfile(entry) if entry.isreg() else None
        if said is None:
            said = _said(entry.name, content)
            vault = agree(said)
            wanted = {f"{TABLES}/{name}" for name in said.tables} | {f"{FILES}/{name}" for name in said.files}
            continue
        if content is None or entry.name not in wanted:
            raise Problem(f"文件里有不认识的内容 {entry.name}，没有导入。")
        wanted.remove(entry.name)
        to = _lay(content, into / entry.name)
        kept = said.tables.get(to.name)
        if digest_of(to) != kept.sha256 if kept else not is_whole(vault, to.name, to):
            raise Problem(f"文件里的 {to.name} 与登记的不符，没有导入。")
    if said is None or wanted:
        raise Problem("文件不完整，没有导入。")
    return said


def _said(name: str, content: IO[bytes] | None) -> Parcel:
    if name != NAME or content is None:
        raise Problem("这不是一个县的导出文件。")
    try:
        said = msgspec.json.decode(content.read(), type=Parcel)
    except msgspec.DecodeError as error:
        raise Problem("这不是一个县的导出文件。") from error
    if not all(name.replace("_", "").isalnum() for name in said.tables) or not all(map(_digest, said.files)):
        raise Problem("这个导出文件写着不该有的名称，没有导入。")
    return said


def _digest(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def _lay(content: IO[bytes], to: Path) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("xb") as out:
        shutil.copyfileobj(content, out)
    return to
