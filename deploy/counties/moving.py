"""A county out of an installation and into another one: every row and every file, under the ids that they have."""

from __future__ import annotations

import io
import shutil
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import msgspec
from pyrage.x25519 import Identity, Recipient

from core.secrecy import Vault
from deploy.backup.archive import add_file, opened, written
from deploy.backup.manifest import Seal, digest_of, named, place, refuse_turning
from deploy.backup.restore import UNDONE
from deploy.backup.whole import whole
from deploy.counties.catalogue import COUNTY, TEXTS, Table, tables, texts_of
from deploy.counties.parcel import FILES, NAME, TABLES, Content, Parcel, migration_of, unpack
from deploy.problem import Problem
from tenants.counties import CountyView


class Place(msgspec.Struct, frozen=True):
    """An installation: its database, by the address of somebody who reads (or for bringing in and removing: writes) all rows,
    the folder of its files, by what it seals."""

    url: str
    files: Path
    seal: Seal


async def send_out(here: Place, county: CountyView, file: Path, to: Recipient) -> Parcel:
    """Write a county into `file`, sealed, as it is at one moment. Raises Problem."""
    async with whole(here.url) as connection:
        with tempfile.TemporaryDirectory(dir=here.files.parent, prefix="county-") as beside:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                await refuse_turning(connection)
                said = await _written_down(connection, here, county, Path(beside))
            with written(file, to) as tar:
                _add(tar, NAME, msgspec.json.encode(said))
                for name in said.tables:
                    tar.add(Path(beside) / name, f"{TABLES}/{name}")
                for digest in said.files:
                    add_file(tar, place(here.files, f"{county.id}/{digest}"), f"{FILES}/{digest}")
    return said


async def _written_down(
    connection: asyncpg.Connection, here: Place, county: CountyView, beside: Path
) -> Parcel:
    listed, held = await tables(connection), {}
    for table in listed:
        which = f'select {table.listed} from "{table.name}" where {table.key} = $1'
        held[table.name] = await _copied(connection, which, county.id, table.columns, beside / table.name)
    names = await _texts_columns(connection)
    which = f"select {', '.join(names)} from {TEXTS} where hash = any($1)"
    used = await texts_of(connection, listed, county.id)
    held[TEXTS] = await _copied(connection, which, used, names, beside / TEXTS)
    wanted = [one.split("/")[1] for one in await named(connection) if one.startswith(f"{county.id}/")]
    there = [digest for digest in wanted if place(here.files, f"{county.id}/{digest}").is_file()]
    return Parcel(
        made_at=datetime.now(UTC), migration=await migration_of(connection), mark=here.seal.mark, id=county.id,
        slug=county.slug, name=county.name, tables=held, files=there, absent=len(wanted) - len(there),
    )  # fmt: skip


async def _copied(
    connection: asyncpg.Connection, which: str, argument: object, columns: tuple[str, ...], to: Path
) -> Content:
    status = await connection.copy_from_query(which, argument, output=to, format="binary")
    return Content(columns, int(status.split()[1]), digest_of(to))


async def _texts_columns(connection: asyncpg.Connection) -> tuple[str, ...]:
    rows = await connection.fetch(
        "select attname from pg_attribute where attrelid = 'policy_text'::regclass and attnum > 0 and not attisdropped"
        " and attgenerated = '' order by attnum"
    )
    return tuple(row["attname"] for row in rows)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))


async def bring_in(there: Place, file: Path, key: Identity) -> Parcel:
    """A county out of `file`, into an installation where it is not; ids stay. All of it or nothing. Raises Problem."""
    async with whole(there.url) as connection:
        with tempfile.TemporaryDirectory(dir=there.files.parent, prefix="county-") as beside:
            release = await migration_of(connection)
            with opened(file, key) as tar:
                said = unpack(tar, Path(beside), lambda one: _fits(one, release, there))
            await _read(connection, said, Path(beside) / TABLES)
            _settle(Path(beside) / FILES, said, there.files)
    return said


def _fits(said: Parcel, release: str, there: Place) -> Vault:
    """The vault by which its files are sealed. Raises Problem."""
    if said.migration != release:
        raise Problem(
            f"导出时的版本（{said.migration}）与这里的（{release}）不同。请先把两处升级到同一个版本，再导出。"
        )
    if said.mark != there.seal.mark:
        raise Problem(
            "两处的 DANGWU_SECRET 或 DANGWU_CRYPTO 不同，身份证号等密文在这里读不出来。两处用同一个值时才能搬。"
        )
    if (there.files / str(said.id)).exists():
        raise Problem(f"这里已经有{said.name}的附件。请先删除干净，再导入。")
    return there.seal.vault()


async def _read(connection: asyncpg.Connection, said: Parcel, held: Path) -> None:
    listed = {table.name: table for table in await tables(connection)}
    if listed.keys() | {TEXTS} != said.tables.keys():
        raise Problem("文件里的表与这里的不同，没有导入。")
    try:
        async with connection.transaction():
            # What triggers did at home came along as rows; references are as whole as they were there.
            await connection.execute("set local session_replication_role = replica")
            await _read_texts(connection, said.tables[TEXTS], held / TEXTS)
            for name, table in listed.items():
                await _read_table(connection, table, said, held / name)
            await connection.execute(
                "update county set suspended_at = null, suspended_why = '', delete_after = null where id = $1",
                said.id,
            )
            await connection.execute(f"{UNDONE} and o.tenant_id = $1", said.id)
    except asyncpg.UniqueViolationError as taken:
        raise Problem(
            f"这里已经有{said.name}，或者有县用着它的代号、名称或编号（{taken.table_name}），没有导入，什么也没有改。"
        ) from taken


async def _read_texts(connection: asyncpg.Connection, content: Content, file: Path) -> None:
    await connection.execute(
        f"create temp table text_beside on commit drop as select * from {TEXTS} with no data"
    )
    await connection.copy_to_table("text_beside", columns=content.columns, source=file, format="binary")
    names = ", ".join(content.columns)
    await connection.execute(
        f"insert into {TEXTS} ({names}) select {names} from text_beside on conflict do nothing"
    )


async def _read_table(connection: asyncpg.Connection, table: Table, said: Parcel, file: Path) -> None:
    content = said.tables[table.name]
    if content.columns != table.columns:
        raise Problem(f"表 {table.name} 的各列与这里的不同，没有导入。")
    await connection.copy_to_table(table.name, columns=content.columns, source=file, format="binary")
    have = await connection.fetchval(f'select count(*) from "{table.name}" where {table.key} = $1', said.id)
    if have != content.rows:
        raise Problem(f"表 {table.name} 里有不属于这个县的行，没有导入。")
    for column in table.abroad:
        await connection.execute(
            f'update "{table.name}" set "{column}" = null where tenant_id = $1 and "{column}" is not null'
            f' and not exists (select from {COUNTY} c where c.id = "{column}")',
            said.id,
        )


def _settle(held: Path, said: Parcel, files: Path) -> None:
    for digest in said.files:
        to = place(files, f"{said.id}/{digest}")
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(held / digest, to)
