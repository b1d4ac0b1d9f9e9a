"""What a hostile or careless sender may send: each gets a sentence, and nothing is half-written or written twice."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from litestar import Litestar

from tenants.accounts.throttle import FAILURES_PER_ACCOUNT
from tenants.database.session import county_session, current_session
from tests.web.cases.seed import applicant, opened
from tests.web.conftest import PASSWORD, Browser, Seeded, browser
from tests.web.documented import refuse_undocumented
from tests.web.routes import bare, routes
from web.kit.public import is_public
from web.proxies import behind

NUL, SUPERSCRIPT, ETHIOPIC = "\0", "²", "፩"
LISTS = (
    "/people?q={}", "/people?membership={}", "/people?unit={}", "/people?after={}", "/cases?q={}", "/cases?stage={}",
    "/cases?step={}", "/cases?waits={}", "/cases?sort={}", "/cases?after={}", "/units?q={}", "/find?q={}",
    "/accounts?q={}", "/policies/effective?tags={}", "/api/v1/people?membership={}", "/api/v1/units/search?q={}",
    "/plans?year={}", "/api/v1/plans?year={}", "/activities/attendance?year={}",
)  # fmt: skip
PROVEN = {
    "/api/v1/oauth/token": 400,
    "/sign-in/oidc/{county:str}/{provider_id:uuid}/logout": 404,
}
"""Programs write here, which have no cookie that somebody could abuse: a secret or a signed notice opens them, and what comes
without it is refused so."""
ODD = (
    "%00",
    "a%00b",
    "%25",
    "_",
    "'",
    '"',
    "%5C",
    "%E2%80%AE",
    "%ED%A0%80",
    "%FF",
    "9" * 90,
    "-1",
    "%C2%B2",
    "NaN",
)


def csrf(made: Browser) -> dict[str, str]:
    """The header that the API wants."""
    return {"x-csrftoken": made.cookies["csrftoken"]}


async def call(made: Browser, method: str, path: str, body: Any = None) -> httpx.Response:
    """A call of the API; its answer is one that is documented."""
    answer = await made.request(method, f"/api/v1{path}", json=body, headers=csrf(made))
    refuse_undocumented(made.app, answer)
    return answer


def is_said(answer: httpx.Response) -> bool:
    """Whether it is no failure of ours, and an error is a sentence in Chinese."""
    sentence = (
        answer.json().get("sentence", "")
        if "problem" in answer.headers.get("content-type", "")
        else answer.text
    )
    return answer.status_code < 500 and (answer.status_code < 400 or bool(re.search(r"[一-鿿]。", sentence)))


def key(*items: object) -> str:
    """A cursor as the lists make them."""
    return base64.urlsafe_b64encode(json.dumps(items).encode()).decode().rstrip("=")


@pytest.mark.parametrize("address", LISTS)
async def test_odd_words_in_an_address(organizer: Browser, address: str) -> None:
    for odd in ODD:
        assert is_said(await organizer.get(address.format(odd))), (address, odd)


async def test_days_at_the_ends_of_time(organizer: Browser) -> None:
    """Where there is no day before or after."""
    for day in ("0001-01-01", "9999-12-31"):
        for address in (
            "/month?day={}", "/month?month={}", "/statistics?day={}", "/statistics/flows?since={}", "/statistics/flows?until={}",
            "/people?since={}&until={}", "/cases/meeting?day={}", "/policies?day={}",
        ):  # fmt: skip
            assert is_said(await organizer.get(address.format(day, day))), (address, day)
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        read = await call(organizer, "POST", "/notices/read", {"until": moment})
        assert (read.status_code, read.json()) == (200, {"count": 0}), moment
        assert (await organizer.submit("/notices/read", until=moment)).status_code == 303
    for moment in ("", "2026-11-21T00:00:00", "昨天"):
        said = await organizer.submit("/notices/read", until=moment)
        assert (said.status_code, "都没有标为已读" in said.text) == (422, True)


@pytest.mark.parametrize("path", ["/people", "/api/v1/people", "/cases", "/cases?sort=due", "/api/v1/cases"])
async def test_cursors_made_by_hand(organizer: Browser, path: str) -> None:
    some = str(uuid4())
    for made in (
        key(), key(None), key("a"), key(NUL, some), key(10**30, some), key("0001-01-01", some), key("9999-99-99", some),
        key(some, NUL), key("2026-01-01", NUL, some), key({"a": 1}, some), "%", "=" * 10, "W10" * 40,
    ):  # fmt: skip
        answer = await organizer.get(path, params={"after": made})
        assert is_said(answer), (path, made)


@pytest.mark.parametrize("name", ["a%00b.css", "a" * 300, "..%2F..%2Fapp.py", "%FF"])
async def test_names_that_are_no_static_file(client: Browser, name: str) -> None:
    answer = await client.get(f"/static/{name}")
    assert answer.status_code == 404
    assert "没有找到" in answer.text


async def test_static_files_are_the_same_for_everybody(client: Browser, admin: Browser) -> None:
    """A shared cache must not hand one visitor's token to the next."""
    for made in (client, admin):
        assert "set-cookie" not in (await made.get("/static/base.css")).headers


