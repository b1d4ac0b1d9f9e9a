"""`dangwu texts` as an operator types it, over an installation of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from core.organisation.service import UnitDraft, found
from deploy.inside import inside
from deploy.opening import OPERATOR, operator_at
from tenants.counties import open_county
from tenants.database.session import county_session
from tenants.policies import plugins, texts
from tenants.policies.changes import Adopt
from tenants.policies.service import apply
from tests.conftest import Database
from tests.deploy.test_commands import run
from tests.web.policies.test_broken_plugin import GOOD

TODAY = date(2026, 11, 21)


@pytest.fixture
def folder(own_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of plugins with one in it, and an installation that has been brought up to date."""
    for name in ("HOST", "PORT"):
        monkeypatch.setenv(f"DANGWU_{name}", "")
    monkeypatch.setenv("DANGWU_PLUGINS", str(tmp_path))
    (tmp_path / "homemade.yaml").write_text(GOOD, "utf-8")
    again()
    assert run("migrate") == 0
    yield tmp_path
    monkeypatch.undo()
    again()


def again() -> None:
    """As a process that has just started."""
    plugins.installed.cache_clear()
    texts._read.clear()


async def adopt() -> None:
    """A county adopts what is installed."""
    async with inside():
        county = await open_county("lvyuan", "绿园区", TODAY)
        async with county_session(county):
            root = await found(OPERATOR, UnitDraft(kind="department", name="绿园区委组织部"), TODAY)
            await apply(operator_at(root, TODAY), root.id, Adopt(plugin="homemade", since=TODAY), TODAY)


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """What the command prints."""
    capsys.readouterr()
    assert run("texts", *words) == code
    printed = capsys.readouterr()
    return printed.out if code == 0 else printed.err


def test_what_is_kept_where_it_is_in_force_and_what_may_go(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = texts.short(texts.installed_text("homemade"))
    listed = said(capsys)
    assert f"{first}\thomemade\t某县补充规定\t已安装\n" in listed
    assert "national" in listed
    assert "底线，一直有效" in listed
    assert run("migrate") == 0
    assert "数据库已是最新版本。" in capsys.readouterr().out
    asyncio.run(adopt())
    second = GOOD.replace("days: 10", "days: 12")
    third = GOOD.replace("days: 10", "days: 14")
    for text in (second, third):
        (folder / "homemade.yaml").write_text(text, "utf-8")
        again()
        assert run("migrate") == 0
        assert "保存了 1 份新的政策文本。" in capsys.readouterr().out
    assert "绿园区\t绿园区委组织部\t2026-11-21 至 长期\t平台运维" in said(capsys, "where", first)
    assert said(capsys, "show", first).strip() == GOOD.strip()
    assert "请写明是哪份文本" in said(capsys, "show", code=1)
    assert "没有散列以“ffff-”开头的文本" in said(capsys, "show", "ffff-", code=1)
    gone = said(capsys, "prune")
    assert gone.count("已删除") == 1
    assert texts.short(texts.hash_of(second)) in gone
    assert "没有可以删除的文本" in said(capsys, "prune")
    left = said(capsys)
    assert first in left, "it is in force"
    assert texts.short(texts.hash_of(third)) in left, "it is installed"
    assert said(capsys, "correct") == "没有等待签署的更正。\n"
