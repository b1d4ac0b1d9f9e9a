"""一起记录: several people, one act; shown before it is written, for all or for none."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest
from litestar import Litestar

from tenants.database.session import county_session, current_session
from tests.web.cases.seed import applicant, do, opened, walked
from tests.web.conftest import Browser, Seeded, browser

TRAINED = {"training.hours": "24", "training.days": "3", "documents.*": "training-certificate"}
STEP = "intensive-training"


@pytest.fixture(scope="module")
async def chosen(county: Seeded) -> dict[str, UUID]:
    """Three who come to the training on their own, and one who is at a vote."""
    async with county_session(county.id):
        found = {
            name: await walked(county, name, "sponsor-appointment") for name in ("培训甲", "培训乙", "培训丙")
        }
        return found | {"票决丁": await walked(county, "票决丁", "admission-form")}


@pytest.fixture
async def committee(app: Litestar, county: Seeded) -> AsyncIterator[Browser]:
    """The committee's organizer, whose step the training is."""
    async with browser(app) as made:
        await made.sign_in(county, "committee-organizer")
        yield made


def address(*cases: UUID, step: str = STEP) -> str:
    """The page for these."""
    return f"/cases/together?step={step}" + "".join(f"&case={one}" for one in cases)


async def entries(county: Seeded, case: UUID) -> int:
    """How many there are."""
    async with county_session(county.id):
        return int(
            await current_session().fetchval("select count(*) from case_entry where case_id = $1", case)
        )


async def send(browser: Browser, page: str, *cases: UUID, **fields: str) -> str:
    """Fill the form on `page` in for these and send it; the answer's text."""
    versions = dict(re.findall(r'name="(version:[^"]+)" value="(\d+)"', page))
    answer = await browser.submit(
        f"/cases/together/{STEP}", **{**TRAINED, **versions, **fields}, case=[str(one) for one in cases]
    )
    return str(answer.text) if answer.status_code != 303 else f"303 {answer.headers['location']}"


async def test_a_class_is_recorded_once_for_all_who_were_there(
    committee: Browser, county: Seeded, chosen: dict[str, UUID]
) -> None:
    listed = await committee.open(f"/cases?step={STEP}&q=培训")
    assert len(re.findall(r'<input type="checkbox" name="case"', listed.text)) == 3
    assert 'name="case"' not in (await committee.open("/cases")).text
    everybody = await committee.open(f"/cases/together/all?step={STEP}&q=培训")
    assert everybody.status_code == 303
    assert everybody.headers["location"].count("case=") == 3
    form = (await committee.open(everybody.headers["location"])).text
    assert len(re.findall(r'type="checkbox" name="case" value="[0-9a-f-]{36}" checked', form)) == 3
    first, second = chosen["培训甲"], chosen["培训乙"]
    before = await entries(county, first)
    page = (await committee.open(address(first, second))).text
    assert "一起记录“短期集中培训”" in page
    [draft] = re.findall(r'name="_draft" value="([^"]+)"', page)
    await committee.submit("/drafts", _draft=html.unescape(draft), note="写到一半的话")
    assert "写到一半的话" in (await committee.open(address(second, first))).text
    assert "写到一半的话" not in (await committee.open(address(first, chosen["培训丙"]))).text
    gone = await committee.submit(
        "/drafts/discard", _draft=html.unescape(draft), _back=address(first, second)
    )
    assert gone.headers["location"] == address(first, second)
    astray = await committee.submit("/drafts/discard", _draft=html.unescape(draft), _back="//else.where/x")
    assert astray.headers["location"] == html.unescape(draft)
    shown = await send(committee, page, first, second, day="2026-06-24")
    assert "2 人都可以这样记录，现在还没有写入。" in shown
    assert await entries(county, first) == before
    answer = await send(committee, page, first, second, day="2026-06-24", confirmed="1")
    assert answer == f"303 /cases?step={STEP}", "where the others of the step are"
    assert "已为 2 人记录“短期集中培训”：培训甲、培训乙。" in (await committee.open("/cases")).text
    assert [await entries(county, one) for one in (first, second)] == [before + 1, before + 1]


