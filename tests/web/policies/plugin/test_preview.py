"""A preview over more cases than are judged at once: the worker goes on, the page shows how far it is."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from litestar import Litestar

from tenants.accounts.access import actor_for
from tenants.database.session import county_session
from tenants.policies.changes import Adopt
from tenants.policies.preview import stored
from tenants.policies.preview.found import MOST_LISTED
from tenants.policies.preview.preview import preview
from tenants.policies.preview.stored import AT_ONCE, forget_old_previews, preview_part
from tenants.queue.run import MOST_ATTEMPTS
from tests.tenants.policies.many_cases import plant_cases
from tests.web.conftest import TODAY, Browser, Seeded, browser
from tests.web.policies.forms import confirm, open_form, send
from tests.web.working import work

CASES = AT_ONCE + 120


@pytest.fixture(scope="module")
async def cases(county: Seeded) -> int:
    """More cases than are judged at once, in one branch."""
    branch = county.units["东街支部"]
    async with county_session(county.id):
        await plant_cases(branch.id, branch.path, CASES, date(2024, 3, 1), TODAY)
    return CASES


async def asked(admin: Browser, county: Seeded) -> str:
    """The address of the page of a preview that has been asked for."""
    fields = await open_form(admin, "yakeshi", county.units["组织部"].id)
    answer = await send(admin, "/policies/yakeshi/preview", fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def both_halves(county: Seeded) -> None:
    """What is left, in two processes as it were: one goes through each half, part by part."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored, "PART", 25)
        while any(await asyncio.gather(work(county, preview_part), work(county, preview_part))):
            pass


async def test_the_figures_come_part_by_part_and_are_those_of_all_cases(
    admin: Browser, county: Seeded, cases: int
) -> None:
    address = await asked(admin, county)
    begun = (await admin.open(address)).text
    assert f"在办事项共 {cases} 件，已经核算 0 件" in begun
    assert "接收预备党员公示" in begun
    assert "确认启用" not in begun
    assert await work(county, preview_part)
    assert f"已经核算 {AT_ONCE} 件" in (await admin.open(address)).text
    await both_halves(county)
    done = await admin.open(address)
    async with county_session(county.id):
        who = (await actor_for(county.accounts["department-admin"], TODAY)).actor
        change = Adopt(plugin="yakeshi", since=TODAY)
        told = (await preview(who, county.units["组织部"].id, change, TODAY)).preview.cases
    assert told.under_way == cases > told.affected > told.held > 0
    assert f"受影响 <b>{told.affected}</b>件" in done.text
    assert f"其中暂不能往下办 <b>{told.held}</b>件" in done.text
    for effect, count in told.counts.items():
        assert not count or f"<b>{count}</b> 件" in done.text, effect
    assert done.text.count('<th class="nowrap"><a href="/cases/') == sum(
        min(count, MOST_LISTED) for count in told.counts.values()
    )
    assert len(done.content) < 100 * 1024
    assert (await confirm(admin, "yakeshi", done)).status_code == 303


async def test_a_preview_is_read_by_whoever_asked_for_it_and_by_nobody_else(
    app: Litestar, admin: Browser, county: Seeded, cases: int
) -> None:
    address = await asked(admin, county)
    async with browser(app) as other:
        await other.sign_in(county, "department-organizer")
        assert (await other.open(address)).status_code == 404
    async with county_session(county.id) as session:
        await forget_old_previews(session)
    assert (await admin.open(address)).status_code == 200
    while await work(county, preview_part):
        pass


async def test_the_api_tells_how_far_it_is(admin: Browser, county: Seeded, cases: int) -> None:
    change = {"type": "adopt", "plugin": "songyuan", "since": "2026-11-21"}
    body = {"unit_id": str(county.units["组织部"].id), "change": change}
    headers = {"x-csrftoken": admin.token}
    told = (await admin.post("/api/v1/policies/preview", json=body, headers=headers)).json()
    assert (told["state"], told["total"], told["preview"]["cases"]["under_way"]) == ("running", cases, 0)
    while await work(county, preview_part):
        pass
    told = (await admin.get(f"/api/v1/policies/preview/{told['id']}")).json()
    assert (told["state"], told["preview"]["cases"]["under_way"]) == ("done", cases)


@pytest.mark.parametrize(("how", "said"), [("attempts", "多次出错"), ("cancelled", "已被取消")])
async def test_a_preview_that_the_worker_gave_up_says_so(
    how: str, said: str, admin: Browser, county: Seeded, cases: int
) -> None:
    address = await asked(admin, county)
    if how == "attempts":
        async with county_session(county.id) as session:
            await session.execute(
                "insert into task_run (message_id, task, attempts) select (message -> 'kwargs' ->> 'run_id')::uuid, $1, $2"
                " from outbox where sent_at is null and message ->> 'actor_name' = $1",
                preview_part.actor_name, MOST_ATTEMPTS,
            )  # fmt: skip
    else:
        jobs = (await admin.get("/api/v1/jobs")).json()["items"]
        job = next(one["id"] for one in jobs if (one["title"], one["state"]) == ("预览政策改动", "waiting"))
        headers = {"x-csrftoken": admin.token}
        assert (await admin.post(f"/api/v1/jobs/{job}/cancel", headers=headers)).status_code == 200
    while await work(county, preview_part):
        pass
    text = (await admin.open(address)).text
    assert "没有核算完" in text
    assert said in text
    assert "确认启用" not in text
