"""`dangwu plugins reset` as an operator types it, over an installation of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.inside import inside
from tenants.database.session import global_session
from tenants.policies import plugins
from tenants.policies.strangers import stamp, trips
from tests.conftest import Database
from tests.deploy.test_commands import run
from tests.waiting import until_so
from tests.web.policies.test_broken_plugin import GOOD

CODE = "import dangwu\n\n@dangwu.hookimpl\ndef dangwu_check(step, case, today):\n    return []\n"


@pytest.fixture
def folder(own_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of plugins with one in it that has code, and an installation that has been brought up to date."""
    for name in ("HOST", "PORT"):
        monkeypatch.setenv(f"DANGWU_{name}", "")
    monkeypatch.setenv("DANGWU_PLUGINS", str(tmp_path))
    (tmp_path / "homemade.yaml").write_text(GOOD, "utf-8")
    (tmp_path / "homemade.py").write_text(CODE, "utf-8")
    plugins.installed.cache_clear()
    assert run("migrate") == 0
    yield tmp_path
    monkeypatch.undo()
    plugins.installed.cache_clear()
    trips.forget()


async def stopped() -> str | None:
    """What is written down of it for all processes: other plugins have code, too."""
    async with global_session() as session:
        found: str | None = await session.fetchval(
            "select tripped from plugin_code where plugin = 'homemade'"
        )
    return found


async def tripped_elsewhere() -> str:
    """What another process learns of a plugin that this one has tripped; and the set's fingerprint is another."""
    async with inside():
        async with global_session():
            await stamp.refresh()
        before = plugins.fingerprint()
        trips.trip("homemade", "运算超过 0.25 秒")
        await until_so(stopped)
        trips.forget()
        async with global_session():
            await stamp.refresh()
        assert plugins.fingerprint() != before
        return trips.why("homemade")


def test_a_plugin_that_was_stopped_runs_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plugins", "reset", "homemade") == 1
    assert "没有停止运行" in capsys.readouterr().err
    assert "运算超过 0.25 秒" in asyncio.run(tripped_elsewhere())
    assert run("plugins", "reset", "unknown") == 1
    assert "已停止运行的有：homemade" in capsys.readouterr().err
    assert run("plugins", "reset", "homemade") == 0
    assert "可以重新运行" in capsys.readouterr().out
    assert run("plugins", "reset", "homemade") == 1
