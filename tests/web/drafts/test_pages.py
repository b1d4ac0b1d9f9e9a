"""Drafts: what was typed into a form is there again, for him alone, until the form has been taken."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest
from litestar import Litestar

from core.database import fetchval
from tenants.database.session import county_session
from tenants.ground.redis import redis_client
from tests.web.cases.seed import applicant, do, opened
from tests.web.conftest import TODAY, Browser, Seeded, browser

TALK = {
    "talk.with": "applicant",
    "documents.*": "talk-record-five-points",
    "day": "2026-11-12",
    "as": "branch",
    "version": "1",
}


async def fresh(county: Seeded, name: str) -> UUID:
    """A case with its application only."""
    async with county_session(county.id):
        return await opened(county, await applicant(county, name), date(2026, 11, 2))


async def test_a_draft_is_kept_encrypted_restored_and_gone_after_the_record(
    secretary: Browser, county: Seeded
) -> None:
    case = await fresh(county, "顾言")
    path = f"/cases/{case}/record/applicant-talk"
    form = await secretary.open(path)
    assert f'name="_draft" value="{path}"' in form.text
    answer = await secretary.submit(
        "/drafts", _draft=path, note="先写到这里", version="1", **{"talk.with": "applicant"}
    )
    assert answer.status_code == 204
    [key] = [key async for key in redis_client().scan_iter(f"draft:*:/cases/{case}/*")]
    assert str(county.accounts["branch-secretary"]) in key
    assert "先写到这里" not in str(await redis_client().get(key))
    assert 0 < await redis_client().ttl(key) <= 7 * 24 * 3600
    async with county_session(county.id):
        await do(county, case, "applicant-talk", date(2026, 11, 5))
    form = await secretary.open(path)
    assert "没有记完的内容" in form.text
    assert "先写到这里" in form.text
    assert 'value="applicant" checked' in form.text
    assert "李桂兰（党支部）记录了“党组织派人谈话”" in form.text
    told = re.search(r'name="version" value="(\d+)"', form.text)
    assert told is not None
    sent = await secretary.submit(path, **{**TALK, "version": told[1]})
    assert sent.status_code == 303, "what was written since has been shown: it is meant against that"
    assert await redis_client().get(key) is None
    late = await secretary.submit("/drafts", _draft=path, note="先写到这里", version="1")
    assert late.status_code == 204
    assert await redis_client().get(key) is None, "it was sent on its way before the record was answered"


async def test_a_draft_is_nobody_else_s_and_can_be_thrown_away(app: Litestar, county: Seeded) -> None:
    case = await fresh(county, "关山")
    path = f"/cases/{case}/record/applicant-talk"
    async with browser(app) as one, browser(app) as two:
        await one.sign_in(county, "branch-secretary")
        await two.sign_in(county, "branch-organizer")
        await one.open(path)
        await one.submit("/drafts", _draft=path, note="只有我看", version="1")
        assert "只有我看" not in (await two.open(path)).text
        answer = await one.submit("/drafts/discard", _draft=path)
        assert (answer.status_code, answer.headers["location"]) == (303, path)
        assert "只有我看" not in (await one.open(path)).text


async def test_drafts_are_of_our_own_addresses_and_few(
    secretary: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They lie in the memory that the queue and the sign-ins need, too."""
    monkeypatch.setattr("web.kit.draft.MOST", 2)
    await secretary.open("/cases")
    for at in ("", "//else.where/x", "https://else.where/", "/cases/" + "x" * 500):
        for path in ("/drafts", "/drafts/discard"):
            answer = await secretary.submit(path, _draft=at, note="占地方")
            assert (answer.status_code, "没有这张表单" in answer.text) == (404, True)
    kept = [f"/cases/new/{number}" for number in range(3)]
    for at in kept:
        assert (await secretary.submit("/drafts", _draft=at, note="写了一半")).status_code == 204
    pattern = f"draft:*:{county.accounts['branch-secretary']}:*"
    left = {key.split(":")[3] async for key in redis_client().scan_iter(pattern)}
    assert left == set(kept[1:]), "the oldest has gone"


async def test_what_was_refused_is_kept_too(secretary: Browser, county: Seeded) -> None:
    case = await fresh(county, "郭襄")
    path = f"/cases/{case}/record/applicant-talk"
    answer = await secretary.submit(path, **{**TALK, "day": "2026-12-30", "note": "写了一半"})
    assert answer.status_code == 422
    form = await secretary.open(path)
    assert "写了一半" in form.text
    assert 'value="2026-12-30"' in form.text


