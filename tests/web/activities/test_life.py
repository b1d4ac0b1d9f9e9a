"""An activity from its record to its end: by page and API alike; what cannot be is refused with its sentence."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from litestar import Litestar

from core.activities.attendance import attendance
from core.activities.queries import activities
from core.activities.roll import roll_of
from core.database import fetchval
from core.ledger.origin import come_from
from core.organisation.model import UnitView
from core.organisation.service import UnitDraft, create
from core.register.carry import move_people
from tenants.database.session import county_session
from tenants.exports.make import make_export
from tests.web.cases.meeting.seed import branch
from tests.web.conftest import ELSEWHERE, Browser, Seeded, browser, everything
from tests.web.forms import Read
from tests.web.working import work
from web.kit.paging import encode_key

API = "/api/v1/activities"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)
"""One point."""


@pytest.fixture(scope="module")
async def people(county: Seeded) -> dict[str, UUID]:
    """Six members with a vote at the branch, and one without a vote yet, who is taught with them."""
    async with county_session(county.id):
        await branch(county)
    return county.people


def draft(county: Seeded, **more: object) -> dict[str, Any]:
    """A lecture of the branch as the API takes it."""
    unit = str(county.units["东街支部"].id)
    return {"kind": "lecture", "unit_id": unit, "day": "2026-11-10", **more}


async def post(reader: Browser, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Record one by the API: status and answer."""
    answer = await reader.post(API, json=body, headers={"x-csrftoken": reader.cookies["csrftoken"]})
    return answer.status_code, answer.json()


async def test_the_api_records_what_the_page_does_once(
    secretary: Browser, county: Seeded, people: dict[str, UUID]
) -> None:
    """However often a program sends the same that has heard no answer."""
    sent = draft(
        county, hours=1.5, themes=["party-purpose"], agenda="一、学习\n二、讨论", minutes="第一段\n第二段"
    )
    answers = await asyncio.gather(*(post(secretary, sent) for _ in range(3)))
    [made] = [answer for status, answer in answers if status == 201]
    assert [answer["code"] for status, answer in answers if status == 409] == ["twice", "twice"]
    assert (made["eligible"], made["present"]) == (7, 7), made
    page = (await secretary.open(f"/activities/{made['id']}")).text
    for said in ("<dd>1.5</dd>", "党的宗旨教育", "一、学习\n二、讨论", "第一段\n第二段"):
        assert said in page


def typed(page: str) -> dict[str, Any]:
    """What the form of a correction sends as it stands."""
    form = page[page.index('class="form sheet"') :]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = (re.search(rf' {key}="([^"]*)"', tag) for key in ("name", "value"))
        box = re.search(r'type="(radio|checkbox)"', tag)
        if name and value and not name[1].startswith("_") and (not box or " checked" in tag):
            found.setdefault(name[1], []).append(value[1])
    kind = re.search(r'<option value="([^"]*)" selected', form)
    return {**found, "kind": kind[1] if kind else ""}


