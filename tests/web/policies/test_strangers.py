"""One county's rogue plugin: its own step is held, another county does not feel it, all processes learn that it is stopped."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from tenants.database.session import county_session, global_session, owner_session
from tenants.policies import plugins, regimes
from tenants.policies.changes import Adopt, Choice
from tenants.policies.service import apply
from tenants.policies.strangers import stamp, trips
from tests.waiting import not_for_long, until_so
from tests.web.conftest import TODAY, Browser, Seeded
from tests.web.policies.seed import case_after, clerk
from tests.web.policies.stranger import POLICY, again, write

CODE = """
import os, time
import dangwu

@dangwu.hookimpl
def dangwu_check(step, case, today):
    {body}
"""
DEEDS = {"sleep": "time.sleep(600)", "loop": "while True: pass", "end": "os._exit(1)"}


async def adopt(county: Seeded, plugin: str) -> None:
    async with county_session(county.id):
        change = Adopt(plugin=plugin, since=date(2026, 1, 1), choice=Choice(basis="县委会议纪要"))
        await apply(clerk(county, "department"), county.units["组织部"].id, change, TODAY)


async def stamped(*names: str) -> None:
    """What bringing an installation up to date does."""
    async with owner_session() as session:
        await stamp.put(session, plugins.strangers())


@pytest.fixture
async def case(county: Seeded, shelf: Path, request: pytest.FixtureRequest) -> UUID:
    return await case_after(
        county, "东街支部", f"甲{abs(hash(request.node.name)) % 10**6}", "applicant-talk", date(2026, 3, 2)
    )


async def stopped(name: str) -> str | None:
    async with global_session() as session:
        found: str | None = await session.fetchval("select tripped from plugin_code where plugin = $1", name)
    return found


@pytest.mark.parametrize("deed", list(DEEDS))
async def test_its_step_is_held_under_its_name_until_it_is_stopped_for_all(
    admin: Browser, county: Seeded, shelf: Path, case: UUID, deed: str
) -> None:
    name = f"rogue-{deed}"
    write(shelf, name, POLICY.replace("某县补充规定", f"{deed} 县办法"), CODE.format(body=DEEDS[deed]))
    await stamped()
    await adopt(county, name)
    others = [
        await case_after(county, "东街支部", f"乙{deed}{number}", "application", date(2026, 3, 2))
        for number in range(3)
    ]
    for one in (case, *others):
        with not_for_long():
            page = await admin.open(f"/cases/{one}")
        assert page.status_code == 200
        assert f"插件“{deed} 县办法”的检查出错" in page.text
    await until_so(partial(stopped, name))
    async with owner_session() as session:
        assert await stamp.reset(session, name)
    again()
    async with global_session():
        await stamp.refresh()
    assert trips.why(name) == ""
    (shelf / f"{name}.py").unlink()
    again()


async def test_two_that_are_stopped_at_once_are_both_written_down(county: Seeded, shelf: Path) -> None:
    for name in ("one", "two"):
        write(shelf, name, POLICY, CODE.format(body="return []"))
    await stamped()
    async with global_session():
        await stamp.refresh()
        for name in ("one", "two"):
            trips.trip(name, "运算超过 0.25 秒")
    for name in ("one", "two"):
        await until_so(partial(stopped, name))
    again()


async def test_another_set_than_the_stamped_one_judges_nothing_and_says_so(
    admin: Browser, county: Seeded, shelf: Path, case: UUID
) -> None:
    write(shelf, "newer", POLICY.replace("某县补充规定", "新 县办法"), CODE.format(body="return []"))
    await stamped()
    await adopt(county, "newer")
    assert "与平台登记的不一致" not in (await admin.open("/")).text
    assert "“新 县办法”的检查出错" not in (await admin.open(f"/cases/{case}")).text
    write(shelf, "newer", POLICY.replace("某县补充规定", "新 县办法"), CODE.format(body="return [] or None"))
    async with global_session():
        await stamp.refresh()
    assert "“新 县办法”自带的程序与平台登记的不一致" in (await admin.open("/")).text
    fresh = await case_after(county, "东街支部", "丙新来", "application", date(2026, 3, 2))
    assert "自带的检查程序已经更换" in (await admin.open(f"/cases/{fresh}")).text
    await stamped()
    regimes.cache.__init__()  # type: ignore[misc]
    assert "与平台登记的不一致" not in (await admin.open("/")).text
