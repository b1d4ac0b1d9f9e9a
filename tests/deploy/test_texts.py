"""`dangwu texts` as an operator types it, over an installation of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import asyncpg
import pytest

import dangwu_national
from core.organisation.service import UnitDraft, found
from deploy.inside import inside
from deploy.opening import OPERATOR, operator_at
from tenants.counties import open_county
from tenants.database.session import county_session
from tenants.policies import floors, plugins, regimes, texts
from tenants.policies.changes import Adopt
from tenants.policies.service import apply
from tests.conftest import Database
from tests.deploy.test_commands import run
from tests.web.conftest import seed
from tests.web.policies.seed import case_after, do
from tests.web.policies.test_broken_plugin import GOOD
from tests.web.policies.test_floor_texts import CORRECTED

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


async def posted() -> None:
    """A county with a case whose notice has been up for some days."""
    async with inside():
        county = await seed("donghe", "东河县", TODAY)
        case = await case_after(county, "东街支部", "孙已示", "prospect-consent", date(2026, 11, 2))
        await do(county, case, "prospect-notice", date(2026, 11, 18))


def test_a_correction_of_the_floor_is_shown_over_every_county_and_signed_once(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(posted())
    with monkeypatch.context() as upgraded:
        upgraded.setattr(dangwu_national, "dangwu_policy", lambda: CORRECTED, raising=False)
        anew()
        assert run("migrate") == 0
        assert "新文本自" in capsys.readouterr().out
        shown = said(capsys, "correct")
        assert "：原先把十个工作日误写成五个\n" in shown
        assert "东河县：在办 1 件，受影响 1 件（" in shown
        assert "  孙已示：" in shown
        assert shown.endswith("以上还没有生效。确认后加上 --sign 姓名 签署。\n")
        assert "更正要有人签名。请写明姓名" in said(capsys, "correct", "--sign", " ", code=1)
        assert said(capsys, "correct") == shown, "nothing was changed by looking"
        assert "已由 王秀兰 签署：".replace(" ", "") in said(capsys, "correct", "--sign", "王秀兰")
        assert said(capsys, "correct") == "没有等待签署的更正。\n"
        floor = [line for line in said(capsys).splitlines() if line.split("\t")[1] == "national"]
        assert len(floor) == 2
        new = next(line.split("\t")[0] for line in floor if "底线，自 " in line)
        assert "\t更正由王秀兰签署" in said(capsys, "where", new)
    anew()


def anew() -> None:
    """As a process that has just started, with another text of the floor."""
    again()
    regimes.cache.__init__()  # type: ignore[misc]
    floors._Present.stamp, floors._Present.floor = "", None


def test_what_was_adopted_before_texts_were_kept_goes_by_what_is_installed(
    folder: Path, own_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """And what is not installed any more is said, until somebody installs it."""
    asyncio.run(adopt())
    text = texts.short(texts.installed_text("homemade"))

    async def older(*statements: str) -> None:
        root = await asyncpg.connect(own_database.superuser_url)
        await root.execute("set session_replication_role = replica")
        for one in statements:
            await root.execute(one)
        await root.close()

    asyncio.run(older("update activation set text = null, plugin = 'gone'"))
    again()
    assert run("migrate") == 0
    assert "“gone”没有安装，它的 1 条启用记录没有文本。请安装后重新升级。" in capsys.readouterr().out
    asyncio.run(older("update activation set plugin = 'homemade'"))
    again()
    assert run("migrate") == 0
    assert f"“homemade”的 1 条启用记录按今天安装的文本 {text} 固定。" in capsys.readouterr().out
    assert "绿园区\t绿园区委组织部\t2026-11-21 至 长期" in said(capsys, "where", text)
    assert run("migrate") == 0
    assert "固定" not in capsys.readouterr().out
    assert "没有哪里用过这份文本。" not in said(capsys, "where", text)