async def test_a_correction_says_what_it_takes_away_and_keeps_what_was(
    secretary: Browser, county: Seeded, people: dict[str, UUID]
) -> None:
    unit = county.units["东街支部"]
    for day in ("2026-07-05", "2026-10-08"):
        status, made = await post(
            secretary, draft(county, kind="party-day", day=day, hours=2, place="大会议室")
        )
        assert status == 201, made
    at = f"/activities/{made['id']}"
    assert await states(secretary, unit, "party-day", "2026-10-31") == "discharged"
    assert await secretary.restored(f"{at}/correct", "reason")
    page = (await secretary.open(f"{at}/correct")).text
    fields = {**typed(page), "day": "2026-11-08", "hours": "3", "reason": "日期抄错了"}
    shown = await secretary.submit(f"{at}/correct", **fields)
    assert shown.status_code == 200
    assert "2026-10-31 到期：不再算已办，成为“逾期未办”" in shown.text
    assert "2026-11-30 到期：算已办" in shown.text
    assert await states(secretary, unit, "party-day", "2026-10-31") == "discharged", "only shown yet"
    done = await secretary.submit(f"{at}/correct", **{**typed(shown.text), "reason": "日期抄错了"})
    assert done.status_code == 303, done.text
    page = (await secretary.open(at)).text
    assert "日期抄错了" in page
    assert 'data-label="原来">2026-10-08</td>' in page
    assert "大会议室" in page
    assert await states(secretary, unit, "party-day", "2026-10-31") == "missed"

    assert await secretary.restored(f"{at}/withdraw", "reason")
    stale = await secretary.submit(f"{at}/withdraw", reason="没有开", version="1")
    assert (stale.status_code, "别人改过" in stale.text) == (409, True)
    bare = await secretary.submit(f"{at}/withdraw", reason="", version="2")
    assert (bare.status_code, "请填写撤销的原因" in bare.text) == (422, True)
    gone = await secretary.submit(f"{at}/withdraw", reason="没有开", version="2")
    assert gone.status_code == 303
    assert "已经撤销" in (await secretary.open(at)).text
    assert (await secretary.open(f"{at}/correct")).status_code == 409
    assert await states(secretary, unit, "party-day", "2026-11-30") == "owed"
    again = (await secretary.open(f"/cases/meeting?unit={unit.id}&kind=party-day&like={made['id']}")).text
    assert 'value="大会议室"' in again


async def states(reader: Browser, unit: UnitView, duty: str, due: str) -> str:
    """How the occurrence of a duty stands that is due on a day."""
    items = (await reader.get(f"/api/v1/duties/{unit.id}")).json()["items"]
    return next((one["state"] for one in items if (one["duty"], one["due"]) == (duty, due)), "")


async def test_another_branch_reads_nothing_and_the_committee_does_not_write(
    app: Litestar, county: Seeded, secretary: Browser, people: dict[str, UUID]
) -> None:
    _, made = await post(secretary, draft(county, day="2026-11-02"))
    async with browser(app) as other:
        await other.sign_in(county, ELSEWHERE)
        for at in ("", "/correct", "/withdraw"):
            assert (await other.get(f"/activities/{made['id']}{at}")).status_code == 404, at
        assert (await post(other, draft(county)))[0] == 404
    async with browser(app) as above:
        await above.sign_in(county, "committee-secretary")
        assert "/correct" not in (await above.open(f"/activities/{made['id']}")).text
        assert (await above.open(f"/activities/{made['id']}/correct")).status_code == 403
        assert (await post(above, draft(county)))[0] == 403


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"day": "1921-06-30"}, "早于中国共产党成立"),
        ({"day": "2026-11-22"}, "还没有到"),
        ({"hours": 1.3}, "以半学时为单位"),
        ({"hours": 1e9}, "学时应在 0 到 100 之间"),
        ({"themes": ["made-up"]}, "不在现行政策列出的范围内"),
        ({"also": ["committee-meeting"]}, "没有“committee-meeting”这一种活动"),
        ({"eligible": 10**12, "present": 1, "why": "x"}, "人数不符"),
        ({"minutes": "字" * 5001}, "最多 5000 个字"),
        ({"eligible": 9, "present": 1, "why": "字" * 201}, "最多 200 个字"),
        ({"eligible": 9, "present": 1, "why": "\u202e"}, "请写明为什么不同"),
    ],
)
async def test_what_cannot_be_is_refused(
    secretary: Browser, county: Seeded, people: dict[str, UUID], wrong: dict[str, Any], sentence: str
) -> None:
    status, answer = await post(secretary, draft(county, **wrong))
    assert status == 422
    assert sentence in str(answer)


