"""`dangwu jobs` as an operator types it: what runs in the background of each county, without a name of anybody in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from deploy.inside import inside
from tenants.counties import open_county
from tenants.database.session import county_session
from tests.conftest import Database
from tests.deploy.test_commands import run
from tests.tenants.conftest import TODAY
from tests.tenants.queue.test_jobs import asked, now

Typed = Callable[..., str]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    for name in ("HOST", "PORT"):
        monkeypatch.setenv(f"DANGWU_{name}", "")

    def said(*words: object, code: int = 0) -> str:
        assert run("jobs", *map(str, words)) == code
        printed = capsys.readouterr()
        return printed.out + printed.err

    return said


def test_an_operator_sees_them_without_names_and_acts(own_database: Database, typed: Typed) -> None:
    """`dangwu jobs`."""

    async def lived() -> dict[str, UUID]:
        made = {}
        async with inside():
            for slug, name in (("baixi", "白溪县"), ("donghe", "东河县")):
                county = await open_county(slug, name, TODAY)
                async with county_session(county):
                    at = await now()
                    made[f"{slug} lost"] = await asked(attempts=6, given_up_at=at, failure="ValueError")
                    made[f"{slug} waits"] = await asked()
            async with county_session(county):
                made["killed"] = await asked(attempts=2, given_up_at=at, deaths=2)
                made["runs"] = await asked(attempts=1, runner=uuid4(), done=3)
        return made

    made = asyncio.run(lived())
    every = typed().splitlines()
    assert len(every) == 6
    assert "安" not in "".join(every), "whose county it is not, need not know them"
    [lost] = [line for line in every if str(made["baixi lost"]) in line]
    slug, _, *rest = lost.split("\t")
    assert [slug, *rest] == ["baixi", "记号", "没有办成", "", "ValueError×6", str(made["baixi lost"])]
    [killed] = [line for line in every if str(made["killed"]) in line]
    assert "\t没有办成\t\t中断 2 次\t" in killed
    [runs] = [line for line in every if str(made["runs"]) in line]
    assert "\t正在办理\t3/?\t\t" in runs
    assert all(line.startswith("donghe\t") for line in typed("donghe").splitlines())
    assert [line.split("\t")[-1] for line in typed("--group", "lost").splitlines()] == [
        str(made[one]) for one in ("baixi lost", "killed", "donghe lost")
    ]
    assert typed("baixi", "--group", "done") == "没有这样的任务。\n"
    assert "没有代号为“nowhere”的县" in typed("nowhere", code=1)
    assert "“3f2a”不是任务的编号" in typed("--cancel", "3f2a", code=1)
    assert "没有找到这项后台任务" in typed("--cancel", uuid4(), code=1)
    assert "没有找到这项后台任务" in typed("baixi", "--cancel", made["donghe waits"], code=1)
    assert typed("--cancel", made["donghe waits"]) == "东河县的“记号”：已要求取消。\n"
    assert "\t正在取消\t" in typed("donghe", "--group", "open")
    assert "没有办成，不用再取消" in typed("--cancel", made["baixi lost"], code=1)
    assert "不能在这里重试" in typed("--again", made["donghe waits"], code=1)
    assert typed("--again", made["baixi lost"]) == "白溪县的“记号”：将再办理一次。\n"
    assert "\t等候\t" in typed("baixi", "--group", "open")
