"""A member goes to another county, as both sides and whoever reads the code on his letter see it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date
from uuid import UUID

from asyncpg import Record
from litestar import Litestar

from core.register.model import PersonDraft
from core.register.service import enter
from core.transfers.reply import reply
from tenants.database.session import county_session, current_session
from tenants.policies.regimes import regime_of_path
from tests.core.conftest import resident_id
from tests.web.cases.papers.test_pages import text_of
from tests.web.cases.test_transfers import NEW, done
from tests.web.conftest import TODAY, Browser, Seeded, browser, everything
from tests.web.forms import shown


def given_from(first: str, rows: Sequence[Record]) -> dict[str, object]:
    """The form that numbers the letters of these cases."""
    return {"day": "2026-11-13", "first": first, "case": [str(row["id"]) for row in rows]}


async def asks(value: str, county: Seeded, *args: object) -> object:
    """A value in a county."""
    async with county_session(county.id):
        return await current_session().fetchval(value, *args)


async def test_from_one_county_to_another(
    app: Litestar, county: Seeded, other_county: Seeded, client: Browser
) -> None:
    async with county_session(county.id):
        draft = PersonDraft(
            name="出县人", national_id=resident_id(date(1980, 1, 1)), membership="full", joined=date(2005, 7, 1),
            converted=date(2006, 7, 1),
        )  # fmt: skip
        person = await enter(everything(), county.units["东街支部"].id, draft, TODAY)
    async with AsyncExitStack() as stack:
        branch, committee, theirs, their_branch, their_committee = [
            await stack.enter_async_context(browser(app)) for _ in range(5)
        ]
        for who, where, login in (
            (branch, county, "branch-secretary"), (committee, county, "committee-secretary"),
            (theirs, other_county, "department-organizer"), (their_branch, other_county, "branch-secretary"),
            (their_committee, other_county, "committee-secretary"),
        ):  # fmt: skip
            await who.sign_in(where, login)
        page = await branch.open(f"/cases/new/{person}{NEW}")
        assert "西山县" in page.text, "a county of the platform"
        asked = {"day": "2026-11-02", "documents.*": "transfer-request", "beyond": "西山县城关镇党委"}
        neither = await branch.submit(f"/cases/new/{person}{NEW}", **{**asked, "beyond": ""})
        assert neither.status_code == 422
        body = {"person_id": str(person), "procedure": "transfer", "day": "2026-11-02"}
        abroad, inside = {"county_id": str(other_county.id)}, {"to": str(county.units["上河支部"].id)}
        for goal, said in (
            (abroad, "请写明县外的党组织"),
            ({**inside, **abroad, "beyond": "西山"}, "只能选一个"),
        ):
            refused = await branch.post(
                "/api/v1/cases", json={**body, **goal}, headers={"x-csrftoken": branch.token}
            )
            assert (refused.status_code, said in refused.text) == (422, True)
        sent = await branch.submit(f"/cases/new/{person}{NEW}", **asked, beyond_county=str(other_county.id))
        assert sent.status_code == 303, sent.text
        path = str(sent.headers["location"])
        assert "转往 西山县城关镇党委" in (await branch.open(path)).text
        await done(branch, path, "release-check", "2026-11-03", **{"documents.*": "dues-statement"})
        await done(committee, path, "release", "2026-11-04", consent__committee="granted")
        assert "出县人" not in (await theirs.open("/transfers?kind=offered")).text, (
            "nobody is pulled without release"
        )
        letter = {"documents.*": "letter-stub", "serial.number": "跨-001"}
        await done(committee, path, "introduction-letter", "2026-11-05", **letter)
        printed = await committee.open(f"{path}/papers/national.introduction-letter?step=introduction-letter")
        assert "扫码核对编号" in text_of(printed.content)
        own = await committee.open(f"{path}/record/reception")
        assert own.status_code == 200
        early = await committee.submit(
            f"{path}/record/reception",
            day="2026-11-06",
            version="4",
            **{"as": "committee", "consent.committee": "granted"},
        )
        assert early.status_code == 409
        assert "由对方接收" in early.text

        listed = await theirs.open("/transfers?kind=offered")
        [line] = (await theirs.open("/api/v1/letters?kind=offered")).json()["items"]
        assert (line["name"], line["case_id"], line["over"]) == ("出县人", None, False)
        assert "check" not in line
        said = (await theirs.open(f"/api/v1/letters/{line['id']}/offer")).json()
        assert (said["joined"], said["taken"]) == ("2005-07-01", False)
        assert not {"national_id", "phone", "address"} & said.keys()
        assert (await their_branch.open(f"/api/v1/letters/{line['id']}/offer")).status_code == 403
        assert (await their_branch.open("/api/v1/letters?kind=mine")).status_code == 422
        [offer] = re.findall(r"/transfers/offers/[0-9a-f-]+", listed.text)
        assert (await their_branch.open(offer)).status_code == 403
        assert (await committee.open(offer)).status_code == 404, "another county's letters are none"
        assert "出县人" not in (await their_branch.open("/transfers")).text
        shown = (await theirs.open(offer)).text
        assert "2005-07-01" in shown
        assert resident_id(date(1980, 1, 1)) not in shown
        taken = await theirs.submit(offer, unit=str(other_county.units["东街支部"].id))
        assert taken.status_code == 303, taken.text
        theirs_path = str(taken.headers["location"])
        again = await theirs.submit(offer, unit=str(other_county.units["东街支部"].id))
        assert again.status_code == 409
        assert (await branch.open(theirs_path)).status_code == 404
        assert f'/transfers/letters/{line["id"]}">第 跨-001 号' in (await their_branch.open(theirs_path)).text
        enclosed = await their_branch.open(f"/transfers/letters/{line['id']}")
        assert "东河县 城关镇党委" in enclosed.text
        assert "核验码" not in enclosed.text, "who issued it prints the code"
        waits = (await their_branch.open("/")).text
        assert "出县人" in waits
        awaited = await asks(
            "select person_id from case_file where id = $1", other_county, UUID(theirs_path[-36:])
        )
        assert "等待接收" in (await their_branch.open(f"/people/{awaited}")).text
        assert "出县人" not in (await their_branch.open("/people")).text
        assert "出县人" not in (await theirs.open("/people/former")).text

        await done(their_branch, theirs_path, "reception", "2026-11-10", consent__branch="granted")
        token = str(await asks("select token from letter where number = '跨-001'", county))
        assert "有效" in (await client.open(f"/letters/{token}")).text
        await done(their_committee, theirs_path, "reception", "2026-11-12", consent__committee="granted")
        assert "出县人" in (await their_branch.open("/people")).text
        assert "从县外转入东街支部，自 2026-11-12 起" in (await their_branch.open(f"/people/{awaited}")).text
        assert "转出本县，自 2026-11-12 起不在册" in (await branch.open(f"/people/{person}")).text
        async with browser(app) as ours:
            await ours.sign_in(county, "department-organizer")
            await ours.open(f"/people/{person}/return")
            typed = {
                "unit": str(county.units["东街支部"].id),
                "day": "2026-11-15",
                "reason": "转回",
                "paper": "函",
            }
            for act, fields in (("return", typed), ("return/mistaken", {"mistake": "记错"})):
                refused = await ours.submit(f"/people/{person}/{act}", **fields)
                assert (refused.status_code, "现在登记在那里" in refused.text) == (409, True), act
        await done(their_committee, theirs_path, "receipt", "2026-11-15", **{"documents.*": "letter-receipt"})
        one = await asks("select id from letter where number = '跨-001'", county)
        async with county_session(county.id):
            await reply(UUID(str(one)), TODAY, regime_of_path)
        assert "西山县" in (await branch.open(f"{path}/history")).text
        await done(branch, path, "transfer-archiving", "2026-11-20", **{"documents.*": "letter-archived"})

    told = (await client.open(f"/letters/{token}")).text
    assert all(
        word in told for word in ("跨-001", "东河县 城关镇党委", "2026-11-05", "2027-02-03", "已经使用")
    )
    assert "出县人" not in told
    assert (await client.open(f"/letters/{token[:-1]}")).status_code == 404
    answers = [(await client.open(f"/letters/{token}")).status_code for _ in range(30)]
    assert (answers[0], answers[-1]) == (200, 429), "not as often as one likes"


async def test_from_outside_by_a_letter_on_paper(
    organizer: Browser, county: Seeded, secretary: Browser
) -> None:
    paper = {
        "number": "杭 20", "issuer": "杭州市某街道党工委", "issued_on": "2026-11-01", "valid_until": "2027-01-20",
        "name": "外来人", "national_id": resident_id(date(1981, 5, 20)), "membership": "full", "joined": "2004-07-01",
        "converted": "2005-07-01", "unit": str(county.units["东街支部"].id),
    }  # fmt: skip
    await organizer.open("/transfers/present")
    over = await organizer.submit("/transfers/present", **{**paper, "valid_until": "2026-11-20"})
    assert over.status_code == 422
    assert "过期作废" in over.text
    ages = await organizer.submit("/transfers/present", **{**paper, "issued_on": "2025-01-02"})
    assert (ages.status_code, "超过一年" in ages.text) == (422, True)
    shown = await organizer.submit("/transfers/present", **paper)
    assert shown.status_code == 303, shown.text
    assert (await secretary.open("/transfers/present")).status_code == 403
    assert "从 杭州市某街道党工委 转来" in (await secretary.open(str(shown.headers["location"]))).text
    [awaited] = re.findall(
        r"/people/([0-9a-f-]{36})", (await secretary.open(str(shown.headers["location"]))).text
    )[:1]
    asked = {"day": "2026-11-10", "documents.*": "withdrawal-application"}
    begun = await secretary.submit(f"/cases/new/{awaited}?procedure=withdrawal", **asked)
    assert (begun.status_code, "接收以前不能办理别的事项" in begun.text) == (409, True), begun.text
    await organizer.open("/transfers/present")
    twice = await organizer.submit("/transfers/present", **paper)
    assert twice.status_code == 409


async def test_many_leave_at_once_and_their_letters_are_numbered(app: Litestar, county: Seeded) -> None:
    """Nothing is saved that was not shown before, and of many nothing where one cannot be."""
    unit = str(county.units["东街支部"].id)
    async with county_session(county.id):
        names = ("毕业甲", "毕业乙", "毕业丙")
        people = [
            await enter(
                everything(), county.units["东街支部"].id, PersonDraft(name=name, membership="full"), TODAY
            )
            for name in (*names, "接口转出")
        ]
    alone = people.pop()
    cases = "select count(*) from case_file where person_id = any($1)"
    async with AsyncExitStack() as stack:
        branch, committee = [await stack.enter_async_context(browser(app)) for _ in range(2)]
        await branch.sign_in(county, "branch-secretary")
        await committee.sign_in(county, "committee-secretary")
        listed = await branch.open(f"/transfers/graduates?unit={unit}")
        assert all(name in listed.text for name in names)
        body = {
            "person_id": str(alone), "procedure": "transfer", "day": "2026-11-10", "beyond": "省人才服务中心党委",
            "evidence": {"documents": ["transfer-request"]},
        }  # fmt: skip
        made = await branch.post("/api/v1/cases", json=body, headers={"x-csrftoken": branch.token})
        assert made.status_code == 201, made.text
        page = await branch.open(f"/cases/{made.json()['case_id']}")
        assert "转往 省人才服务中心党委" in page.text, "by the API as by the page"
        asked = {
            "unit": unit, "day": "2026-11-10", "beyond": "省人才服务中心党委", "papers": "1",
            f"beyond.{people[1]}": "某市某区某某街道党工委", "go": [str(one) for one in people],
        }  # fmt: skip
        seen = await branch.submit("/transfers/graduates", **asked)
        assert "这样办可以，尚未保存" in seen.text
        assert await asks(cases, county, people) == 0
        sent = await branch.submit("/transfers/graduates", **asked, keep=shown(seen.text))
        assert sent.status_code == 303, sent.text
        assert await asks(cases, county, people) == 3
        again = await branch.submit("/transfers/graduates", **asked, keep=shown(seen.text))
        assert "一个都没有保存" in again.text
        async with county_session(county.id):
            rows = await current_session().fetch(
                "select id, beyond from case_file where person_id = any($1) order by py", people
            )
        assert sorted(row["beyond"] for row in rows)[0] == "某市某区某某街道党工委"
        for row in rows:
            path = f"/cases/{row['id']}"
            await done(branch, path, "release-check", "2026-11-11", **{"documents.*": "dues-statement"})
            await done(committee, path, "release", "2026-11-12", consent__committee="granted")
        told = (await committee.open("/api/v1/letters/waiting")).json()
        assert {one["name"] for one in told} >= set(names)
        many = {"cases": [one["case_id"] for one in told], "day": "2026-11-13", "first": "毕-009"}
        tried = await committee.request(
            "POST", "/api/v1/letters/numbers", json=many, headers={"x-csrftoken": committee.token}
        )
        assert (tried.json()["kept"], len(tried.json()["items"])) == (False, len(told))
        for first, said in (
            ("号" * 300 + "1", "最多 60 个字"), ("1" * 5000, "最多 60 个字"), ("毕", "以数字结尾"), ("=1+1", "以数字结尾"),
        ):  # fmt: skip
            answer = await committee.request(
                "POST",
                "/api/v1/letters/numbers",
                json={**many, "first": first},
                headers={"x-csrftoken": committee.token},
            )
            assert (answer.status_code, said in answer.json()["sentence"]) == (422, True), first
        longer = await committee.submit(
            "/transfers/numbers", **given_from("\u202e２０２６9999999999998", rows)
        )
        assert "第 20270000000000000 号" in longer.text, (
            "wide figures, what cannot be seen, a carry over twelve"
        )
        page = await committee.open("/transfers/numbers")
        assert all(name in page.text for name in names)
        assert "东街支部" in page.text
        assert " · " not in "".join(one["unit"] for one in told), (
            "a letter is of the branch, not of the group"
        )
        given = given_from("毕-009", rows)
        seen = await committee.submit("/transfers/numbers", **given)
        assert seen.text.count("可办") == 3
        assert "第 毕-011 号" in seen.text
        other = await committee.submit(
            "/transfers/numbers", **given | {"first": "毕-109"}, keep=shown(seen.text)
        )
        assert "尚未保存" in other.text, "other numbers than those that were shown"
        sent = await committee.submit("/transfers/numbers", **given, keep=shown(seen.text))
        assert sent.status_code == 303, sent.text
        out = await committee.open("/transfers?kind=out")
        assert all(f"毕-0{n}" in out.text for n in ("09", "10", "11"))
        [letter] = re.findall(r'href="(/transfers/letters/[^"]+)">毕-009', out.text)
        code = (await committee.open(letter)).text
        token = await asks("select token from letter where number = '毕-009'", county)
        assert "<svg" in code
        assert f"http://dangwu.test/letters/{token}" in code