async def test_the_roll_of_a_past_day_is_of_who_stood_there_then(
    county: Seeded, people: dict[str, UUID]
) -> None:
    async with county_session(county.id):
        here, there = county.units["东街支部"], county.units["上河支部"]
        one = await fetchval("select id from person where name = '党一'")
        await move_people(everything(), [one], there, date(2026, 11, 12))

        async def named(unit: UnitView, day: date) -> bool:
            return one in {each.id for each in await roll_of(unit, day, "party-day")}

        days = (date(2026, 11, 11), date(2026, 11, 12))
        assert [await named(here, day) for day in days] == [True, False]
        assert [await named(there, day) for day in days] == [False, True]
        await move_people(everything(), [one], here, date(2026, 11, 20))
        assert [await named(here, day) for day in (*days, date(2026, 11, 20))] == [True, False, True]
        assert [await named(there, day) for day in (*days, date(2026, 11, 20))] == [False, True, False]


async def test_members_owe_hours_and_groups_their_meetings(
    secretary: Browser, county: Seeded, people: dict[str, UUID]
) -> None:
    at = county.units["东街支部"]
    async with county_session(county.id):
        group = await create(
            everything(), at.id, UnitDraft(kind="group", name="第一党小组"), date(2025, 1, 1)
        )
    assert (await post(secretary, draft(county, day="2025-12-20", hours=30)))[0] == 201
    assert (await post(secretary, draft(county, kind="party-day", day="2026-01-20", hours=2.5)))[0] == 201
    away = await named_on_roll(secretary, at, "党二")
    lecture = draft(
        county, day="2026-03-02", hours=4, absences=[{"person_id": away, "state": "absent", "reason": "病"}]
    )
    assert (await post(secretary, lecture))[0] == 201
    page = re.sub(r"<[^>]+>|\s+", " ", (await secretary.open(f"/duties/{at.id}")).text)
    own = page[page.index("党员个人") :]
    assert re.search(r"党一 .{0,80}不少于 32 学时.{0,80} [1-9][0-9.]* / 32", own)
    hours = {
        name: float(re.search(rf"{name} .*? ([0-9.]+) / 32", own)[1])  # type: ignore[index]
        for name in ("党一", "党二")
    }
    assert hours["党一"] - hours["党二"] == 4
    listed = re.sub(r"<[^>]+>|\s+", " ", (await secretary.open("/activities/attendance?year=2026")).text)
    totals = {
        name: float(re.search(rf"{name} +\S+(?: +[0-9]+){{4}} +([0-9.]+) ", listed)[1])  # type: ignore[index]
        for name in hours
    }
    assert totals["党一"] - totals["党二"] == 4
    await _exported(secretary, county)
    assert "第一党小组" in page
    assert "东街支部 · 第一党小组" in (await secretary.open("/duties")).text
    status, _ = await post(secretary, draft(county, kind="group-meeting", day="2026-10-20"))
    assert status == 422, "a branch has no group's meeting"
    body = {
        **draft(county, kind="group-meeting", day="2026-10-20", eligible=3, present=3),
        "unit_id": str(group.id),
    }
    assert (await post(secretary, body))[0] == 201
    assert await states(secretary, group, "group-meeting", "2026-10-31") == "discharged"
    line = (await secretary.open("/")).text
    assert re.search(rf'href="/duties/{at.id}">本月应做 [0-9]+ 项', line)


async def _exported(secretary: Browser, county: Seeded) -> None:
    """With a purpose, and a line in the reading log of everybody in it; a page of so many lines is so many in the log."""
    address = "/activities/attendance/export?year=2026"
    assert "名党员 2026 年的到会次数和学时" in (await secretary.open(address)).text
    assert (await secretary.submit(address, purpose="")).status_code == 422
    assert (await secretary.submit(address, purpose="核对年度学时")).status_code == 303
    assert await work(county, make_export)
    read = "select count(*) from ledger_entry where verb = 'read.export' and said like '%核对年度学时%'"
    listed = (await secretary.get("/api/v1/exports")).json()
    [one] = [each for each in listed if each["title"] == "党员到会和学时"]
    assert one["state"] == "done", one
    async with county_session(county.id) as session:
        assert await session.fetchval(read) == one["total"] > 1
        come = come_from("127.0.0.1")
        assert len(await attendance(everything(), 2026, limit=1)) == 2, (
            "the one too many tells of a next page"
        )
        assert come.listed == 1


