"""A member goes to a branch under another committee, through the front door, as both sides see it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import date
from uuid import UUID

import httpx
import pytest
from litestar import Litestar

from core.organisation.service import UnitDraft, create
from core.register.model import PersonDraft
from core.register.service import enter
from tenants.database.session import county_session, current_session
from tests.web.cases.mend.test_correct import corrected, entry
from tests.web.cases.papers.test_pages import text_of
from tests.web.cases.seed import walked
from tests.web.conftest import ELSEWHERE, TODAY, Browser, Seeded, account_of, browser, everything
from tests.web.policies.forms import forms, send

NEW = "?procedure=transfer"
OTHER = "other-committee"


class Sides:
    """Browsers of the four who act: branch and committee of each side."""

    branch: Browser
    committee: Browser
    to_branch: Browser
    to_committee: Browser


@pytest.fixture(scope="module")
async def sides(app: Litestar, county: Seeded) -> AsyncIterator[Sides]:
    """All four signed in."""
    async with county_session(county.id):
        await account_of(OTHER, "committee-secretary", county.units["河西乡党委"], date(2026, 1, 1))
    async with AsyncExitStack() as stack:
        made = Sides()
        for name, login in (
            ("branch", "branch-secretary"),
            ("committee", "committee-secretary"),
            ("to_branch", ELSEWHERE),
            ("to_committee", OTHER),
        ):
            each = await stack.enter_async_context(browser(app))
            await each.sign_in(county, login)
            setattr(made, name, each)
        yield made


async def member(county: Seeded, name: str, membership: str = "full", unit: str = "东街支部") -> UUID:
    """Somebody of the first branch."""
    async with county_session(county.id):
        draft = PersonDraft(name=name, membership=membership)
        return await enter(everything(), county.units[unit].id, draft, TODAY)


async def where(county: Seeded, person: UUID) -> str:
    """The branch at which somebody is counted."""
    async with county_session(county.id):
        found = await current_session().fetchval(
            "select u.short_name from person p join unit u on u.id = p.unit_id where p.id = $1", person
        )
    return str(found)


async def asked(county: Seeded, sides: Sides, person: UUID, to: str = "上河支部") -> str:
    """The address of the case that the branch opens."""
    page = await sides.branch.open(f"/cases/new/{person}{NEW}")
    assert "转往的党支部" in page.text
    sent = await sides.branch.submit(
        f"/cases/new/{person}{NEW}",
        day="2026-11-02",
        to=str(county.units[to].id),
        **{"documents.*": "transfer-request"},
    )
    assert sent.status_code == 303, sent.text
    return str(sent.headers["location"])


async def recorded(who: Browser, path: str, step: str, day: str, **said: str) -> httpx.Response:
    """What is sent when the form of a step is filled in."""
    page = await who.open(f"{path}/record/{step}")
    assert page.status_code == 200, page.text
    action = f"{path}/record/{step}"
    fields = forms(page)[action]
    filled = {name.replace("__", "."): [value] for name, value in said.items()}
    return await send(who, action, {**fields, "day": [day], **filled})


async def done(who: Browser, path: str, step: str, day: str, **said: str) -> None:
    """The same, and it is taken."""
    answer = await recorded(who, path, step, day, **said)
    assert answer.status_code == 303, answer.text


async def released(sides: Sides, path: str, number: str = "2026-001") -> None:
    """The sending side has done its part, letter and all."""
    await done(sides.branch, path, "release-check", "2026-11-03", **{"documents.*": "dues-statement"})
    await done(sides.committee, path, "release", "2026-11-04", consent__committee="granted")
    letter = {"documents.*": "letter-stub", "serial.number": number}
    await done(sides.committee, path, "introduction-letter", "2026-11-05", **letter)


async def test_an_admission_under_way_goes_along(county: Seeded, sides: Sides) -> None:
    """Its records and periods stay as they were; the receiving side examines what he was admitted by (article 34)."""
    async with county_session(county.id):
        admission = await walked(county, "随转人", "oath")
        was = await current_session().fetchrow(
            "select person_id, next_due from case_file where id = $1", admission
        )
    assert was is not None
    person, due = was
    path = await asked(county, sides, person)
    papers = {"documents.*": "dues-statement"}
    await done(sides.branch, path, "release-check", "2026-11-03", **papers)
    assert "转出前核对" in (await sides.branch.open("/")).text, "the account of his probation is missing"
    assert "预备党员培养教育考察情况介绍" in (await sides.branch.open(f"{path}/papers")).text
    await done(sides.branch, path, "release-check", "2026-11-03", **{"documents.*": "cultivation-account"})
    await done(sides.committee, path, "release", "2026-11-04", consent__committee="granted")
    letter = {"documents.*": "letter-stub", "serial.number": "2026-002"}
    await done(sides.committee, path, "introduction-letter", "2026-11-05", **letter)
    assert (await sides.to_branch.open(f"/cases/{admission}")).status_code == 404
    examined = {"documents.*": "admission-papers-examined", "consent.branch": "granted"}
    await done(sides.to_branch, path, "reception", "2026-11-10", **examined)
    await done(sides.to_committee, path, "reception", "2026-11-12", consent__committee="granted")
    assert (await sides.branch.open(f"/cases/{admission}")).status_code == 404
    page = await sides.to_branch.open(f"/cases/{admission}")
    assert page.status_code == 200
    assert "预备党员" in page.text
    async with county_session(county.id):
        row = await current_session().fetchrow(
            "select path, next_due, membership from case_file where id = $1", admission
        )
    assert tuple(row or ()) == (county.units["上河支部"].path, due, "probationary")


async def test_a_member_is_released_and_received(
    app: Litestar, county: Seeded, sides: Sides, organizer: Browser
) -> None:
    async with county_session(county.id):
        draft = UnitDraft(kind="group", name="东街支部第一党小组", short_name="第一党小组")
        group = await create(everything(), county.units["东街支部"].id, draft, TODAY)
        person = await enter(everything(), group.id, PersonDraft(name="转关系", membership="full"), TODAY)
    path = await asked(county, sides, person)
    assert (await sides.to_branch.open(path)).status_code == 404, "nobody is pulled without release"
    assert "转关系" not in (await sides.to_branch.open(f"/cases{NEW}")).text
    papers = (await sides.branch.open(f"{path}/papers")).text
    assert "转移组织关系申请" in papers
    assert "预备党员" not in papers, "they are for who is under probation"
    async with browser(app) as recording:
        await recording.sign_in(county, "committee-organizer")
        nothing = (await recording.open(f"{path}/record/release")).text
    assert "只等基层党委有审查职责的人员写审查、同意的结论，没有要您记录的内容" in nothing
    assert 'name="day"' not in nothing
    await released(sides, path)
    letter = await sides.committee.open(
        f"{path}/papers/national.introduction-letter", params={"step": "introduction-letter"}
    )
    said = text_of(letter.content)
    assert said.count("第 2026-001 号\n") == 3, "three parts of one number"
    assert said.count("第 2026-001 号（骑缝盖章）") == 2
    assert letter.headers["content-type"] == "application/pdf", "what nobody alters"
    assert said.count("河西乡上河支部") == 3
    assert "城关镇东街支部" in said
    assert "党小组" not in said, "a letter is of the branch"
    assert "东街支部 · 第一党小组" in (await sides.committee.open(f"/cases{NEW}")).text
    assert "有效期至2027年2月3日" in said, "90 days from 2026-11-05"
    assert "转关系" in (await sides.to_branch.open("/")).text
    assert "转关系" in (await sides.to_branch.open(f"/cases{NEW}")).text
    assert "转关系" not in (await sides.branch.open("/")).text.partition("最近")[0]
    assert (await sides.to_branch.open(f"/people/{person}")).status_code == 404, "he is not theirs yet"
    shown = (await sides.to_branch.open(path)).text
    assert "由东街支部 · 第一党小组转往 河西乡党委 上河支部" in shown
    assert f"/people/{person}" not in shown
    assert "打印文书" not in shown
    assert (await sides.to_branch.open(f"{path}/roll")).status_code == 403, "others of the branch he leaves"
    own = await sides.branch.submit(
        f"{path}/record/reception",
        day="2026-11-10",
        version="5",
        **{"as": "branch", "consent.branch": "granted"},
    )
    assert own.status_code == 403, "the sender does not receive"
    assert await where(county, person) == "第一党小组"
    assert (await sides.to_branch.open(f"{path}/return")).status_code == 403
    await done(sides.to_branch, path, "reception", "2026-11-10", consent__branch="granted")
    assert await where(county, person) == "第一党小组"
    await done(sides.to_committee, path, "reception", "2026-11-12", consent__committee="granted")
    assert await where(county, person) == "上河支部"
    file = (await sides.to_branch.open(f"/people/{person}")).text
    assert "组织关系转入上河支部" in file
    assert (await sides.branch.open(f"/people/{person}")).status_code == 404
    assert f"/people/{person}" not in (await sides.branch.open(path)).text
    assert "寄回回执" in (await sides.branch.open(path)).text, "the sender still sees the case"
    await done(sides.to_committee, path, "receipt", "2026-11-15", **{"documents.*": "letter-receipt"})
    await done(sides.branch, path, "transfer-archiving", "2026-11-20", **{"documents.*": "letter-archived"})
    assert "转关系" in (await organizer.open(f"/cases{NEW}&status=completed")).text


async def test_who_has_arrived_is_not_taken_back_by_a_return(county: Seeded, sides: Sides) -> None:
    person = await member(county, "不退回")
    path = await asked(county, sides, person)
    await released(sides, path, "2026-003")
    await done(sides.to_branch, path, "reception", "2026-11-10", consent__branch="granted")
    await done(sides.to_committee, path, "reception", "2026-11-12", consent__committee="granted")
    version = forms(await sides.committee.open(f"{path}/return"))
    [fields] = [one for action, one in version.items() if action.endswith("/return") or not action]
    back = await send(
        sides.committee, f"{path}/return",
        {**fields, "step": ["introduction-letter"], "day": ["2026-11-20"], "reason": ["想退回来"]},
    )  # fmt: skip
    assert back.status_code in (403, 409), back.text
    assert await where(county, person) == "上河支部"


async def test_a_refusal_needs_its_reason_and_leaves_him_where_he_is(county: Seeded, sides: Sides) -> None:
    person = await member(county, "被拒收")
    path = await asked(county, sides, person)
    await released(sides, path, "2026-004")
    bare = await recorded(sides.to_branch, path, "reception", "2026-11-10", consent__branch="refused")
    assert bare.status_code == 422
    assert "不同意的要写明理由" in bare.text
    await done(
        sides.to_branch, path, "reception", "2026-11-10", consent__branch="refused", note="本人不在本村居住"
    )
    assert await where(county, person) == "东街支部"
    assert "本人不在本村居住" in (await sides.branch.open(f"{path}/history")).text


async def test_a_number_is_given_once(county: Seeded, sides: Sides) -> None:
    path = await asked(county, sides, await member(county, "换号人"))
    await done(sides.branch, path, "release-check", "2026-11-03", **{"documents.*": "dues-statement"})
    await done(sides.committee, path, "release", "2026-11-04", consent__committee="granted")
    letter = {"documents.*": "letter-stub", "serial.number": "2026-001"}
    for number in ("2026-001", "２０２６－００１", "2026 -001\u200b"):
        letter["serial.number"] = number
        again = await recorded(sides.committee, path, "introduction-letter", "2026-11-05", **letter)
        assert again.status_code == 409, number
        assert "这个编号已经用过" in again.text
    bare = {"documents": ["letter-stub"], "serial": "2026-001"}
    body = {"step": "introduction-letter", "day": "2026-11-05", "version": 3, "evidence": bare}
    headers = {"x-csrftoken": sides.committee.cookies["csrftoken"]}
    again = await sides.committee.post(f"/api/v1{path}/records", json=body, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "number"), "also in short"
    await done(
        sides.committee, path, "introduction-letter", "2026-11-05", **{**letter, "serial.number": "2026-005"}
    )
    case = UUID(path.rpartition("/")[2])
    own = await entry(county, case, "introduction-letter")
    for number, status in (("2026-001", 409), ("2026-006", 303), ("2026-005", 303)):
        _, answer = await corrected(sides.committee, case, own, **{"serial.number": number})
        assert answer.status_code == status, f"put right to {number}: {answer.text}"


async def test_within_one_branch_nobody_is_transferred(county: Seeded, sides: Sides) -> None:
    person = await member(county, "原地人")
    await sides.branch.open(f"/cases/new/{person}{NEW}")
    for to, said in ((str(county.units["东街支部"].id), "同一个党支部"), ("", "转往的党支部")):
        answer = await sides.branch.submit(
            f"/cases/new/{person}{NEW}", day="2026-11-02", to=to, **{"documents.*": "transfer-request"}
        )
        assert answer.status_code == 422
        assert said in answer.text


async def test_who_is_on_his_way_goes_into_no_file_of_another_branch(
    county: Seeded, sides: Sides, organizer: Browser
) -> None:
    gone = await member(county, "在途人")
    kept = await member(county, "在途人", unit="上河支部")
    await asked(county, sides, gone)
    answer = await organizer.post(
        f"/api/v1/people/twins/{kept}/{gone}/unite",
        json={"taken": [], "versions": [0, 0], "reason": "登记了两次"},
        headers={"x-csrftoken": organizer.cookies["csrftoken"]},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "on-his-way")
