"""后台任务 on its page: in which state each is, how far, what can be done about it, and that what is done leads back."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from litestar import Litestar

from tenants.database.session import county_session, current_session
from tests.tenants.queue.test_jobs import asked
from tests.web.conftest import Browser, Seeded
from tests.web.test_attacks import call
from web.kit.paging import encode_key

ROWS = {
    "waiting": ("等候", "", ""),
    "running": ("正在办理", "100 项中的 3 项", ""),
    "counting": ("正在办理", "3 项", ""),
    "begun": ("正在办理", "共 100 项", ""),
    "trying": ("出错，等候重试", "", "第 2 次出错（ValueError）"),
    "stopping": ("正在取消", "", "由丙取消"),
    "done": ("已完成", "", "共 3 人"),
    "lost": ("没有办成", "", "试了 6 次都出错（ValueError）"),
    "killed": ("没有办成", "", "两次使后台程序意外中断，已搁置，请告诉运行维护人员"),
    "cancelled": ("已取消", "", "由丙取消"),
}
"""Of each: its state, how far it is, what came of it, as a line says it."""


@pytest.fixture(scope="module")
async def made(app: Litestar, county: Seeded) -> dict[str, UUID]:
    """A job of each state, asked for by the department's organizer."""
    whom = (county.accounts["department-organizer"], "组织部组织员")
    async with county_session(county.id) as session:
        at, runner = await session.fetchval("select now()"), uuid4()
        found = {
            "waiting": await asked(whom),
            "running": await asked(whom, attempts=1, runner=runner, done=3, total=100),
            "counting": await asked(whom, attempts=1, runner=runner, done=3),
            "begun": await asked(whom, attempts=1, runner=runner, total=100),
            "trying": await asked(whom, attempts=2, failure="ValueError"),
            "stopping": await asked(whom, attempts=1, runner=runner),
            "done": await asked(whom, attempts=1, finished_at=at, result="共 3 人"),
            "lost": await asked(whom, attempts=6, given_up_at=at, failure="ValueError"),
            "killed": await asked(whom, attempts=2, given_up_at=at, deaths=2),
            "cancelled": await asked(whom, attempts=1, given_up_at=at),
        }
        for state in ("stopping", "cancelled"):
            await session.execute(
                "update outbox set cancelled_at = now(), cancelled_by = '丙' where run_id = $1", found[state]
            )
    return found


def lines(page: str) -> list[tuple[str, str, str, str]]:
    """State, progress, who, result of each line."""
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in page.split("<tr>")[2:]]
    plain = [[re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in rows]
    return [(row[1].lstrip("✓–●◔✗○"), row[2], row[3], row[4]) for row in plain if len(row) > 4]


async def test_each_is_told_by_its_state_and_offers_what_can_be_done(
    organizer: Browser, admin: Browser, made: dict[str, UUID]
) -> None:
    page = (await admin.open("/jobs")).text
    assert "全县的任务" in page
    assert "您提出的任务" in (await organizer.open("/jobs")).text
    found = lines(page)
    assert len(found) == len(ROWS)
    for (state, progress, who, result), (said, far, told) in zip(found, reversed(ROWS.values()), strict=True):
        assert (state, progress) == (said, far)
        assert who.startswith("组织部组织员，2026-")
        assert result.startswith(told), (state, result)
    assert 'hx-trigger="load delay:2s"' in page, "it is looked at again while one is under way"
    stops, tries = (re.findall(rf"/jobs/([0-9a-f-]+)/{act}", page) for act in ("cancel", "again"))
    assert {*stops} == {str(made[one]) for one in ("waiting", "running", "counting", "begun", "trying")}
    assert {*tries} == {str(made[one]) for one in ("lost", "killed")}


async def test_a_group_shows_its_own_over_its_pages_and_the_api_the_same(
    organizer: Browser, secretary: Browser, made: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    groups = {
        "": [*ROWS],
        "open": ["waiting", "running", "counting", "begun", "trying", "stopping"],
        "lost": ["lost", "killed", "cancelled"],
        "done": ["done"],
    }
    for group, states in groups.items():
        wanted = [str(made[one]) for one in reversed(states)]
        told = (await organizer.get(f"/api/v1/jobs?group={group}")).json()
        assert [one["id"] for one in told["items"]] == wanted, group
        page = (await organizer.open(f"/jobs?group={group}")).text
        assert [one[0] for one in lines(page)] == [ROWS[one][0] for one in reversed(states)]
        assert ('hx-trigger="load delay:2s"' in page) == (group in ("", "open"))
        assert f'hx-get="/jobs{f"?group={group}" if group else ""}"' in page or group in ("lost", "done")
    assert "目前没有这一类的任务" in (await secretary.open("/jobs?group=lost")).text
    wrong = await secretary.open("/jobs?group=all")
    assert (wrong.status_code, "没有这一类任务" in wrong.text) == (422, True)
    before = (await organizer.get("/api/v1/jobs")).json()["items"][2]["id"]
    behind = (await organizer.get("/api/v1/jobs", params={"after": encode_key((before,))})).json()
    assert [one["id"] for one in behind["items"]] == [str(made[one]) for one in [*ROWS][::-1][3:]]
    later = (await organizer.open(f"/jobs?after={encode_key((before,))}")).text
    assert "hx-trigger" not in later.split('id="jobs"')[1][:200], "a page behind is not asked for again"


async def test_one_is_stopped_or_tried_again_by_page_and_api_and_an_end_is_an_end(
    organizer: Browser, secretary: Browser, county: Seeded, made: dict[str, UUID]
) -> None:
    await organizer.open("/jobs")
    stopped = await organizer.submit(f"/jobs/{made['trying']}/cancel")
    assert stopped.headers["location"] == "/jobs"
    assert "已要求取消“记号”：没有开始的不再开始" in (await organizer.open("/jobs")).text
    answer = await call(organizer, "POST", f"/jobs/{made['waiting']}/cancel")
    assert (answer.status_code, answer.json()["state"], answer.json()["cancelled_by"]) == (
        200,
        "stopping",
        "组织部组织员",
    )
    again = await call(organizer, "POST", f"/jobs/{made['lost']}/again")
    assert (again.status_code, again.json()["state"], again.json()["attempts"]) == (200, "waiting", 0)
    await organizer.open("/jobs")
    assert (await organizer.submit(f"/jobs/{made['killed']}/again")).status_code == 303
    assert "“记号”将再办理一次。" in (await organizer.open("/jobs")).text
    for state, act, said in (
        ("done", "cancel", "已完成，不用再取消"), ("cancelled", "cancel", "已取消，不用再取消"),
        ("done", "again", "这项任务不能在这里重试"), ("cancelled", "again", "这项任务不能在这里重试"),
    ):  # fmt: skip
        page = await organizer.submit(f"/jobs/{made[state]}/{act}")
        assert (page.status_code, said in page.text) == (409, True), (state, act)
        api = await call(organizer, "POST", f"/jobs/{made[state]}/{act}")
        assert (api.status_code, said in api.json()["sentence"]) == (409, True)
        others = await call(secretary, "POST", f"/jobs/{made[state]}/{act}")
        assert others.status_code == 404, "what another has asked for"
    async with county_session(county.id):
        states = await current_session().fetch("select run_id from outbox where cancelled_at is not null")
    assert {row[0] for row in states} == {made[one] for one in ("trying", "waiting", "stopping", "cancelled")}