async def test_meetings_corrections_and_what_begins_a_case_keep_theirs(
    secretary: Browser, county: Seeded
) -> None:
    case = await fresh(county, "程英")
    async with county_session(county.id):
        entry = await fetchval("select id from case_entry where case_id = $1", case)
        person = await applicant(county, "陆无双")
    meeting = f"/cases/meeting?unit={county.units['东街支部'].id}&kind=branch-meeting"
    forms = {
        meeting: ("/cases/meeting", "place"),
        f"/cases/{case}/entries/{entry}/correct": ("", "reason"),
        f"/cases/new/{person}": ("", "note"),
    }
    for at, (path, field) in forms.items():
        form = await secretary.open(path or at)
        assert f'name="_draft" value="{at.replace("&", "&amp;")}"' in form.text
        answer = await secretary.submit("/drafts", _draft=at, day="2026-11-03", **{field: "写到一半的话"})
        assert answer.status_code == 204
        form = await secretary.open(path or at)
        assert "写到一半的话" in form.text
        assert 'value="2026-11-03"' in form.text
        assert "没有记完的内容" in form.text
    later = await secretary.open(f"{meeting}&day=2026-11-05")  # another day, the same meeting
    assert "写到一半的话" in later.text
    assert 'name="day" value="2026-11-05"' in later.text
    answer = await secretary.submit(f"/cases/{case}/entries/{entry}/correct", day="不是日期", reason="另一句")
    assert answer.status_code == 422
    assert "另一句" in (await secretary.open(f"/cases/{case}/entries/{entry}/correct")).text


async def test_the_gate_says_that_nothing_was_lost_where_that_is_so(
    secretary: Browser, county: Seeded
) -> None:
    case = await fresh(county, "小龙女")
    path = f"/cases/{case}/record/applicant-talk"
    await secretary.open(path)
    await secretary.submit("/drafts", _draft=path, note="写了一半")
    secretary.cookies.set("dangwu-session", "0" * 32, domain="dangwu.test")
    answer = await secretary.get(path)
    assert answer.headers["location"].endswith("&expired=1")
    gate = (await secretary.get(answer.headers["location"])).text
    assert "您没有填完的内容没有丢失" in gate
    assert "没有丢失" not in (await secretary.get("/sign-in?next=/cases&expired=1")).text
    await secretary.sign_in(county, "branch-secretary")
    await secretary.open(path)
    assert (await secretary.submit(path, **TALK)).status_code == 303
    assert "没有丢失" not in (await secretary.get(f"/sign-in?next={path}&expired=1")).text


async def test_a_version_that_is_no_number_keeps_what_was_typed(secretary: Browser, county: Seeded) -> None:
    await secretary.open("/cases/meeting")
    at = f"/cases/meeting?unit={county.units['东街支部'].id}&kind=party-day"
    answer = await secretary.submit("/drafts", _draft=at, place="写到一半", version="9" * 5000)
    assert answer.status_code == 204
    assert "写到一半" in (await secretary.open(at)).text


async def test_forms_of_the_register_and_of_what_becomes_of_a_case_keep_theirs(
    secretary: Browser, organizer: Browser, admin: Browser, county: Seeded
) -> None:
    branch = str(county.units["东街支部"].id)
    assert 'name="_draft" value="/people/new"' in (await secretary.open("/people/new")).text
    kept = await secretary.submit("/drafts", _draft="/people/new", name="半张表", job="教师", unit=branch)
    assert kept.status_code == 204
    again = (await secretary.open("/people/new")).text
    assert "没有记完的内容" in again
    assert 'value="半张表"' in again
    made = await secretary.submit("/people/new", name="半张表", job="教师", unit=branch)
    assert made.status_code == 303, made.text
    assert 'value="半张表"' not in (await secretary.open("/people/new")).text
    edit = f"{made.headers['location']}/edit"
    await secretary.open(edit)
    await secretary.submit("/drafts", _draft=edit, name="半张表", job="校长", version="0")
    shown = (await secretary.open(edit)).text
    assert 'value="校长"' in shown
    assert 'name="version" value="0"' in shown, "meant against what he had read"
    person, committee = made.headers["location"], f"/units/{county.units['城关镇党委'].id}"
    case = f"/cases/{await fresh(county, '半份档案')}"
    for who, path, field in (
        (admin, f"{committee}/new", "name"), (admin, f"{committee}/edit", "name"), (admin, "/accounts/new", "name"),
        (organizer, f"{person}/spans/new?kind=post", "note"), (organizer, f"{person}/leave", "reason"),
        (secretary, f"{case}/return", "reason"), (secretary, f"{case}/end", "note"),
        (secretary, f"{case}/facts", "note"), (secretary, f"{case}/history", "note"),
    ):  # fmt: skip
        assert f'name="_draft" value="{path}"' in (await who.open(path)).text
        assert (await who.submit("/drafts", _draft=path, **{field: "也留着"})).status_code == 204
        assert "也留着" in (await who.open(path)).text, path
        await who.submit("/drafts/discard", _draft=path)


