"""What is kept of a unit beside its name: terms, papers, who takes part in a temporary branch; who may, and what cannot be."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import pytest

from core.organisation.service import UnitDraft, create
from core.register.model import PersonDraft
from core.register.rights.spans import SpanDraft, add_span
from core.register.service import enter
from tenants.database.session import county_session
from tests.web.conftest import TODAY, Browser, Seeded, everything
from tests.web.other_county import PDF
from tests.web.test_attacks import call

SOON, OVER, LATER = (date(2024, 1, 10), date(2023, 1, 10), date(2026, 1, 10))
"""Elections of a branch, which is elected for three years."""


async def unit(county: Seeded, name: str, kind: str = "branch", **more: object) -> UUID:
    """A new one below the first committee."""
    async with county_session(county.id):
        draft = UnitDraft(kind=kind, name=name, **more)  # type: ignore[arg-type]
        return (await create(everything(), county.units["城关镇党委"].id, draft, TODAY)).id


async def test_whose_term_ends_is_told_with_how_soon_and_nobody_else_is(
    admin: Browser, secretary: Browser, county: Seeded
) -> None:
    """Over, soon, never entered, and not yet; the same by the API, and only for the units that somebody sees."""
    for name, since in (("甲支部", OVER), ("乙支部", SOON), ("丙支部", LATER), ("丁支部", None)):
        at = f"/units/{await unit(county, f'任期{name}')}/terms"
        await admin.open(at)
        if since:
            answer = await admin.submit(at, since=since.isoformat(), basis="换届批复")
            assert answer.status_code == 303, answer.text
    page = (await admin.open("/units/terms")).text
    said = {
        name: re.sub(r"<[^>]+>|\\s", "", cell)
        for name, cell in re.findall(
            r"/terms\">任期([^<]+)</a></th>.*?<td class=\"nowrap\">(.*?)</td>", page, re.S
        )
    }
    assert "已过 315 天" in said["甲支部"]
    assert "已满" in said["甲支部"]
    assert "将满" in said["乙支部"]
    assert "还有 50 天" in said["乙支部"]
    assert "没有登记" in said["丁支部"]
    assert "丙支部" not in said
    told = {one["name"]: one["until"] for one in (await admin.get("/api/v1/units/terms")).json()["items"]}
    assert {name: told[f"任期{name}"] for name in said if f"任期{name}" in told} == {
        "甲支部": "2026-01-10", "乙支部": "2027-01-10", "丁支部": None,
    }  # fmt: skip
    mine = (await secretary.open("/units/terms")).text
    assert "任期甲支部" not in mine


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"since": ""}, "since", "请填写选举产生的日期。"),
        ({"since": "2026-11-22"}, "since", "不能晚于今天"),
        ({"since": "2026-02-30"}, "since", "不是一个日期"),
        ({"since": "2024-06-01"}, "since", "上一届是 2024-06-01 产生的，这一届应当在那以后。"),
        ({"basis": ""}, "basis", "请填写批准选举结果的文件。"),
        ({"basis": "批" * 121}, "basis", "最多 120 个字"),
        ({"until": "2026-10-01"}, "until", "请填 2026-10-01 以后至 2030-10-01 的日期。"),
        ({"until": "2030-10-02"}, "until", "延期一般不超过 12 个月"),
        ({"until": "无"}, "until", "不是一个日期"),
    ],
)
async def test_a_term_that_cannot_be_is_not_entered(
    admin: Browser, county: Seeded, wrong: dict[str, str], field: str, said: str
) -> None:
    at = f"/units/{county.units['东街支部'].id}/terms"
    await admin.open(at)
    if "2024-06-01" not in (await admin.open(at)).text:
        assert (await admin.submit(at, since="2024-06-01", basis="批复一")).status_code == 303
    typed = {"since": "2026-10-01", "basis": "批复二", **wrong}
    answer = await admin.submit(at, **typed)
    assert answer.status_code == 422
    assert said in re.findall(rf'id="e-{field}">([^<]+)', answer.text)[0]
    assert all(f'value="{text}"' in answer.text for text in typed.values())
    assert "批复二" not in re.findall(r"<td>([^<]*)</td>", answer.text)
    body = {name: text for name, text in typed.items() if text}
    api = await call(admin, "POST", at, body)
    assert api.status_code in (400, 422)
    items = (await admin.get(f"/api/v1{at}")).json()["items"]
    assert [one["since"] for one in items] == ["2024-06-01"]


async def test_who_holds_a_post_there_is_read_beside_the_terms_and_a_group_has_none(
    admin: Browser, organizer: Browser, secretary: Browser, county: Seeded
) -> None:
    branch = await unit(county, "任职支部")
    async with county_session(county.id):
        member = PersonDraft(
            name="任职人", membership="full", joined=date(2010, 7, 1), converted=date(2011, 7, 1)
        )
        person = await enter(everything(), branch, member, TODAY)
        post = SpanDraft(word="branch-secretary", since=date(2024, 3, 1), unit_id=branch)
        await add_span(everything(), person, "post", post, TODAY)
        group = (await create(everything(), branch, UnitDraft(kind="group", name="任职小组"), TODAY)).id
    page = (await organizer.open(f"/units/{branch}/terms")).text
    assert f'<a href="/people/{person}">任职人</a> 党支部书记，自 2024-03-01' in page
    assert "还没有登记任期" in page
    await admin.open(f"/units/{group}/terms")
    none = await admin.submit(f"/units/{group}/terms", since="2026-01-05", basis="x")
    assert (none.status_code, "没有选举产生、有任期的委员会" in none.text) == (409, True)
    assert "登记新一届" not in (await admin.open(f"/units/{group}/terms")).text
    assert "现任职务" in page
    old = await unit(county, "两届支部")
    for since in ("2020-05-01", "2023-05-01"):
        await admin.open(f"/units/{old}/terms")
        assert (
            await admin.submit(f"/units/{old}/terms", since=since, basis=f"批复{since}")
        ).status_code == 303
    both = (await admin.open(f"/units/{old}/terms")).text
    assert both.count("登记有误，撤销") == 2
    assert both.count("（已过 ") == 1, "how long ago is said of the present term alone"
    looking = (await secretary.open(f"/units/{county.units['东街支部'].id}/terms")).text
    assert "历届" in looking
    assert "登记有误" not in looking
    assert "登记新一届" not in looking
    await admin.open(f"/units/{old}/terms")
    assert (
        await call(admin, "POST", f"/units/{old}/dissolve", {"version": 0, "day": "2026-11-20"})
    ).status_code == 200
    late = await admin.submit(f"/units/{old}/terms", since="2026-05-01", basis="x")
    assert (late.status_code, "已经撤销" in late.text or "已于 2026-11-20 撤销" in late.text) == (409, True)


async def test_a_temporary_branch_is_told_of_until_its_task_is_over(admin: Browser, county: Seeded) -> None:
    for name, days in (("到期", -3), ("将到期", 10), ("远", 300)):
        await unit(
            county,
            f"防汛{name}临时党支部",
            "temporary-branch",
            task=f"防汛任务{name}",
            until=TODAY + timedelta(days=days),
        )
    page = (await admin.open("/units/terms")).text
    lines = {
        name: re.sub(r"\s+", " ", text)
        for name, text in re.findall(r">防汛([^<]+)临时党支部</a>(.*?)</li>", page, re.S)
    }
    assert "任务应已结束，请办理撤销或者更正日期" in lines["到期"]
    assert "2026-11-18" in lines["到期"]
    assert "将结束" in lines["将到期"]
    assert "还有 10 天" in lines["将到期"]
    assert "防汛任务将到期" in lines["将到期"]
    assert "远" not in lines
    told = (await admin.get("/api/v1/units/terms")).json()["temporary"]
    assert sorted(one["name"] for one in told) == ["防汛到期临时党支部", "防汛将到期临时党支部"]


async def test_guests_come_and_go_by_page_and_api_and_the_branch_says_when_all_have_left(
    admin: Browser, county: Seeded
) -> None:
    branch = await unit(county, "抗旱临时党支部", "temporary-branch", task="抗旱", until=date(2026, 12, 31))
    async with county_session(county.id):
        draft = PersonDraft(
            name="抗旱人", membership="full", joined=date(2010, 7, 1), converted=date(2011, 7, 1)
        )
        person = await enter(everything(), county.units["东街支部"].id, draft, TODAY)
    at = f"/units/{branch}/guests"
    page = (await admin.open(at)).text
    assert "目前还没有" in page
    assert "还没有党员编入。" in (await admin.open(f"/units/{branch}")).text
    for day, status in (("2026-11-22", 422), ("2026-11-05", 201)):
        answer = await call(admin, "POST", at, {"people": [str(person)], "day": day})
        assert answer.status_code == status, answer.text
    [guest] = answer.json()["items"]
    assert (guest["name"], guest["home"], guest["since"], guest["ended"]) == (
        "抗旱人",
        "东街支部",
        "2026-11-05",
        None,
    )
    shown = (await admin.open(f"/units/{branch}")).text
    assert "正式党员，组织关系在东街支部，2026-11-05 编入" in shown
    end = f"{at}/{guest['id']}/end"
    for day, said in (
        ("2026-11-04", "早于编入日期"),
        ("2026-11-23", "不能晚于今天"),
        ("11月", "不是一个日期"),
        ("", "请填写退出日期"),
    ):
        await admin.open(at)
        answer = await admin.submit(end, day=day)
        assert answer.status_code == 422
        assert said in re.findall(r'id="e-day">([^<]+)', answer.text)[0]
        assert f'name="day" value="{day}"' in answer.text
        assert "抗旱人" in answer.text
    assert (await call(admin, "POST", end, {"day": "2026-11-20"})).status_code == 204
    again = await call(admin, "POST", end, {"day": "2026-11-20"})
    assert (again.status_code, "已于 2026-11-20 登记退出" in again.json()["sentence"]) == (409, True)
    assert "编入的都已退出。" in (await admin.open(f"/units/{branch}")).text
    assert "2026-11-20" in (await admin.open(at)).text
    other = await admin.open(f"/units/{county.units['东街支部'].id}/guests")
    assert (other.status_code, "这里不是临时党支部" in other.text) == (404, True)


async def test_papers_are_added_all_or_none_and_taken_away_by_who_may(
    admin: Browser, secretary: Browser, county: Seeded
) -> None:
    at = f"/units/{county.units['东街支部'].id}/papers"
    page = (await admin.open(at)).text
    assert "还没有文件" in page
    nothing = await admin.submit(at)
    assert (nothing.status_code, "请选择文件。" in nothing.text) == (422, True)
    files = [("attachments", ("批复.pdf", PDF)), ("attachments", ("程序.exe", b"MZ"))]
    bad = await admin.post(at, data={"_csrf_token": admin.token}, files=files)
    assert bad.status_code == 422
    assert "有的文件没有收下，都还没有添加。" in bad.text
    assert "程序.exe" in re.findall(r'id="e-attachments">([^<]+)', bad.text)[0]
    assert 'class="files"' not in bad.text
    held = re.findall(r'name="held" value="([^"]+)" checked', bad.text)
    assert len(held) == 1, "the one that is in order need not be sent again"
    await admin.open(at)
    done = await admin.submit(at, held=held)
    assert done.status_code == 303, done.text
    assert "已添加 1 个文件。" in (await admin.open(at)).text
    listed = (await admin.get(f"/api/v1{at}")).json()["items"]
    assert [one["name"] for one in listed] == ["批复.pdf"]
    looking = (await secretary.open(at)).text
    assert "批复.pdf" in looking
    assert "移除" not in looking
    assert 'type="file"' not in looking
    two = await admin.post(
        f"/api/v1{at}",
        files=[("file", ("一.pdf", PDF)), ("file", ("二.pdf", PDF))],
        headers={"x-csrftoken": admin.token},
    )
    assert (two.status_code, "发送一个文件" in two.json()["sentence"]) == (422, True)