async def named_on_roll(reader: Browser, unit: UnitView, name: str) -> str:
    """The id of a member on the form's roll."""
    page = (await reader.open(f"/cases/meeting?unit={unit.id}&kind=lecture")).text
    found = re.search(rf'id="f-roll:([0-9a-f-]{{36}})"><legend>{name}</legend>', page)
    assert found is not None
    return found[1]


async def test_earlier_ones_are_behind_the_first_page(
    secretary: Browser, county: Seeded, people: dict[str, UUID]
) -> None:
    for number in range(1, 4):
        await post(secretary, draft(county, kind="lecture", day=f"2026-02-0{number}"))
    async with county_session(county.id):
        found = await activities(everything(), limit=2)
        rest = await activities(everything(), after=(found[1].day, found[1].id), limit=500)
    listed = (await secretary.get("/api/v1/activities")).json()
    assert [one.day for one in rest] == sorted((one.day for one in rest), reverse=True)
    assert {one["id"] for one in listed["items"]} == {str(one.id) for one in (*found[:2], *rest)}
    behind = await secretary.open(f"/activities?after={encode_key((found[1].day, found[1].id))}")
    assert str(rest[0].id) in behind.text
    assert str(found[0].id) not in behind.text
    nothing = await secretary.open("/activities?after=W10")
    assert (nothing.status_code, "翻页的位置不正确" in nothing.text) == (422, True), "no key of ours: []"


async def test_photos_and_papers_belong_to_an_activity(
    app: Litestar, secretary: Browser, county: Seeded, people: dict[str, UUID]
) -> None:
    _, made = await post(secretary, draft(county, day="2026-11-05"))
    at = f"/activities/{made['id']}"
    await secretary.open(at)

    async def send(name: str, content: bytes) -> tuple[int, str]:
        files = [("attachments", (name, content, "application/octet-stream"))]
        answer = await secretary.post(f"{at}/files", data={"_csrf_token": secretary.token}, files=files)
        return answer.status_code, answer.text

    for name, content, sentence in (
        ("合影.jpg", b"GIF89a", "内容不是 JPG 文件"),
        ("签到表.exe", b"MZ", "这种文件不能上传"),
        ("会议录像.jpg", b"\xff\xd8\xff\xe0" + bytes(21 << 20), "超过 20 MB"),
    ):
        status, text = await send(name, content)
        assert (status, sentence in text) == (422, True), (name, text[:2000])
    assert (await send("合影.png", PNG))[0] == 303
    page = (await secretary.open(at)).text
    photo = re.search(rf'<img src="({at}/files/[0-9a-f-]+)" alt="合影.png"', page)
    assert photo is not None
    answer = await secretary.get(photo[1])
    assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
    async with browser(app) as other:
        await other.sign_in(county, ELSEWHERE)
        assert (await other.get(photo[1])).status_code == 404
    await secretary.open(at)
    assert (await secretary.submit(f"{photo[1]}/remove")).status_code == 303
    assert (await secretary.get(photo[1])).status_code == 404


