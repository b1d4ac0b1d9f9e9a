"""记录会议: one form with the roll and each person's vote; one press writes the meeting and an act in each case, or nothing."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from litestar import Litestar

from core.database import fetchval
from tenants.database.session import county_session
from tests.web.cases.meeting.seed import PEOPLE, branch
from tests.web.conftest import Browser, Seeded, browser

DAY = date(2026, 11, 20)
PATH = "/cases/meeting"


@pytest.fixture(scope="module")
async def four(county: Seeded) -> dict[str, UUID]:
    """Four people whose admission the branch can decide, six members with a vote, one probationary."""
    async with county_session(county.id):
        return await branch(county)


def form_of(page: str) -> dict[str, Any]:
    """What the form of the meeting says as it stands."""
    form = page[page.index('class="form sheet"') :]
    found: dict[str, Any] = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', form):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and value and not name[1].startswith("_"):
            found.setdefault(name[1], []).append(value[1])
    return found


def filled(page: str, four: dict[str, UUID], votes: dict[str, tuple[int, int]]) -> dict[str, Any]:
    """Everybody there but 党六; these people voted on with (for, against)."""
    ids = {
        name: found
        for found, name in re.findall(r'id="f-roll:([0-9a-f-]{36})"><legend>([^<]+)</legend>', page)
    }
    fields = {
        **form_of(page), "rest": "1", "place": "会议室", "chair": "李桂兰", "minutes": "学习条例",
        f"roll:{ids['党六']}": "absent", f"why:{ids['党六']}": "出差",
        "vote.secret": "1", "vote.one_by_one": "1", "documents.*": ["meeting-minutes", "resolution"],
    }  # fmt: skip
    for name, (in_favour, against) in votes.items():
        at = f"p:{four[name]}:"
        fields |= {
            f"{at}taken": "1", f"{at}vote.for": str(in_favour), f"{at}vote.against": str(against),
            f"{at}vote.presence": ["applicant", "sponsors"],
            f"{at}vote.briefed": ["applicant-report", "sponsors-report", "branch-committee-report"],
        }  # fmt: skip
    return fields


async def written(county: Seeded, case: UUID) -> int:
    """How many records of the meeting's step a case has."""
    async with county_session(county.id):
        return int(
            await fetchval(
                "select count(*) from case_entry where case_id = $1 and step = 'admission-meeting'", case
            )
        )


async def test_the_roll_is_the_registers_and_says_who_has_no_vote(
    secretary: Browser, four: dict[str, UUID]
) -> None:
    page = (await secretary.open(f"{PATH}?day={DAY}")).text
    assert f"{DAY} 应到 6 人，按名册算出" in page
    assert "不计入应到的党员 1 人" in page
    assert re.search(r"<li>预备：[^<]*（[^<]+）</li>", page)
    assert [name for name in PEOPLE if f"<h2>{name}</h2>" in page] == list(PEOPLE)
    assert page.count('name="vote.secret"') == 1  # asked once for all
    assert 'name="vote.eligible"' not in page  # the roll gives it


async def test_one_refused_leaves_everything_unwritten_and_typed(
    secretary: Browser, county: Seeded, four: dict[str, UUID]
) -> None:
    page = (await secretary.open(f"{PATH}?day={DAY}")).text
    fields = filled(page, four, {"会甲": (5, 0), "会乙": (9, 0)})  # nine votes of five present
    answer = await secretary.submit(PATH, **fields)
    assert answer.status_code == 422
    assert "会议和各人的记录都没有写入" in answer.text
    assert "<b>会乙</b>" in answer.text
    assert "<b>会甲</b>" not in answer.text
    assert "票数不合" in answer.text
    assert 'value="9"' in answer.text
    assert 'value="会议室"' in answer.text
    assert [await written(county, four[name]) for name in PEOPLE] == [0, 0, 0, 0]
    async with county_session(county.id):
        assert await fetchval("select count(*) from activity where place = '会议室'") == 0


async def test_who_is_missing_on_the_roll_is_asked_for(secretary: Browser, four: dict[str, UUID]) -> None:
    page = (await secretary.open(f"{PATH}?day={DAY}")).text
    fields = {name: value for name, value in filled(page, four, {}).items() if name != "rest"}
    answer = await secretary.submit(PATH, **fields)
    assert answer.status_code == 422
    assert "请选择党一是否到会。" in answer.text


