"""A new text of the floor: what had begun is finished under its own rules; an error of ours is put right once it is signed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from uuid import UUID

import pytest

import dangwu_national
from core.casework.standing.sweep import recompute, running_below
from core.database import fetch
from core.errors import Conflict, Invalid
from tenants.database.session import county_session
from tenants.policies import corrections, floors, plugins, regimes, texts
from tenants.policies.regimes import regime_of_path
from tenants.policies.settle import settle
from tests.floor import keep_none
from tests.web.conftest import TODAY, Browser, Seeded
from tests.web.policies.seed import case_after, do

FIRST = plugins.installed().texts["national"]
NOTICE = 'notice: {workdays: 5, places: ["workplace|residence|outflow|inflow"]}'
LONGER = NOTICE.replace("5", "10")
STRICTER = FIRST.replace(NOTICE, LONGER)
CORRECTED = FIRST.replace(NOTICE, f"{LONGER}\n    corrects: 原先把十个工作日误写成五个")
Install = Callable[[str], None]


@pytest.fixture
async def install(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Install]:
    """Upgrade the package of the floor: this process begins anew with another text."""

    def upgrade(text: str) -> None:
        monkeypatch.setattr(dangwu_national, "dangwu_policy", lambda: text, raising=False)
        again()

    assert STRICTER != FIRST
    yield upgrade
    monkeypatch.undo()
    await keep_none()
    again()


def again() -> None:
    """As a process that has just started."""
    plugins.installed.cache_clear()
    regimes.cache.__init__()  # type: ignore[misc]
    texts._read.clear()
    floors._Present.stamp, floors._Present.floor = "", None


async def standing(county: Seeded, day: date) -> dict[UUID, tuple[object, ...]]:
    """How the cases stand, judged anew on a day."""
    async with county_session(county.id):
        await recompute(await running_below("/"), day, regime_of_path)
        rows = await fetch("select id, open_steps, open_states, waiting_until, reasons from case_file")
        return {row["id"]: tuple(row.values())[1:] for row in rows}


async def notice_on(admin: Browser, day: date) -> list[str]:
    """What is asked of the notice on a day."""
    answer = (await admin.get("/api/v1/policies/effective", params={"day": day.isoformat()})).json()
    steps = [step for stage in answer["stages"] for step in stage["steps"] if step["id"] == "prospect-notice"]
    return [part["text"] for step in steps for facet in step["facets"] for part in facet["parts"]]


async def test_a_new_floor_holds_for_what_begins_and_its_corrections_once_signed(
    admin: Browser, county: Seeded, install: Install
) -> None:
    await keep_none()
    await settle(TODAY)  # the texts are kept; another test of this database may have done so before
    assert await settle(TODAY) == []
    posted = await case_after(county, "东街支部", "孙已示", "prospect-consent", date(2026, 11, 2))
    await do(county, posted, "prospect-notice", date(2026, 11, 18))
    before = await standing(county, TODAY)
    page = (await admin.open(f"/cases/{posted}")).text
    install(STRICTER)
    tomorrow = TODAY + timedelta(days=1)
    assert any(f"新文本自 {tomorrow} 起执行" in said for said in await settle(TODAY))
    assert await standing(county, TODAY) == before
    assert without_token((await admin.open(f"/cases/{posted}")).text) == without_token(page)
    assert "公示不少于 5 个工作日" in await notice_on(admin, TODAY)
    assert "公示不少于 10 个工作日" in await notice_on(admin, tomorrow)
    after_five = (await standing(county, date(2026, 11, 26)))[posted]
    assert "prospect-notice" not in after_five[0], "what was posted before runs out as it was asked for"  # type: ignore[operator]
    # The same change, said to be a correction: nothing more until it is signed.
    install(CORRECTED)
    assert len(await settle(TODAY)) == 2
    assert await standing(county, TODAY) == before
    [(line, [rule])] = await corrections.pending()
    assert rule.corrects == "原先把十个工作日误写成五个"
    found = {one.slug: changes for one, changes in await corrections.preview(line, TODAY)}
    assert (found["donghe"].under_way, found["donghe"].affected) == (1, 1)
    assert await standing(county, TODAY) == before, "a preview changes nothing"
    with pytest.raises(Invalid, match="更正要有人签名"):
        await corrections.sign(line, " ", TODAY)
    await corrections.sign(line, "王秀兰", TODAY)
    with pytest.raises(Conflict, match="已经签过"):
        await corrections.sign(line, "王秀兰", TODAY)
    assert await corrections.pending() == []
    assert "公示不少于 10 个工作日" in await notice_on(admin, TODAY)
    now = (await standing(county, date(2026, 11, 26)))[posted]
    assert "prospect-notice" in now[0]  # type: ignore[operator]
    shown = (await admin.open("/policies/national")).text
    assert "原先把十个工作日误写成五个，王秀兰于" in shown


def without_token(page: str) -> str:
    """A page but for what every answer has of its own."""
    return "\n".join(line for line in page.splitlines() if "_csrf_token" not in line)