async def test_who_cannot_is_named_with_the_rule_and_left_out(
    committee: Browser, county: Seeded, chosen: dict[str, UUID]
) -> None:
    """One of them was a prospect only later: the day is before his notice was over."""
    async with county_session(county.id):
        late = await walked(county, "培训晚", "prospect-consent")
        await do(county, late, "prospect-notice", date(2026, 8, 3))
    third = chosen["培训丙"]
    page = (await committee.open(address(third, late))).text
    shown = await send(committee, page, third, late, day="2026-06-24")
    assert "1 人可以这样记录，1 人不能；确认以后只写入可以的 1 人。" in shown
    assert "须先办结：发展对象公示。" in shown
    assert "第十三条" in shown
    [form] = re.findall(r"<form.*?为这 1 人记录.*?</form>", shown.split("</header>")[1], re.DOTALL)
    assert re.findall(r'name="case" value="([^"]+)"', form) == [str(third)]
    again = await send(committee, page, third, late, day="2026-06-24", edit="1")
    assert 'name="day" type="date" value="2026-06-24"' in again
    assert 'name="training.hours" type="text"' in again
    assert 'value="24"' in again


async def test_all_or_none_when_one_was_changed_meanwhile(
    committee: Browser, county: Seeded, chosen: dict[str, UUID]
) -> None:
    async with county_session(county.id):
        other = await walked(county, "培训变", "sponsor-appointment")
    third = chosen["培训丙"]
    page = (await committee.open(address(third, other))).text
    await committee.open(f"/cases/{other}/history")
    assert (await committee.submit(f"/cases/{other}/notes", note="本人请假")).status_code == 303
    before = await entries(county, third)
    answer = await send(committee, page, third, other, day="2026-06-24", confirmed="1")
    assert "没有记录：有 1 人不能这样办，一个人也没有写入。" in answer
    assert "又有了新的记录" in answer
    assert "写了备注" in answer
    assert await entries(county, third) == before


async def test_the_same_once_more_is_confirmed_for_each(
    committee: Browser, county: Seeded, chosen: dict[str, UUID]
) -> None:
    """A morning and an afternoon of the same length; of somebody else it was pressed twice."""
    async with county_session(county.id):
        other = await walked(county, "培训重", "sponsor-appointment")
    both = chosen["培训丙"], other
    before = [await entries(county, one) for one in both]
    half = {"training.hours": "4", "training.days": "0.5", "day": "2026-06-24"}
    page = (await committee.open(address(*both))).text
    assert await send(committee, page, *both, **half, confirmed="1") == f"303 /cases?step={STEP}"
    page = (await committee.open(address(*both))).text
    shown = await send(committee, page, *both, **half)
    assert shown.count("已经有一条内容完全相同的记录") == 2
    again = f"again:{both[0]}"
    assert f'name="{again}"' in shown
    shown = await send(committee, page, *both, **half, **{again: "1"})
    assert "1 人可以这样记录，1 人不能" in shown
    assert (
        await send(committee, page, both[0], **half, **{again: "1"}, confirmed="1")
        == f"303 /cases?step={STEP}"
    )
    assert [await entries(county, one) for one in both] == [before[0] + 2, before[1] + 1]


async def test_what_decides_about_a_person_is_recorded_one_by_one(
    secretary: Browser, chosen: dict[str, UUID], county: Seeded
) -> None:
    async with county_session(county.id):
        other = await walked(county, "票决戊", "admission-form")
    pair = (chosen["票决丁"], other)
    page = await secretary.open(address(*pair, step="admission-meeting"))
    assert "现在没有可以由您一起记录的环节" in page.text
    assert "须逐人研究" in page.text
    answer = await secretary.submit(
        "/cases/together/admission-meeting", case=[str(one) for one in pair], day="2026-07-16"
    )
    assert answer.status_code == 409
    assert "须逐人研究，不能一起记录" in answer.text


async def test_nobody_else_s_cases_come_in(
    committee: Browser, county: Seeded, other_county: Seeded, chosen: dict[str, UUID]
) -> None:
    """Another county's id is not there, whoever stands beside it; an empty choice says how to begin."""
    async with county_session(other_county.id):
        foreign = await opened(other_county, await applicant(other_county, "外县人"))
    assert (await committee.open(address(chosen["培训丙"], foreign))).status_code == 404
    answer = await committee.submit(f"/cases/together/{STEP}", case=[str(chosen["培训丙"]), str(foreign)])
    assert answer.status_code == 404
    assert (await committee.submit(f"/cases/together/{STEP}", case="x")).status_code == 404
    assert "还没有选择人员。" in (await committee.open("/cases/together")).text
