"""Backup and restore of servers that are not embedded: by whose address, what is written down of it, and never over anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from pyrage.x25519 import Identity

from deploy.inside import inside
from deploy.noted import deeds
from tests.conftest import Database
from tests.deploy.test_commands import run

Typed = Callable[..., str]


@pytest.fixture
def typed(
    own_database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Typed:
    """`typed("backup", file)`: what it says, on whichever stream; it must end with `code`."""
    key = Identity.generate()
    (tmp_path / "key").write_text(str(key))
    for name, value in (
        ("HOST", ""), ("PORT", ""), ("BACKUP_TO", str(key.to_public())), ("BACKUP_DATABASE_URL", own_database.superuser_url),
    ):  # fmt: skip
        monkeypatch.setenv(f"DANGWU_{name}", value)
    monkeypatch.setenv("SUDO_USER", "周运维")

    def said(*words: object, code: int = 0, **settings: str) -> str:
        with monkeypatch.context() as here:
            for name, value in settings.items():
                here.setenv(f"DANGWU_{name.upper()}", value)
            assert run(*map(str, words)) == code
        printed = capsys.readouterr()
        return printed.out + printed.err

    return said


async def _done(made: Database, statement: str) -> None:
    """By the administrator of the database."""
    root = await asyncpg.connect(made.superuser_url)
    await root.execute(statement)
    await root.close()


async def _said() -> list[tuple[str, str, str]]:
    """The operators' ledger, the oldest first."""
    async with inside():
        return [(one.act, one.by_name, one.said) for one in reversed(await deeds())]


def test_a_backup_is_written_down_as_begun_and_done(
    typed: Typed, own_database: Database, tmp_path: Path
) -> None:
    first, second = tmp_path / "1.dangwu", tmp_path / "2.dangwu"
    # As before an upgrade, which begins with a backup: this database has no such ledger yet.
    asyncio.run(_done(own_database, "alter table operator_act rename to later"))
    assert f"已备份到 {first}：" in typed("backup", first)
    asyncio.run(_done(own_database, "alter table later rename to operator_act"))
    assert f"已备份到 {second}：" in typed("backup", second)
    assert "已经存在，没有改动它" in typed("backup", second, code=1)
    for wrong, sentence in (
        ({"backup_to": "age1x"}, "请先在另一台机器上执行 dangwu backup --new-key"),
        ({"backup_database_url": own_database.app_url}, "的角色权限不够，没有办理，什么也没有改"),
        ({"backup_database_url": own_database.owner_url}, "的角色权限不够，没有办理，什么也没有改"),
        ({"backup_database_url": "postgresql://x@127.0.0.1:1/x"}, "不能连接 DANGWU_BACKUP_DATABASE_URL 写的数据库"),
        ({"backup_database_url": ""}, "备份须设置 DANGWU_BACKUP_DATABASE_URL"),
    ):  # fmt: skip
        assert sentence in typed("backup", tmp_path / "3.dangwu", code=1, **wrong), wrong
        assert not [*tmp_path.glob("3.dangwu*")]
    lines = asyncio.run(_said())
    assert [(act, by) for act, by, _ in lines[:4]] == [
        ("备份：开始", "周运维"),
        ("备份", "周运维"),
        ("备份：开始", "周运维"),
        ("备份：没有办成", "周运维"),
    ]
    assert lines[1][2].startswith(f"第 1 行：{second}：")
    assert "0 个县、0 名人员、0 个附件" in lines[1][2]
    assert {act for act, _, _ in lines[4:]} == {"备份：开始", "备份：没有办成"}


def test_nothing_is_restored_over_what_is_there(typed: Typed, own_database: Database, tmp_path: Path) -> None:
    file, empty = tmp_path / "all.dangwu", tmp_path / "empty"
    typed("backup", file)
    restore = ("restore", file, "--key", tmp_path / "key")
    said = typed(*restore, code=1, data=str(empty))
    assert "要恢复到的数据库里已经有表。请恢复到一个新建的、空的数据库。" in said
    assert "密钥，现在给的是" in typed(*restore, code=1, data=str(empty), crypto="sm")
    assert not [one for one in empty.rglob("*") if one.is_file()]
    fresh = own_database.superuser_url.replace(f"/{own_database.name}?", f"/{own_database.name}_new?")
    name = f"{own_database.name}_new"
    asyncio.run(_done(own_database, f"create database {name} owner dangwu_owner template template0"))
    try:
        assert "已恢复：" in typed(*restore, data=str(empty), backup_database_url=fresh)
        assert "已经有表" in typed(*restore, code=1, data=str(empty), backup_database_url=fresh)
        counted = asyncio.run(_rows(fresh))
        assert counted == asyncio.run(_rows(own_database.superuser_url)) - 1, "but that the backup was done"
    finally:
        asyncio.run(_done(own_database, f"drop database {name} with (force)"))


async def _rows(url: str) -> int:
    root = await asyncpg.connect(url)
    try:
        found: int = await root.fetchval("select count(*) from operator_act")
        return found
    finally:
        await root.close()