async def test_a_refused_form_has_an_address_to_go_back_to(
    app: Litestar, secretary: Browser, county: Seeded
) -> None:
    """A browser keeps no page that answers a POST: it is sent to one that it can fetch again, by him alone."""
    branch, path = str(county.units["东街支部"].id), "/people/new?unit=x"
    place = {"headers": {"referer": f"http://dangwu.test{path}"}}
    await secretary.open("/people/new")
    typed = {"_csrf_token": secretary.token, "name": "回头人", "unit": branch, "phone": "12"}
    sent = await secretary.post("/people/new", data=typed, **place)  # type: ignore[arg-type]
    assert sent.status_code == 303
    at = sent.headers["location"]
    assert at.startswith(f"{path}&answer=")
    for _ in range(2):
        again = await secretary.open(at)
        assert again.status_code == 422
        assert "手机号应为 1 开头的 11 位数字" in again.text
        assert 'value="回头人"' in again.text
        assert f'value="{secretary.cookies["csrftoken"]}"' in again.text, "so that it can be sent again"
        assert 'action="/people/new"' in again.text, "to where it was sent first"
    plain = await secretary.open("/people/new")
    for name in ("cache-control", "content-security-policy", "x-content-type-options"):
        assert again.headers[name] == plain.headers[name], name
    own = secretary.cookies["csrftoken"]
    secretary.cookies.set("csrftoken", "a><i>planted</i>", domain="dangwu.test")
    assert "<i>planted" not in (await secretary.open(at)).text, "a cookie is whoever planted it"
    secretary.cookies.set("csrftoken", own, domain="dangwu.test")
    async with browser(app) as other:
        await other.sign_in(county, "branch-organizer")
        gone = await other.open(at)
        assert (gone.status_code, gone.headers["location"]) == (303, path), "to the form itself"
    for stranger in ("//else.where/x", "/%5C/else.where"):
        led = await secretary.get(f"http://dangwu.test{stranger}?answer=x")
        assert not led.headers.get("location", "/x").startswith(("//", "/\\")), "no way to another site"
    secretary.cookies.set("dangwu-session", "0" * 64, domain="dangwu.test")
    assert "/sign-in" in (await secretary.open(at)).headers["location"]
    await secretary.sign_in(county, "branch-secretary")
    again = await secretary.open(at)
    assert f'value="{secretary.cookies["csrftoken"]}"' in again.text, "that of the new sign-in"
    lying = [key async for key in redis_client().scan_iter("answer:*:*:*")]
    assert lying
    async with county_session(county.id) as session:
        ended = "update holding set until = $2 where account_id = $1"
        await session.execute(ended, county.accounts["branch-secretary"], TODAY)
    gone = await secretary.open(at)
    assert (gone.status_code, gone.headers["location"]) == (303, path), "not after a right is lost"
    async with county_session(county.id) as session:
        await session.execute(ended, county.accounts["branch-secretary"], None)
    assert "回头人" not in str([await redis_client().get(key) for key in lying])


async def test_what_is_seen_once_cannot_be_gone_back_to(admin: Browser, county: Seeded) -> None:
    await admin.open("/accounts/new")
    typed = {
        "_csrf_token": admin.token, "name": "新来的", "login": "newcomer", "role": "branch-organizer",
        "unit_id": str(county.units["东街支部"].id), "since": "2026-11-01",
    }  # fmt: skip
    headers = {"referer": "http://dangwu.test/accounts/new"}
    made = await admin.post("/accounts/new", data=typed, headers=headers)
    assert made.status_code == 201, "a first password is on this answer and nowhere else"