async def test_a_record_in_full_is_read_in_full_and_its_line_says_what_counts(
    secretary: Browser, county: Seeded, people: dict[str, UUID]
) -> None:
    away = [
        {
            "person_id": await named_on_roll(secretary, county.units["东街支部"], name),
            "state": state,
            "reason": why,
        }
        for name, state, why in (("党三", "absent", "外出务工"), ("党四", "written", "住院，书面意见"))
    ]
    full = draft(
        county, day="2026-10-13", also=["party-day"], place="村委会二楼", chair="李书记", recorder="王委员", hours=2.5,
        themes=["party-purpose", "party-spirit"], papers=["minutes", "sign-in-sheet"], agenda="学习", minutes="讲课",
        eligible=9, why="两人下乡未归", absences=away,
    )  # fmt: skip
    status, made = await post(secretary, full)
    if status == 422:  # the words that the policies ask for change; those of the form are taken
        page = (await secretary.open(f"/cases/meeting?unit={county.units['东街支部'].id}&kind=lecture")).text
        for name in ("themes", "papers"):
            full[name] = re.findall(rf'name="{name}" value="([^"]+)"', page)[:2]
        status, made = await post(secretary, full)
    assert status == 201, made
    assert (made["eligible"], made["present"]) == (9, made["reckoned"] - 2)
    at = f"/activities/{made['id']}"
    page = (await secretary.open(at)).text
    facts = dict(re.findall(r"<dt>([^<]+)</dt>\s*<dd[^>]*>(.*?)</dd>", page, re.S))
    assert facts["同时是"] == "主题党日"
    assert re.sub(r"\s+", "", facts["应到"]) == f"9人（按名册{made['reckoned']}人：两人下乡未归）"
    assert facts["实到"] == f"{made['present']} 人"
    assert (facts["地点"], facts["主持人"], facts["记录人"], facts["学时"]) == (
        "村委会二楼",
        "李书记",
        "王委员",
        "2.5",
    )
    assert facts["主题"].count("、") == len(full["themes"]) - 1
    assert facts.get("留存的材料", "").count("、") == max(len(full["papers"]) - 1, 0)
    roll = dict(re.findall(r'<th class="nowrap">(党.)</th><td>([^<]+)</td>', page))
    assert (roll["党三"], roll["党四"], roll["党五"]) == ("缺席", roll["党四"], roll["党一"])
    assert "<td>外出务工</td>" in page
    assert "没有附件" not in page, "he may add one"
    rows = (await secretary.open("/activities")).text.split("<tr>")
    line = next(one for one in rows if at in one)
    assert "党课、主题党日</a>" in line
    assert re.findall(r'data-label="(?:应到|实到)">(\d+)', line) == ["9", str(made["present"])]
    told = (await secretary.get(f"/api/v1{at}")).json()
    assert (told["activity"]["place"], told["activity"]["why"]) == ("村委会二楼", "两人下乡未归")
    assert [one["state"] for one in told["roll"] if one["name"] in ("党三", "党四")] == ["absent", "written"]
    again = (await secretary.open(f"{at}/correct")).text
    assert 'value="两人下乡未归"' in again
    assert re.search(r'<details class="fold small" open>\s*<summary>应到人数与名册不同', again), (
        "what differs stands open"
    )


