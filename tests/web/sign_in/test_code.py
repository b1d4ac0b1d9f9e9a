"""The second factor: set up, asked for, each code once, guessing limited, required by the county, taken off by two."""

from __future__ import annotations

import re
import time
from uuid import uuid4

import pyotp
import pytest
from litestar import Litestar

from tenants.accounts.throttle import FAILURES_PER_ACCOUNT
from tenants.database.session import county_session
from tests.web.conftest import PASSWORD, TODAY, Browser, Seeded, account_of, browser, seed
from tests.web.test_attacks import call, csrf


@pytest.fixture(scope="module")
async def county(app: Litestar) -> Seeded:
    """A county of its own, with a second administrator."""
    slug = f"t{uuid4().hex[:10]}"
    made = await seed(slug, f"{slug}县", TODAY)
    async with county_session(made.id):
        await account_of("second", "department-admin", made.units["组织部"], TODAY)
    return made


class Phone:
    """An authenticator that can look ahead and back; its clock is ours."""

    def __init__(self, secret: str) -> None:
        self.one = pyotp.TOTP(secret)

    def shows(self, step: int = 0) -> str:
        """What it shows so many half minutes from now."""
        return self.one.generate_otp(int(time.time()) // 30 + step)

    def wrong(self) -> str:
        """Six digits that are right at no moment near."""
        near = {self.shows(step) for step in range(-3, 4)}
        return next(code for code in map("{:06d}".format, range(10)) if code not in near)


async def set_up(made: Browser) -> tuple[Phone, list[str]]:
    """The second factor of whoever is signed in, by the page; its recovery codes."""
    offered = (await made.open("/me/second-factor")).text
    assert "<svg" in offered
    assert "style=" not in offered, "the CSP forbids it"
    phone = Phone(re.findall(r'class="secret">([A-Z2-7]+)<', offered)[0])
    refused = await made.submit("/me/second-factor", code=phone.wrong())
    assert (refused.status_code, "动态口令不正确" in refused.text) == (422, True)
    shown = await made.submit("/me/second-factor", code=phone.shows(-1))
    assert "备用恢复码只在这一页显示一次" in shown.text
    return phone, re.findall(r"<li>(\w{4}-\w{4}-\w{4})</li>", shown.text)


async def test_a_second_factor_from_setting_up_to_losing_it(app: Litestar, county: Seeded) -> None:
    async with browser(app) as owner, browser(app) as thief, browser(app) as late:
        await owner.sign_in(county, "committee-secretary")
        phone, codes = await set_up(owner)
        assert len(codes) == 10
        assert (await owner.get("/me/second-factor")).headers["location"] == "/me"
        # The password alone opens nothing, by page or API, whatever the browser brings along.
        planted = "ab" * 32
        thief.cookies.set("dangwu-session", planted, domain="dangwu.test")
        answer = await thief.sign_in(county, "committee-secretary")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/code")
        half = thief.cookies["dangwu-session"]
        assert half != planted, "an id that the browser brings is never taken"
        assert (await thief.open("/units")).status_code == 303
        assert (await thief.get("/api/v1/units")).status_code == 401
        # A code that was used, here to set it up, is refused; the next one is good, once.
        await thief.open("/sign-in/code")
        spent = await thief.press("/sign-in/code", "/sign-in/code", code=phone.shows(-1))
        assert spent.url.query.startswith(b"answer="), "to be gone back to"
        assert (spent.status_code, "已经用过" in spent.text) == (401, True)
        await owner.sign_in(county, "committee-secretary")
        now = phone.shows()
        await owner.open("/sign-in/code")
        assert (await owner.submit("/sign-in/code", code=now)).headers["location"] == "/units"
        assert (await owner.open("/units")).status_code == 200
        assert (await thief.submit("/sign-in/code", code=now)).status_code == 401
        # A recovery code stands for it once; the half sign-in's cookie is none any more.
        assert (await thief.submit("/sign-in/code", code=codes[0].upper())).status_code == 303
        assert thief.cookies["dangwu-session"] != half
        body = {"county": county.slug, "login": "committee-secretary", "password": PASSWORD}
        await late.get("/api/v1/openapi.json")
        needed = await late.post("/api/v1/session", json=body, headers=csrf(late))
        assert (needed.status_code, needed.json()["code"]) == (401, "code-needed")
        again = await late.post("/api/v1/session", json=body | {"code": codes[0]}, headers=csrf(late))
        assert again.json()["code"] == "sign-in-failed"
        # Guesses are few, and a right password gives no new ones.
        statuses = []
        for _ in range(FAILURES_PER_ACCOUNT):
            answer = await late.post(
                "/api/v1/session", json=body | {"code": phone.wrong()}, headers=csrf(late)
            )
            statuses.append(answer.status_code)
        assert statuses[-1] == 429, statuses
        assert (
            await call(thief, "POST", "/session/second-factor/end", {"code": codes[1]})
        ).status_code == 429
    # Lost: one asks, another agrees; then the password is enough again, and all sign-ins are over.
    path = f"/accounts/{county.accounts['committee-secretary']}"
    async with browser(app) as one, browser(app) as other:
        await one.sign_in(county, "department-admin")
        await other.sign_in(county, "second")
        assert (await call(one, "POST", f"{path}/second-factor")).json() == {"reset": False}
        assert (await call(one, "POST", f"{path}/second-factor")).status_code == 409
        assert "确认重置动态口令" in (await other.open(path)).text
        done = await other.submit(f"{path}/second-factor")
        assert "动态口令已取消" in (await other.open(done.headers["location"])).text
    async with browser(app) as owner:
        assert (await owner.sign_in(county, "committee-secretary")).headers["location"] == "/units"


async def test_a_county_asks_it_of_its_administrators(app: Litestar, county: Seeded) -> None:
    async with browser(app) as admin, browser(app) as secretary:
        await secretary.sign_in(county, "branch-secretary")
        await secretary.open("/me")
        assert (await secretary.submit("/accounts/security", second_factor="everybody")).status_code == 403
        await admin.sign_in(county, "second")
        await admin.open("/accounts/security")
        await admin.submit("/accounts/security", second_factor="administrators")
        assert (await secretary.open("/units")).status_code == 200, (
            "not asked of those who administer nothing"
        )
        answer = await admin.open("/units")
        assert (answer.status_code, answer.headers["location"]) == (303, "/me/second-factor")
        assert (await admin.get("/api/v1/units")).json()["code"] == "second-factor-first"
        offered = (await call(admin, "POST", "/session/second-factor")).json()
        phone = Phone(offered["secret"])
        made = await call(admin, "PUT", "/session/second-factor", {"code": phone.shows()})
        codes = made.json()["recovery_codes"]
        assert (await admin.open("/units")).status_code == 200
        renewed = await call(admin, "POST", "/session/second-factor/codes", {"code": codes[0]})
        assert set(renewed.json()["recovery_codes"]).isdisjoint(codes)
        gone = await call(
            admin, "POST", "/session/second-factor/end", {"code": renewed.json()["recovery_codes"][0]}
        )
        assert gone.status_code == 204
        assert (await admin.open("/units")).headers["location"] == "/me/second-factor"