async def test_four_people_one_failing(secretary: Browser, county: Seeded, four: dict[str, UUID]) -> None:
    page = (await secretary.open(f"{PATH}?day={DAY}")).text
    votes = {"会甲": (5, 0), "会乙": (4, 1), "会丙": (2, 3), "会丁": (5, 0)}
    done = await secretary.submit(PATH, **filled(page, four, votes))
    assert done.status_code == 303, done.text
    shown = (await secretary.open(done.headers["location"])).text
    assert "已记录党员大会，并记入 4 人的档案" in shown
    assert "<dd>6 人</dd>" in shown
    assert "出差" in shown
    for name, case in four.items():
        assert f'href="/cases/{case}/history#s-admission-meeting">{name}</a>' in shown
        history = (await secretary.open(f"/cases/{case}/history")).text
        assert f'href="{done.headers["location"]}">看这次会议</a>' in history
        answer = (await secretary.get(f"/api/v1/cases/{case}")).json()
        [step] = [one for one in answer["steps"] if one["id"] == "admission-meeting"]
        assert step["state"] == ("failed" if name == "会丙" else "done"), (name, step)
    api = (await secretary.get(f"/api/v1{done.headers['location']}")).json()
    assert (api["activity"]["eligible"], api["activity"]["present"], len(api["roll"])) == (6, 5, 6)
    assert {one["person_name"] for one in api["records"]} == set(PEOPLE)
    held = (await secretary.open(f"{done.headers['location']}/withdraw")).text
    assert "表决记在 4 份档案里，会议不能撤销" in held
    assert [one["id"] for one in (await secretary.get("/api/v1/activities")).json()["items"]] == [
        api["activity"]["id"]
    ]


async def test_a_mistyped_date_is_put_right_for_everybody_at_once(
    secretary: Browser, county: Seeded, four: dict[str, UUID]
) -> None:
    [held] = [
        one for one in (await secretary.get("/api/v1/activities")).json()["items"] if one["place"] == "会议室"
    ]
    at = f"/activities/{held['id']}"
    page = (await secretary.open(f"{at}/correct")).text
    [away] = re.findall(r'id="f-roll:([0-9a-f-]{36})"><legend>党六</legend>', page)
    fields = {**form_of(page), "day": "2026-11-19", "acts": "1"}
    fields |= {"rest": "1", "kind": "branch-meeting", "place": "会议室", "reason": "日期抄错了"}
    fields |= {f"roll:{away}": "absent", f"why:{away}": "出差"}
    early = await secretary.submit(f"{at}/correct", **{**fields, "day": "2026-11-01"})
    assert "会甲的“支部大会讨论接收预备党员”记录</b>不能这样改" in early.text
    assert "只更正会议" in early.text
    shown = await secretary.submit(f"{at}/correct", **fields)
    assert shown.text.count("记录</b>一起更正。") == 4, shown.text
    mark = re.search(r'name="shown" value="([0-9a-f]+)"', shown.text)
    assert mark is not None
    done = await secretary.submit(f"{at}/correct", **{**fields, "shown": mark[1]})
    assert done.status_code == 303, done.text
    for case in four.values():
        answer = (await secretary.get(f"/api/v1/cases/{case}")).json()
        corrections = [one for one in answer["entries"] if one["kind"] == "correction"]
        assert [(one["day"], one["note"]) for one in corrections] == [("2026-11-19", "日期抄错了")]
    packed = await secretary.open(f"{at}/papers")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as files:
        assert {name.partition("-")[0] for name in files.namelist()} == {*PEOPLE}


async def test_the_same_vote_once_more_is_confirmed_for_its_person(
    secretary: Browser, county: Seeded, four: dict[str, UUID]
) -> None:
    page, failed = (await secretary.open(f"{PATH}?day=2026-11-19")).text, four["会丙"]
    fields, again, before = (
        filled(page, four, {"会丙": (2, 3)}),
        f"p:{failed}:again",
        await written(county, failed),
    )
    asked = await secretary.submit(PATH, **fields)
    assert (asked.status_code, await written(county, failed)) == (422, before)
    assert "已经有一条内容完全相同的记录" in asked.text
    assert f'name="{again}"' in asked.text
    done = await secretary.submit(PATH, **fields, **{again: "1"})
    assert (done.status_code, await written(county, failed)) == (303, before + 1), done.text


async def test_a_meeting_without_anybody_to_decide_on_is_recorded_too(
    app: Litestar, county: Seeded, four: dict[str, UUID]
) -> None:
    async with browser(app) as made:
        await made.sign_in(county, "committee-secretary")
        page = (await made.open(PATH)).text
        assert "党委会会议" in page
        typed = {**form_of(page), "eligible": "7", "_csrf_token": made.token}
        sheet = [("attachments", ("签到表.pdf", b"%PDF-1.7\n%%EOF\n", "application/pdf"))]
        answer = await made.post(PATH, data={**typed, "present": "9"}, files=sheet)
        assert answer.status_code == 422
        assert "人数不符" in answer.text
        held = re.search(r'name="held" value="([^"]+)" checked', answer.text)
        assert held is not None, "the file stays with the form that was refused"
        answer = await made.submit(PATH, **typed, present="6", held=held[1])
        assert answer.status_code == 303, answer.text
        assert "签到表.pdf" in (await made.open(answer.headers["location"])).text


async def test_who_records_no_meetings_is_told_who_does(admin: Browser) -> None:
    answer = await admin.open(PATH)
    assert answer.status_code == 403
    assert "党员大会由党支部记录" in answer.text