async def test_the_api_puts_right_and_withdraws_as_the_page_does(
    secretary: Browser, organizer: Browser, county: Seeded, people: dict[str, UUID]
) -> None:
    _, made = await post(secretary, draft(county, day="2026-09-14", place="旧址"))
    at, csrf = f"{API}/{made['id']}", {"x-csrftoken": secretary.cookies["csrftoken"]}
    away = {
        "person_id": await named_on_roll(secretary, county.units["东街支部"], "党五"),
        "state": "absent",
        "reason": "病",
    }
    right = {
        "activity": draft(county, day="2026-09-15", place="新址", absences=[away]),
        "reason": "日期地点抄错",
        "version": 1,
    }
    for wrong, status, said in (
        ({"reason": ""}, 422, "原因"), ({"version": 9}, 409, "别人改过"),
        ({"activity": draft(county, day="2026-11-22")}, 422, "还没有到"),
    ):  # fmt: skip
        answer = await secretary.post(f"{at}/correction", json={**right, **wrong}, headers=csrf)
        assert (answer.status_code, said in answer.json()["sentence"]) == (status, True), answer.text
    assert (await secretary.get(at)).json()["activity"]["day"] == "2026-09-14"
    done = await secretary.post(f"{at}/correction", json=right, headers=csrf)
    assert done.status_code == 201, done.text
    [change] = done.json()["changes"]
    assert (change["kind"], change["reason"]) == ("correction", "日期地点抄错")
    page = (await secretary.open(f"/activities/{made['id']}")).text
    for was, now in (("2026-09-14", "2026-09-15"), ("旧址", "新址"), ("到会", "缺席（病）")):
        assert f'data-label="原来">{was}</td>' in page, was
        assert f'data-label="更正为">{now}</td>' in page, now
    gone = await secretary.post(f"{at}/withdrawal", json={"reason": "没有开", "version": 2}, headers=csrf)
    assert gone.status_code == 201, gone.text
    assert gone.json()["activity"]["withdrawn"]
    again = await secretary.post(f"{at}/withdrawal", json={"reason": "没有开", "version": 3}, headers=csrf)
    assert again.status_code == 409
    page = (await secretary.open(f"/activities/{made['id']}")).text
    assert "已经撤销，不再计入职责和学时" in page
    assert "更正或撤销" not in page
    assert 'type="file"' not in page
    line = next(one for one in (await secretary.open("/activities")).text.split("<tr>") if made["id"] in one)
    assert '<span class="tag">已撤销</span>' in line
    looking = (await organizer.open(f"/activities/{made['id']}")).text
    assert "再记一次" not in looking
    assert "没有附件" in looking
    nothing = await secretary.post(f"{at}/files", headers=csrf)
    assert (nothing.status_code, "没有收到文件" in nothing.json()["sentence"]) == (422, True)


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"reason": [""]}, "reason", "请填写更正的原因。"),
        ({"reason": ["因" * 501]}, "reason", "最多 500 个字"),
        ({"day": ["2026-11-22"]}, "day", "不能晚于今天"),
        ({"day": ["1921-06-30"]}, "day", "早于中国共产党成立"),
        ({"day": ["上周"]}, "day", "“上周”不是一个日期"),
        ({"hours": ["1.3"]}, "hours", "以半学时为单位"),
        ({"hours": ["两"]}, "hours", "学时“两”不是一个数"),
        ({"place": ["地" * 101]}, "place", "最多 100 个字"),
        ({"agenda": ["议" * 501]}, "agenda", "最多 500 个字"),
        ({"minutes": ["记" * 5001]}, "minutes", "最多 5000 个字"),
        ({"eligible": ["99"]}, "why", "请写明为什么不同。"),
        ({"eligible": ["0"]}, "eligible", "应到不能小于 1。"),
        ({"eligible": ["十"]}, "eligible", "不是一个整数"),
        ({"rest": []}, "roll:", "请选择党"),
        ({"absent": ["党六"]}, "why:", "请填写党六没有到会的原因。"),
    ],
)
async def test_a_correction_that_cannot_be_keeps_what_was_typed_and_changes_nothing(
    secretary: Browser,
    county: Seeded,
    people: dict[str, UUID],
    wrong: dict[str, list[str]],
    field: str,
    said: str,
) -> None:
    listed = (await secretary.get(API)).json()["items"]
    found = next((one for one in listed if one["day"] == "2026-08-11"), None)
    if found is None:
        found = (await post(secretary, draft(county, day="2026-08-11", place="会议室", hours=2)))[1]
    at = f"/activities/{found['id']}"
    form = Read((await secretary.open(f"{at}/correct")).text).form(f"{at}/correct")
    assert form is not None
    fields = form.sent(reason=["抄错了"], place=["改过的会议室"])
    if "absent" in wrong:
        person = await named_on_roll(secretary, county.units["东街支部"], wrong["absent"][0])
        fields |= {f"roll:{person}": ["absent"]}
    fields |= {name: value for name, value in wrong.items() if name != "absent"}
    answer = await secretary.submit(f"{at}/correct", **fields)
    assert answer.status_code == 422
    shown = re.findall(rf'id="e-{re.escape(field)}[^"]*">([^<]+)', answer.text)
    assert shown, field
    assert said in shown[0]
    now = Read(answer.text).form(f"{at}/correct")
    assert now is not None
    for name in ("reason", "place", "hours", "agenda", "minutes", "eligible", "day"):
        assert now.fields[name].value == fields[name][0], name
    assert (await secretary.get(f"/api/v1{at}")).json()["activity"]["place"] == "会议室"
    await secretary.submit("/drafts/discard", _draft=f"{at}/correct")