@pytest.mark.parametrize("version", [-1, 10**6, 2**31, 2**63, 10**30, -(10**30)])
async def test_a_version_that_never_was_is_stale(admin: Browser, county: Seeded, version: int) -> None:
    person, unit = county.people["张三"], county.units["上河支部"].id
    for method, path, draft in (
        ("PUT", f"/people/{person}", {"name": "张三"}),
        ("PATCH", f"/units/{unit}", {"kind": "branch", "name": "别的名称"}),
    ):
        answer = await call(admin, method, path, {"version": version, "draft": draft})
        assert (answer.status_code, answer.json()["code"]) in {(409, "stale"), (403, "forbidden")}, path


@pytest.mark.parametrize("typed", [SUPERSCRIPT, ETHIOPIC, "9" * 200, "1e5", "-" * 5])
async def test_what_only_looks_like_a_number(organizer: Browser, county: Seeded, typed: str) -> None:
    address = f"/people/{county.people['张三']}/edit"
    await organizer.open(address)
    answer = await organizer.submit(address, name="张三", version=typed)
    assert answer.status_code == 422
    assert "不是一个整数" in answer.text or "太大" in answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"version":0,"draft":{"name":"\xed\xa0\x80"}}', 400),
        (b'{"version":0,"draft":{"name":"\\ud800"}}', 400),
        (b'{"version":' + b"9" * 5000 + b',"draft":{"name":"x"}}', 400),
        (b"\xff\xfe", 400),
        (b"", 400),
    ],
)
async def test_bodies_that_cannot_be_read(
    organizer: Browser, county: Seeded, body: bytes, status: int
) -> None:
    headers = csrf(organizer) | {"content-type": "application/json"}
    answer = await organizer.put(f"/api/v1/people/{county.people['张三']}", content=body, headers=headers)
    assert (answer.status_code, is_said(answer)) == (status, True)


