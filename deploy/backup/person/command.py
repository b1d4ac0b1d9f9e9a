"""`dangwu restore --person`: the plan is written and shown; with `--confirm` what it says is done, if it is still so."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from argparse import Namespace
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec

from deploy.backup import key
from deploy.backup.archive import opened
from deploy.backup.command import same_seal, seal_of, whole_url
from deploy.backup.manifest import DUMP, FILES, Manifest, place
from deploy.backup.person.hanging import Rows, hanging
from deploy.backup.person.putting import Coming, Plan, compared, planned, put_back, said
from deploy.backup.restore import fill, unpack
from deploy.embedded.servers import Servers
from deploy.inside import inside
from deploy.opening import named
from deploy.platform import Platform, platform
from deploy.problem import Problem
from deploy.settings import Settings
from tenants.database.session import Session
from tenants.database.source import Owner


class _Whole(Owner):
    """A connection of the administrator."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def take(self) -> asyncpg.Connection:
        """A new connection."""
        return await asyncpg.connect(self._url, server_settings={"timezone": "UTC"})


def restore_person(given: Namespace) -> str:
    """What would come back, or what has. Raises Problem."""
    held, settings = key.read(given.key), Settings.read()
    try:
        person = UUID(given.person)
    except ValueError:
        raise Problem("请写明人员的编号（网址里 /people/ 后面的那一串）。") from None
    if not given.county or bool(given.plan) == bool(given.confirm):
        raise Problem(
            "请用 --county 写明是哪个县；先用 --plan 文件 看会恢复什么，再用 --confirm 同一个文件 办理。"
        )
    with platform(settings, join=True) as ready:
        ready.settings.data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=ready.settings.data, prefix="restore-") as folder:
            beside = Path(folder)
            with opened(given.file, held) as tar:
                one = unpack(tar, beside, lambda one: same_seal(one, seal_of(ready.settings)))
            with Servers(beside / "servers", fast=True) as servers:
                url = servers.addresses.whole_url
                asyncio.run(fill(url, beside / DUMP, one))
                return asyncio.run(
                    _restored(given, person, one, url, ready, whole_url(ready, settings), beside)
                )


async def _restored(
    given: Namespace, person: UUID, one: Manifest, backup: str, ready: Platform, url: str, beside: Path
) -> str:
    async with inside():
        county = (await named(given.county)).id
        before = await _held(backup, county, person)
        async with Session(county, _Whole(url)) as session:
            release = await session.fetchval("select max(name) from migration where app_name = 'dangwu'")
            if release != one.migration:
                raise Problem(f"备份时的版本（{one.migration}）与现在的（{release}）不同，不能只恢复一个人。")
            coming = await compared(session.connection, before)
            plan, at = planned(county, person, coming), f"{one.made_at.astimezone():%Y-%m-%d %H:%M:%S}"
            if given.plan:
                _keep(given.plan, plan)
                first = f"备份（{at}）里这个人与现在不同，会恢复："
                return "\n".join(
                    [first, *said(plan), f"还没有恢复。核对以后用 --confirm {given.plan} 办理。"]
                )
            if _read(given.confirm) != plan:
                raise Problem("写下方案以后，这个人的记载又有变化，没有恢复。请重新用 --plan 看一遍。")
            _settle(county, coming, beside / FILES, ready.settings.data / FILES)
            await put_back(session, plan, coming, at)
    return "\n".join([f"已按备份（{at}）恢复，并记入日志：", *said(plan)])


async def _held(url: str, county: UUID, person: UUID) -> Rows:
    connection = await asyncpg.connect(url, server_settings={"timezone": "UTC"})
    try:
        found = await hanging(connection, county, person)
    finally:
        await connection.close()
    if not found:
        raise Problem("备份里这个县没有这个编号的人，没有什么要恢复。")
    return found


def _keep(file: Path, plan: Plan) -> None:
    if file.exists():
        raise Problem(f"{file} 已经存在，没有改动它。请换一个文件名。")
    file.write_bytes(msgspec.json.encode(plan))


def _read(file: Path) -> Plan:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Plan)
    except (OSError, msgspec.DecodeError) as error:
        raise Problem(f"{file} 读不出来，或不是 --plan 写下的方案。") from error


def _settle(county: UUID, coming: dict[str, Coming], held: Path, files: Path) -> None:
    """The attachments that its rows name, where they are no more: before the rows, as when they were first put in."""
    for one in coming.values():
        for row in [*one.gone, *one.other]:
            name = f"{county}/{row['sha256']}" if row.get("sha256") else ""
            if name and place(held, name).is_file() and not place(files, name).exists():
                place(files, name).parent.mkdir(parents=True, exist_ok=True)
                shutil.move(place(held, name), place(files, name))
