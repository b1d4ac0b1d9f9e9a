"""`dangwu counties` as an operator types it: what is done, what is refused, and what the operators' ledger says of both."""

from __future__ import annotations

import asyncio
import io
import os
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec
import pytest
from pyrage.x25519 import Identity

from deploy.backup.archive import written as sealed
from deploy.backup.manifest import Seal
from deploy.counties import deeds as doing
from deploy.counties.parcel import Content, Parcel, migration_of
from deploy.counties.removing import GRACE
from deploy.inside import inside
from deploy.noted import Deed, deeds
from tenants.accounts.operators import grant_operator
from tenants.counties import county_by_slug
from tenants.database.session import county_session
from tenants.ground.clock import today
from tests.conftest import Database
from tests.deploy.test_commands import run
from tests.web.conftest import everything

Typed = Callable[..., str]


@pytest.fixture
def typed(database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """`typed("baixi", "--resume")`: what it says, on whichever stream; it must end with `code`."""
    for name in ("HOST", "PORT"):
        monkeypatch.setenv(f"DANGWU_{name}", "")
    monkeypatch.setenv("DANGWU_BACKUP_DATABASE_URL", database.superuser_url)
    monkeypatch.setenv("SUDO_USER", "周运维")

    def said(*words: object, code: int = 0) -> str:
        assert run("counties", *map(str, words)) == code
        printed = capsys.readouterr()
        return printed.out + printed.err

    return said


def written() -> list[Deed]:
    """The lines of the operators' ledger, the oldest first, page by page."""

    async def read() -> list[Deed]:
        async with inside():
            found = await deeds()
            while more := await deeds(found[-1].number) if found else []:
                found += more
            return found[::-1]

    return asyncio.run(read())


def test_a_county_is_opened_shut_and_given_its_limits(typed: Typed) -> None:
    assert typed() == "还没有开通任何县。\n"
    assert "登录名 admin，初始密码 " in typed("baixi", "白溪县", "--admin", "郑一凡")
    assert "代号为“baixi”的县已经开通" in typed("baixi", "白溪县", "--admin", "郑一凡", code=1)
    assert "没有代号为“baihe”的县，没有办理" in typed("baihe", "--usage", code=1)
    assert "没有填写暂停的理由" in typed("baixi", "--suspend", " ", code=1)
    assert "没有填写暂停的理由" in typed("baixi", "--suspend", "", code=1), "it is that which was asked for"
    assert "白溪县已暂停：登录的人随即退出" in typed("baixi", "--suspend", "合同\u202e到期")
    assert typed() == "baixi\t白溪县\t已暂停：合同到期\n"
    assert typed("baixi", "--resume") == "白溪县已恢复。\n"
    assert "白溪县没有暂停。" in typed("baixi", "--resume", code=1)
    assert typed() == "baixi\t白溪县\n"

    usual = "people\t登记过的人员\t0 人\t500,000 人\t默认"
    assert usual in typed("baixi", "--usage")
    for wrong, sentence in (
        ("people", "“people”不对。请写成 people=30000；“people=”恢复默认"),
        ("people=三万", "“people=三万”不对"),
        ("people=-1", "“people=-1”不对"),
        ("peopel=3", "没有“peopel”这一项上限。可用的：files、people"),
        (f"people={10**13}", "登记过的人员应为 0 至 1,000,000,000,000 的整数"),
    ):
        assert sentence in typed("baixi", "--quota", wrong, code=1), wrong
    assert usual in typed("baixi", "--usage"), "nothing was changed by what was refused"
    changed = typed("baixi", "--quota", "people=30000", "--quota", "files=10")
    assert "people\t登记过的人员\t0 人\t30,000 人\t另定" in changed
    assert "files\t附件占用的空间\t0 MB\t10 MB\t另定" in changed
    assert usual in typed("baixi", "--quota", "people=")

    refused = "没有填写暂停的理由。"
    lines = [(one.act, one.county, one.said) for one in written()]
    assert lines[:2] == [("开通：开始", "白溪县", "baixi"), ("开通", "白溪县", "第 1 行：baixi")]
    assert lines[3][0] == "开通：没有办成"
    shut = lines.index(("暂停", "白溪县", "第 9 行：合同到期"))
    assert [act for act, _, _ in lines[4:shut]] == ["暂停：开始", "暂停：没有办成"] * 2 + ["暂停：开始"]
    assert lines[5][2].startswith(f"第 5 行：{refused[:-1]}")
    assert [said.partition("：")[2] for act, _, said in lines if act == "设定上限"] == [
        "登记过的人员 30,000 人，附件占用的空间 10 MB",
        "登记过的人员 默认",
    ]
    assert {(one.by_name, one.door) for one in written()} == {("周运维", "命令")}


def test_whoever_is_let_in_and_who_has_forgotten_his_password(typed: Typed) -> None:
    async def let_in() -> None:
        async with inside():
            county = await county_by_slug("baixi")
            async with county_session(county.id) as session:
                top = await session.fetchval("select path from unit where parent_id is null")
                await grant_operator(
                    everything(top), name="李运维", role="inspector", purpose="查故障", since=today(), last=today(), today=today()
                )  # fmt: skip

    assert "这个县没有准许李运维今天进入" in typed("baixi", "--enter", "李运维", code=1)
    asyncio.run(let_in())
    address = typed("baixi", "--enter", " 李运维 ")
    assert "10 分钟内用一次：\n/sign-in/operator/baixi/" in address
    assert "“bieren”不是该县在用的组织部管理员账号" in typed("baixi", "--reset", "bieren", code=1)
    first = typed("baixi", "--reset", "admin").split("新初始密码 ")[1].split("。")[0]
    assert typed("baixi", "--reset", "admin").split("新初始密码 ")[1].split("。")[0] != first
    said = [one for one in written() if one.act.startswith(("取得运维入口", "重置管理员密码"))]
    assert [one.act.partition("：")[2] for one in said] == [
        "开始", "没有办成", "开始", "", "开始", "没有办成", "开始", "", "开始", "",
    ]  # fmt: skip
    secret = address.rsplit("/", 1)[1].strip()
    assert not [one for one in said if secret in one.said or first in one.said]


def test_what_is_cut_short_is_written_down_as_begun(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever kills the command while it works does not get his deed out of the ledger."""

    async def killed(slug: str, why: str) -> None:
        raise KeyboardInterrupt

    before = len(written())
    with monkeypatch.context() as patch:
        patch.setattr(doing, "suspend_county", killed)
        with pytest.raises(KeyboardInterrupt):
            typed("baixi", "--suspend", "核对")
    [line] = written()[before:]
    assert (line.act, line.county, line.said, line.by_name) == ("暂停：开始", "白溪县", "核对", "周运维")


def test_a_county_goes_into_a_file_and_out_of_it(
    typed: Typed, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, file, opens = Identity.generate(), tmp_path / "baixi.county", tmp_path / "key"
    opens.write_text(str(key))
    monkeypatch.setenv("DANGWU_BACKUP_TO", "age1")
    assert "dangwu backup --new-key 文件名 生成钥匙" in typed("baixi", "--export", file, code=1)
    monkeypatch.setenv("DANGWU_BACKUP_TO", str(key.to_public()))
    begun = len(written())
    assert f"白溪县已导出到 {file}：" in typed("baixi", "--export", file)
    assert "已经存在，没有改动它" in typed("baixi", "--export", file, code=1)
    assert "没有完成（上级目录不存在）" in typed("baixi", "--export", tmp_path / "none" / "a", code=1)
    assert "请用 --key 写明打开这个文件的钥匙" in typed("--import", file, code=1)
    assert f"{file} 不是备份的钥匙" in typed("--import", file, "--key", file, code=1)
    assert "已经有白溪县" in typed("--import", file, "--key", opens, code=1)
    (tmp_path / "other").write_text(str(Identity.generate()))
    assert "钥匙不是这份备份的" in typed("--import", file, "--key", tmp_path / "other", code=1)
    assert "没有找到备份" in typed("--import", tmp_path / "nothing", "--key", opens, code=1)
    assert "请写出县的全称“白溪县”，一字不差" in typed("baixi", "--delete", "白溪", code=1)
    due = today() + GRACE
    assert f"白溪县已暂停，{due} 起可以删除" in typed("baixi", "--delete", "白溪县")
    assert f"要到 {due} 才能删除" in typed("baixi", "--delete", "白溪县", code=1)
    asyncio.run(_brought_forward(database))
    assert "白溪县已删除：" in typed("baixi", "--delete", "白溪县")
    assert typed() == "还没有开通任何县。\n"
    assert "白溪县已导入：" in typed("--import", file, "--key", opens)
    assert typed() == "baixi\t白溪县\n"
    lines = [(one.act, one.county) for one in written()[begun:]]
    assert lines == [
        ("导出：开始", "白溪县"), ("导出", "白溪县"),
        *[("导出：开始", "白溪县"), ("导出：没有办成", "白溪县")] * 2,
        *[("导入：开始", ""), ("导入：没有办成", "")] * 3,
        ("删除：开始", "白溪县"), ("删除：没有办成", "白溪县"),
        ("删除：开始", "白溪县"), ("删除", "白溪县"),
        ("删除：开始", "白溪县"), ("删除：没有办成", "白溪县"),
        ("删除：开始", "白溪县"), ("删除", "白溪县"),
        ("导入：开始", ""), ("导入", "白溪县"),
    ]  # fmt: skip
    assert [one.number for one in written()] == [*range(1, len(written()) + 1)]


async def _brought_forward(database: Database) -> None:
    root = await asyncpg.connect(database.superuser_url)
    await root.execute("update county set delete_after = $1", today() - timedelta(days=1))
    await root.close()


def parcel(database: Database, **other: object) -> bytes:
    """What a county's file says of itself: of this release, sealed as here, with nothing in it."""

    async def newest() -> str:
        root = await asyncpg.connect(database.superuser_url)
        try:
            return await migration_of(root)
        finally:
            await root.close()

    said = Parcel(
        made_at=datetime(2026, 11, 20, tzinfo=UTC), migration=asyncio.run(newest()), mark=Seal(os.environ["DANGWU_SECRET"]).mark,
        id=UUID(int=77), slug="heian", name="黑岸县", tables={}, files=[], absent=0,
    )  # fmt: skip
    return msgspec.json.encode(msgspec.structs.replace(said, **other))


def content(*columns: str) -> Content:
    return Content(columns, 0, sha256(b"rows").hexdigest())


DIGEST = sha256(b"a paper").hexdigest()
Wrong = tuple[dict[str, object], list[tuple[str, bytes]], str]
WRONG: dict[str, Wrong] = {
    "of another release": ({"migration": "0001"}, [], "导出时的版本（0001）与这里的（"),
    "of another secret": ({"mark": "x"}, [], "两处的 DANGWU_SECRET 或 DANGWU_CRYPTO 不同"),
    "a table with a path": ({"tables": {"../person": content()}}, [], "写着不该有的名称，没有导入"),
    "a file with a path": ({"files": ["../../escaped"]}, [], "写着不该有的名称，没有导入"),
    "a digest in capitals": ({"files": [DIGEST.upper()]}, [], "写着不该有的名称，没有导入"),
    "what it does not say": ({}, [("tables/person", b"rows")], "文件里有不认识的内容 tables/person，没有导入"),
    "a name outside": ({"files": [DIGEST]}, [("files/../escaped", b"x")], "文件里有不认识的内容 files/../escaped"),
    "less than it says": ({"tables": {"person": content()}}, [], "文件不完整，没有导入。"),
    "other rows than it says": (
        {"tables": {"person": content()}}, [("tables/person", b"other")], "文件里的 person 与登记的不符，没有导入"),
    "an open file": ({"files": [DIGEST]}, [(f"files/{DIGEST}", b"another")], f"文件里的 {DIGEST} 与登记的不符"),
    "twice the same": (
        {"tables": {"person": content()}}, [("tables/person", b"rows")] * 2, "文件里有不认识的内容 tables/person"),
    "other tables than here": (
        {"tables": {"person": content()}}, [("tables/person", b"rows")], "文件里的表与这里的不同，没有导入"),
}  # fmt: skip


def test_a_file_that_is_not_as_it_says_brings_nothing(
    typed: Typed, database: Database, tmp_path: Path
) -> None:
    key, opens = Identity.generate(), tmp_path / "key"
    opens.write_text(str(key))
    before = typed()

    def refused(members: list[tuple[str, bytes]]) -> str:
        file = tmp_path / "wrong.county"
        file.unlink(missing_ok=True)
        with sealed(file, key.to_public()) as tar:
            for name, held in members:
                entry = tarfile.TarInfo(name)
                entry.size = len(held)
                tar.addfile(entry, io.BytesIO(held))
        return typed("--import", file, "--key", opens, code=1)

    for what, (other, members, sentence) in WRONG.items():
        assert sentence in refused([("county.json", parcel(database, **other)), *members]), what
    for members in ([("manifest.json", b"{}")], [("county.json", b"{}")], [("county.json", b"{")]):
        assert "这不是一个县的导出文件。" in refused(members)
    assert "文件不完整，没有导入。" in refused([])
    assert typed() == before
    assert not [*tmp_path.rglob("escaped")]
    assert not [*database.files.glob("county-*")], "what was laid out beside is gone"


def test_without_whom_reads_all_rows_no_county_moves(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DANGWU_BACKUP_DATABASE_URL")
    monkeypatch.setenv("DANGWU_BACKUP_TO", str(Identity.generate().to_public()))
    before = written()
    for words in (("--export", "/tmp/a"), ("--delete", "白溪县")):
        assert "备份须设置 DANGWU_BACKUP_DATABASE_URL" in typed("baixi", *words, code=1)
    assert written() == before
