"""三员分立: system, security and audit administrators are three people, and nobody is two of them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from litestar import Litestar

from tenants.accounts.capabilities import APART, ROLES
from tenants.database.session import county_session, owner_session
from tenants.ground.clock import today
from tenants.ledger import ask_daily, verify_ledger
from tenants.worker.ledger import close_all
from tests.web.conftest import TODAY, Browser, Seeded, browser, seed
from tests.web.test_attacks import call
from tests.web.working import work
from web.frame.ledger import MOST_DENIED

KEY = Ed25519PrivateKey.generate()


def test_what_they_may_is_apart() -> None:
    system, security, audits = (ROLES[role].capabilities - {"org.view"} for role in APART)
    assert system.isdisjoint(security | audits)
    assert security.isdisjoint(audits)


async def test_three_people_and_no_more_administrator(app: Litestar) -> None:
    county: Seeded = await seed(slug := f"a{uuid4().hex[:10]}", f"{slug}县", date(2026, 1, 1))
    given = {"unit_id": str(county.units["组织部"].id), "since": TODAY.isoformat()}

    async def grant(who: Browser, account: UUID, role: str) -> tuple[int, str]:
        answer = await call(who, "POST", f"/accounts/{account}/grants", given | {"role": role})
        return answer.status_code, answer.text

    async with browser(app) as admin, browser(app) as security:
        await admin.sign_in(county, "department-admin")
        await security.sign_in(county, "security-admin")
        for held, wanted in (("security-admin", "audit-admin"), ("department-admin", "system-admin")):
            by = security if held == "department-admin" else admin
            status, text = await grant(by, county.accounts[held], wanted)
            assert (status, "须由不同的人担任" in text) == (409, True), wanted
        # Nor by a second account of the same person, whichever is said first.
        body, inspector = {"person_id": str(county.people["张三"])}, county.accounts["inspector"]
        for login in ("security-admin", "inspector"):
            answer = await call(admin, "POST", f"/accounts/{county.accounts[login]}/person", body)
            assert answer.status_code == 204, answer.text
        assert (await grant(admin, inspector, "audit-admin"))[0] == 409
        assert (await grant(security, inspector, "committee-secretary"))[0] == 403, "his own account too"
        answer = await call(admin, "POST", f"/accounts/{county.accounts['audit-admin']}/person", body)
        assert (answer.status_code, "须由不同的人担任" in answer.text) == (409, True)
        await call(admin, "POST", f"/accounts/{inspector}/person", {"person_id": None})
        assert "现在还不能实行" in (await security.open("/accounts/security")).text
        early = await security.submit("/accounts/security/apart")
        assert (early.status_code, "还有人是组织部管理员" in early.text) == (409, True)
        async with county_session(county.id) as session:
            role = await session.fetchval("select id from holding where role = 'department-admin'")
        ended = await call(security, "POST", f"/accounts/grants/{role}/end", {"last": "2026-11-20"})
        assert ended.status_code == 204, ended.text
        await security.open("/accounts/security")
        assert (await security.submit("/accounts/security/apart")).status_code == 303
        assert "已实行" in (await security.open("/accounts/security")).text
        status, text = await grant(security, county.accounts["inspector"], "department-admin")
        assert (status, "不再设组织部管理员" in text) == (409, True)
        assert (await security.get("/api/v1/audit")).status_code in (403, 404)
        assert (await security.get("/accounts/log")).status_code == 403
        assert (await admin.get("/accounts")).status_code == 403
    async with browser(app) as audits:
        await audits.sign_in(county, "audit-admin")
        assert "实行三员分立" in (await audits.get("/accounts/log")).text
        assert (await grant(audits, county.accounts["inspector"], "inspector"))[0] == 403
        for _ in range(MOST_DENIED + 1):
            assert (await audits.get("/accounts/operators")).status_code == 403
        await _audited(audits, county)


async def _audited(audits: Browser, county: Seeded) -> None:
    """The audit administrator reads what was done, refused and looked at, from where; and has the seal of it verified."""
    page = (await audits.get("/accounts/log?kind=denied")).text
    assert "越权操作被拒绝：授予职务权限" in page
    assert "越权操作被拒绝：打开“账号与权限”的页面" in page, "not an address"
    assert "其余不再逐条记录" in page
    async with county_session(county.id) as session:
        auditor = await session.fetchval("select id from account where login = 'audit-admin'")
        denied = "select count(*) from ledger_entry where verb = 'act.denied' and by_id = $1"
        assert await session.fetchval(denied, auditor) == MOST_DENIED, "a flood fills no ledger"
    assert page.count("127.0.0.1") >= 2
    day, at = timedelta(days=1), "/accounts/log?kind=denied&since={}&until={}"
    assert "授予职务权限" in (await audits.get(at.format(today() - day, today() + day))).text
    for since, until in ((today() - 3 * day, today() - 2 * day), (today() + 2 * day, ""), ("", "1900-01-01")):
        assert "目前没有这一类的记录" in (await audits.get(at.format(since, until))).text
    turned = await audits.get(at.format("2026-11-20", "2026-11-19"))
    assert (turned.status_code, "截止日期早于起始日期" in turned.text) == (422, True)
    assert "设定登录安全" not in (await audits.get("/accounts/log?kind=acts")).text, (
        "said closer by its service"
    )
    assert await close_all(KEY) > 10
    seal = "/accounts/log/seal"
    assert "全部记录都已封存" in (await audits.open(seal)).text
    early = await audits.submit(seal, since="2026-11-20", until="2026-11-19")
    assert (early.status_code, "截止日期早于起始日期" in early.text) == (422, True)
    for end in ("0001-01-01", "9999-12-31"):
        far = await audits.submit(seal, since=end, until=end)
        assert (far.status_code, far.text.count("太早或太晚")) == (422, 2), (
            "no worker is asked for what is no day"
        )
    changed = "update ledger_entry set by_name = '别人' where verb = 'security.apart'"
    for done, found in (("select 1", "与封存时一致"), (changed, "封存的记录被改动")):
        async with owner_session(county.id) as session:
            await session.execute(done)
        assert (await audits.submit(seal)).status_code == 303
        assert "正在核对" in (await audits.open(seal)).text
        assert "还没有完成" in (await audits.submit(seal)).text
        await audits.open(seal)
        assert await work(county, verify_ledger)
        assert found in (await audits.open(seal)).text
    assert "dangwu_ledger_altered 1.0" in (await audits.get("/metrics")).text
    async with county_session(county.id) as session:
        await session.execute("delete from notice")
        await ask_daily(session, today())
    assert await work(county, verify_ledger)
    assert "系统每日核对" in (await audits.open(seal)).text
    assert "1 处与封存时不同，可能有人改动过日志" in (await audits.get("/notices")).text
    assert "实行三员分立（别人）" in (await audits.get(seal)).text
    assert "核对日志的封存" in (await audits.get("/accounts/log?kind=acts")).text
    await audits.submit("/sign-out")
