"""A password is reset by two, runs out, is told to its owner, and keeps both from approving what the account then does."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date, datetime
from uuid import UUID, uuid4

import httpx
import pytest
from litestar import Litestar

from core.casework.access import access_case
from core.casework.acts.record import step_rules
from core.casework.acts.resets import DAYS
from core.casework.levels import by_level
from core.casework.matter import Matter
from core.errors import Forbidden
from dangwu import least
from deploy.opening import reset_account
from tenants.accounts.access import actor_for
from tenants.accounts.passwords import FIRST_PASSWORD_HOURS
from tenants.database.session import county_session
from tenants.policies.regimes import regime_of_path
from tests.casework import record
from tests.web.cases.seed import walked
from tests.web.conftest import TODAY, Browser, Seeded, browser, everything, seed
from tests.web.test_api import call
from tests.web.test_attacks import csrf

pytestmark = pytest.mark.anyio


@pytest.fixture
async def place(app: Litestar) -> Seeded:
    """A county of its own: its one administrator, and a committee's secretary who administers those below."""
    slug = f"r{uuid4().hex[:10]}"
    return await seed(slug, f"{slug}县", date(2026, 1, 1))


@pytest.fixture
async def first(app: Litestar, place: Seeded) -> AsyncIterator[Browser]:
    """The department's administrator."""
    async with browser(app) as made:
        await made.sign_in(place, "department-admin")
        yield made


@pytest.fixture
async def second(app: Litestar, place: Seeded) -> AsyncIterator[Browser]:
    """The committee's secretary: what the branch records, he approves."""
    async with browser(app) as made:
        await made.sign_in(place, "committee-secretary")
        yield made


async def reset(who: Browser, place: Seeded, login: str = "branch-secretary") -> httpx.Response:
    """As from the page of the account."""
    await who.open("/accounts")
    return await who.submit(f"/accounts/{place.accounts[login]}/password")


def handed(answer: httpx.Response) -> str:
    """The first password on the page."""
    found = re.search(r"初始密码</dt><dd><strong>([^<]+)", answer.text)
    assert found, answer.text
    return found[1]


async def both(first: Browser, second: Browser, place: Seeded) -> str:
    """A reset, asked for by the first and agreed with by the second."""
    assert (await reset(first, place)).status_code == 303
    return handed(await reset(second, place))


async def test_one_alone_resets_nothing(
    app: Litestar, first: Browser, second: Browser, place: Seeded
) -> None:
    asked = await reset(first, place)
    assert asked.status_code == 303
    assert "请另一位管理员" in (await first.open(asked.headers["location"])).text
    again = await reset(first, place)
    assert (again.status_code, "须由另一位管理员" in again.text) == (409, True)
    async with browser(app) as owner:
        assert (await owner.sign_in(place, "branch-secretary")).status_code == 303, "nothing has changed yet"
    assert "提出重置" in (await second.open(f"/accounts/{place.accounts['branch-secretary']}")).text
    told = (await second.get(f"/api/v1/accounts/{place.accounts['branch-secretary']}")).json()["reset"]
    assert datetime.fromisoformat(told["at"]).tzinfo is not None, "a moment says of which place it is"
    password = handed(await reset(second, place))
    async with browser(app) as owner:
        assert (await owner.sign_in(place, "branch-secretary")).status_code == 401
        assert (await owner.sign_in(place, "branch-secretary", password)).status_code == 303
    assert (await reset(second, place)).status_code == 303, "the next one needs two again"


async def test_by_the_api_as_well(first: Browser, second: Browser, place: Seeded) -> None:
    path = f"/accounts/{place.accounts['branch-secretary']}/password"
    asked = await call(first, "POST", f"/api/v1{path}", {})
    assert (asked.status_code, asked.json()) == (200, {"password": None})
    agreed = await second.post(f"/api/v1{path}", headers=csrf(second))
    assert agreed.json()["password"]


async def test_where_there_is_nobody_to_agree_the_operator_helps(first: Browser, place: Seeded) -> None:
    async with county_session(place.id) as session:
        await session.execute("update account set active = false where login = 'security-admin'")
    alone = await reset(first, place, "department-organizer")
    assert alone.status_code == 409
    assert "dangwu counties 代号 --reset 登录名" in alone.text
    assert await reset_account(place.slug, "department-organizer", TODAY)


async def test_its_owner_reads_who_reset_it_and_when(
    app: Litestar, first: Browser, second: Browser, place: Seeded
) -> None:
    password = await both(first, second, place)
    async with browser(app) as owner:
        await owner.sign_in(place, "branch-secretary", password)
        page = (await owner.open("/password")).text
        assert "您的密码已于" in page
        assert all(name in page for name in ("组织部管理员", "党委书记"))
        own = "Qingshan#9182"
        await owner.submit("/password", old=password, password=own, again=own)
        assert "您的密码已于" not in (await owner.open("/password")).text


async def test_a_first_password_runs_out(
    app: Litestar, first: Browser, second: Browser, place: Seeded
) -> None:
    password = await both(first, second, place)
    async with county_session(place.id) as session:
        left = await session.fetchval(
            "select extract(epoch from password_until - now()) / 3600 from account where login = 'branch-secretary'"
        )
        assert FIRST_PASSWORD_HOURS - 1 < left <= FIRST_PASSWORD_HOURS
        await session.execute(
            "update account set password_until = now() - interval '1 second' where login = 'branch-secretary'"
        )
    async with browser(app) as owner:
        answer = await owner.sign_in(place, "branch-secretary", password)
        assert (answer.status_code, "已超过 72 小时" in answer.text) == (401, True)
        wrong = await owner.sign_in(place, "branch-secretary", "guessed")
        assert "已超过" not in wrong.text


async def recorded(place: Seeded, login: str, case_id: UUID, step: str, day: date) -> None:
    """The step's record, with the least that it asks for, by this account."""
    case = await access_case(everything(), case_id)
    regime = await regime_of_path(case.path)
    [(_, evidence)] = by_level(
        step_rules(Matter(case, regime), step, day), least(regime, case.case, step, day)[0]
    )
    actor = (await actor_for(place.accounts[login], TODAY)).actor
    await record(
        actor, case_id, step, day, evidence, seen_version=case.version, regime_for=regime_of_path, today=TODAY
    )


@pytest.mark.parametrize("had_a_part", ["asked", "agreed"])
async def test_who_reset_an_account_does_not_approve_what_it_does_in_the_days_after(
    first: Browser, second: Browser, place: Seeded, had_a_part: str
) -> None:
    """Else whoever may reset a password would be recorder and approver in one person."""
    async with county_session(place.id):
        before, after = [await walked(place, name, "applicant-talk") for name in ("前明", "后明")]
        await recorded(place, "branch-secretary", before, "activist-decision", date(2025, 5, 20))
    await both(*((second, first) if had_a_part == "asked" else (first, second)), place)
    filing = ("committee-secretary", after, "activist-filing", date(2025, 6, 3))
    async with county_session(place.id) as session:
        await recorded(
            place, "committee-secretary", before, "activist-filing", date(2025, 6, 3)
        )  # recorded before the reset: he may
        await recorded(place, "branch-secretary", after, "activist-decision", date(2025, 5, 20))
    async with county_session(place.id) as session:
        with pytest.raises(Forbidden, match=f"密码或动态口令由您参与重置，此后 {DAYS} 天内") as refused:
            await recorded(place, *filing)
        assert refused.value.code == "reset"
    async with county_session(place.id) as session:
        await session.execute(f"update account_reset set agreed_at = agreed_at - interval '{DAYS + 1} days'")
        await recorded(place, *filing)