async def test_a_body_that_goes_too_deep(secretary: Browser, county: Seeded) -> None:
    case = await _case(county, "深层人")
    deep = (
        b'{"step":"applicant-talk","day":"2026-11-01","version":1,"evidence":{"a":'
        + b"[" * 5000
        + b"]" * 5000
        + b"}}"
    )
    headers = csrf(secretary) | {"content-type": "application/json"}
    answer = await secretary.post(f"/api/v1/cases/{case}/records", content=deep, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")


async def test_what_is_quoted_is_short(secretary: Browser, county: Seeded) -> None:
    case = await _case(county, "长词人")
    sent = {"step": "长" * 5000, "day": "2026-11-01", "version": 1, "evidence": {}}
    answer = await call(secretary, "POST", f"/cases/{case}/records", sent)
    assert (answer.status_code, is_said(answer), len(answer.text) < 1_500) == (422, True, True), answer.text[
        :300
    ]


async def test_what_the_api_cannot_read_is_named_in_chinese(admin: Browser) -> None:
    fields = (await admin.get("/api/v1/units?dissolved=perhaps")).json()["fields"]
    assert set(fields) == {"dissolved"}
    assert all("格式不对" in text for text in fields.values())
    fields = (await call(admin, "PUT", "/policies/allowance")).json()["fields"]
    assert fields == {"data": "没有收到 JSON 内容。请按接口说明 /api/v1/openapi.json 提交。"}


async def test_a_sign_in_with_characters_that_cannot_be_stored(client: Browser, county: Seeded) -> None:
    await client.open("/sign-in")
    for fields in ({"county": county.slug, "login": "a\0"}, {"county": "\0", "login": "a"}):
        answer = await client.submit("/sign-in", password="x", **fields)
        assert answer.status_code == 422
        assert "不能保存的字符" in answer.text


async def test_every_route_that_writes_wants_the_token(
    app: Litestar, admin: Browser, client: Browser
) -> None:
    """Signed in or not, in a form or by the API; but for what wants a proof of its own."""
    for method, path in routes(app):
        if method == "GET":
            continue
        address = re.sub(r"\{[^}]+\}", str(UUID(int=0)), path)
        made = client if is_public(method, bare(path)) else admin
        answer = await made.request(method, address, json={})
        assert answer.status_code == PROVEN.get(path, 403), (method, path)
        if path not in PROVEN:
            assert "x-csrftoken" in answer.text or "不是从本系统打开的" in answer.text


async def test_headers_on_answers_of_every_kind(admin: Browser, organizer: Browser, client: Browser) -> None:
    answers = [
        await client.get("/units"),  # redirect
        await client.get("/people", headers={"hx-request": "true"}),  # 401 to htmx
        await organizer.get("/accounts", headers={"hx-request": "true"}),  # fragment
        await admin.request("DELETE", "/units", headers=csrf(admin)),  # 405
        await admin.post("/people/import", data={"file": "0" * 27_000_000}, headers=csrf(admin)),  # 413
        await admin.get("/people/template"),  # download
        await admin.options("/units"),
        await admin.head("/units"),
    ]
    assert [answer.status_code for answer in answers] == [303, 401, 403, 405, 413, 200, 204, 405]
    for answer in answers:
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
    assert answers[5].headers["content-disposition"].startswith("attachment;")


# === Accounts ===


async def test_an_account_out_of_reach_gets_no_role(app: Litestar, county: Seeded) -> None:
    """A committee secretary neither learns of the administrator's account nor puts it within his reach."""
    await _alone(county, "committee-secretary")
    async with browser(app) as made:
        await made.sign_in(county, "committee-secretary")
        grant = {"role": "inspector", "unit_id": str(county.units["城关镇党委"].id), "since": "2026-11-01"}
        for login, status in (
            ("department-admin", 404),
            ("committee-organizer", 201),
            ("committee-secretary", 403),
        ):
            answer = await call(made, "POST", f"/accounts/{county.accounts[login]}/grants", grant)
            assert answer.status_code == status, login


async def test_nobody_takes_his_own_role_away(admin: Browser, county: Seeded) -> None:
    """The last administrator could not come back."""
    me = (await call(admin, "GET", f"/accounts/{county.accounts['department-admin']}")).json()
    answer = await call(
        admin, "POST", f"/accounts/grants/{me['grants'][0]['id']}/end", {"last": "2026-11-20"}
    )
    assert answer.status_code == 403
    assert "不能收回自己的职务权限" in answer.json()["sentence"]


async def test_a_role_given_twice_at_once_is_given_once(admin: Browser, county: Seeded) -> None:
    account = county.accounts["inspector"]
    grant = {"role": "inspector", "unit_id": str(county.units["河西乡党委"].id), "since": "2026-11-01"}
    answers = await asyncio.gather(
        *(call(admin, "POST", f"/accounts/{account}/grants", grant) for _ in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]
    made = next(answer.json()["id"] for answer in answers if answer.status_code == 201)
    for last, status in (("9999-12-31", 422), ("0001-01-01", 204)):
        answer = await call(admin, "POST", f"/accounts/grants/{made}/end", {"last": last})
        assert answer.status_code == status


async def test_a_failed_sign_in_is_in_the_log_without_what_was_typed(client: Browser, county: Seeded) -> None:
    known = county.accounts["branch-organizer"]
    await client.sign_in(county, "branch-organizer", "Wrong-2026-xx")
    await client.sign_in(county, "my-secret-password", "x")
    async with county_session(county.id):
        rows = await current_session().fetch(
            "select subject_id, by_name, said as detail from ledger_entry"
            " where verb = 'account.sign-in-failed' order by id desc limit 2"
        )
    assert [(row["subject_id"], row["by_name"]) for row in rows] == [(None, "系统"), (known, "系统")]
    assert "my-secret" not in str(rows)
    assert "Wrong-2026" not in str(rows)
    assert '"address"' in rows[0]["detail"]


async def test_the_old_password_cannot_be_guessed_at_a_computer_left_open(
    app: Litestar, county: Seeded
) -> None:
    async with browser(app) as made:
        await made.sign_in(county, "committee-organizer")
        await made.open("/password")
        for weak in ("a", "b", "c", "d", "e", "f"):
            answer = await made.submit("/password", old=PASSWORD, password=weak, again=weak)
            assert "密码不符合要求" in answer.text, "a weak new password is no guess"
        said = []
        for number in range(FAILURES_PER_ACCOUNT + 1):
            answer = await made.submit(
                "/password", old=f"guess-{number}", password="Shan-Hai_77", again="Shan-Hai_77"
            )
            said.append("尝试次数过多" in answer.text)
        assert said == [False] * FAILURES_PER_ACCOUNT + [True]


async def _address_seen(app: Litestar, county: Seeded, trusted: str, forwarded: str) -> str:
    """The address in the log of a failed sign-in that came from 10.1.1.1."""
    transport = httpx.ASGITransport(app=behind(app, trusted), client=("10.1.1.1", 4711))  # type: ignore[arg-type]
    async with Browser(transport=transport, base_url="http://dangwu.test") as made:
        made.headers["x-forwarded-for"] = forwarded
        await made.sign_in(county, f"nobody-{uuid4().hex[:8]}", "x")
    async with county_session(county.id):
        detail: str = await current_session().fetchval(
            "select said::json->>'address' from ledger_entry"
            " where verb = 'account.sign-in-failed' order by id desc limit 1"
        )
    return detail


@pytest.mark.parametrize(
    ("trusted", "forwarded", "seen"),
    [
        ("", "192.168.7.7", "10.1.1.1"),
        ("127.0.0.1", "192.168.7.7", "10.1.1.1"),
        ("10.0.0.0/8", "192.168.7.7", "192.168.7.7"),
        ("127.0.0.1, 10.1.1.1", "1.2.3.4, 192.168.7.7, 10.1.1.1", "192.168.7.7"),
    ],
)
async def test_only_a_trusted_proxy_says_whence_somebody_comes(
    app: Litestar, county: Seeded, trusted: str, forwarded: str, seen: str
) -> None:
    assert await _address_seen(app, county, trusted, forwarded) == seen


# === The same thing twice, and two things at once ===


async def test_the_same_person_sent_twice_is_entered_once(organizer: Browser, county: Seeded) -> None:
    await organizer.open("/people/new")
    sent = {"unit": county.units["上河支部"].id, "name": "双击人", "ethnicity": "汉族", "standing": "normal"}
    answers = await asyncio.gather(*(organizer.submit("/people/new", **sent) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert "内容完全相同，没有再登记一次" in next(a.text for a in answers if a.status_code == 409)
    assert len((await call(organizer, "GET", "/people?q=双击人")).json()["items"]) == 1
    await organizer.open("/people/new")
    assert (await organizer.submit("/people/new", born="1990-01-01", **sent)).status_code == 303, "a namesake"


async def test_the_same_record_sent_twice_is_written_once(secretary: Browser, county: Seeded) -> None:
    case = await _case(county, "双击办理人")
    version = (await call(secretary, "GET", f"/cases/{case}")).json()["version"]
    talk = {"talk": {"by": ["李书记"], "day": "2026-10-20"}}
    body = {"step": "applicant-talk", "day": "2026-10-20", "version": version, "evidence": talk}
    answers = await asyncio.gather(
        *(call(secretary, "POST", f"/cases/{case}/records", body) for _ in range(5))
    )
    written = [answer for answer in answers if answer.status_code == 201]
    assert len(written) <= 1
    assert {answer.status_code for answer in answers} <= {201, 409, 422}
    assert (await call(secretary, "GET", f"/cases/{case}")).json()["version"] == version + len(written)


async def test_the_same_remark_sent_twice_is_written_once(secretary: Browser, county: Seeded) -> None:
    case = await _case(county, "双击备注人")
    remark = {"text": "已电话通知本人"}
    answers = await asyncio.gather(
        *(call(secretary, "POST", f"/cases/{case}/notes", remark) for _ in range(3))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


async def test_two_committees_merged_into_each_other_at_once(
    app: Litestar, admin: Browser, county: Seeded
) -> None:
    """One of the two happens; nobody meets a failure of ours."""
    top = county.units["组织部"].id
    one, two = [
        (await call(admin, "POST", f"/units/{top}/children", {"kind": "committee", "name": name})).json()[
            "id"
        ]
        for name in ("甲镇党委", "乙镇党委")
    ]
    answers = await asyncio.gather(
        *(
            call(admin, "POST", f"/units/{unit}/merge", {"version": 0, "into_id": into, "day": "2026-11-01"})
            for unit, into in [(one, two), (two, one)] * 4
        )
    )
    assert sorted({answer.status_code for answer in answers}) == [200, 409]
    assert sum(answer.status_code == 200 for answer in answers) == 1


async def test_a_stale_form_about_a_unit_says_what_changed_and_can_be_sent_again(
    admin: Browser, county: Seeded
) -> None:
    unit = county.units["上河支部"]
    edit = f"/units/{unit.id}/edit"
    await admin.open(edit)
    assert (await admin.submit(edit, name="上河村支部", short_name="上河支部", version=0)).status_code == 303
    await admin.open(edit)
    answer = await admin.submit(edit, name="我填的名称", short_name="上河支部", version=0)
    assert answer.status_code == 409
    assert "组织部管理员修改了名称，现在的名称是“上河村支部”。" in answer.text
    assert 'value="我填的名称"' in answer.text
    found = re.search(r'name="version" value="(\d+)"', answer.text)
    assert found
    answer = await admin.submit(edit, name="我填的名称", short_name="上河支部", version=found[1])
    assert answer.status_code == 303


async def test_tags_of_somebody_on_his_way_are_changed_in_his_case(
    secretary: Browser, county: Seeded
) -> None:
    case = await _case(county, "特征人")
    person = (await call(secretary, "GET", f"/cases/{case}")).json()["case"]["person_id"]
    answer = await call(secretary, "POST", f"/people/{person}/tags", {"day": "2026-11-01", "tags": ["rural"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "case-running")
    assert "更新本人情况" in answer.json()["sentence"]
    assert (await secretary.open(f"/people/{person}/tags")).status_code == 409


async def _case(county: Seeded, name: str) -> str:
    async with county_session(county.id):
        person = await applicant(county, name)
        return str(await opened(county, person, date(2026, 10, 8)))


async def _alone(county: Seeded, login: str) -> None:
    """Whatever other tests have done to it, this account is on."""
    async with county_session(county.id):
        await current_session().execute("update account set active = true where login = $1", login)
