"""What waits for whom: sent back and why, requests from below; not for who has acted elsewhere, nor who reset a password."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from litestar import Litestar

from core.actor import Actor, Holding
from core.casework.access import access_case
from core.casework.lists.cases import CaseFilter, cases
from core.casework.lists.mine import is_mine
from core.casework.lists.tasks import GROUPS, Tasks, tasks, waiting
from core.database import execute, fetchval
from tenants.accounts.access import actor_for
from tenants.accounts.capabilities import ROLES
from tenants.database.session import county_session
from tenants.policies.regimes import regime_of_path
from tests.casework import record
from tests.web.cases.mend.test_correct import corrected, entry, typed
from tests.web.cases.seed import applicant, do, opened, walked
from tests.web.conftest import TODAY, Browser, Seeded, everything
from tests.web.workbench.test_pages import signed_in
from tests.web.workbench.test_pages import tasks as listed

ALL = dict.fromkeys(GROUPS, 50)


async def who(login: str) -> Actor:
    """The account of this name."""
    return (await actor_for(await fetchval("select id from account where login = $1", login), TODAY)).actor


def names(found: Tasks) -> set[str]:
    """Everybody in the list."""
    return {one.line.person_name for lines in found.groups.values() for one in lines}


async def test_what_was_sent_back_comes_first_with_who_when_and_why(
    app: Litestar, county: Seeded, secretary: Browser
) -> None:
    async with county_session(county.id):
        case = await walked(county, "退回的", "pre-review")
    async with signed_in(app, county, "committee-secretary") as made:
        page = (await made.open(f"/cases/{case}/return?step=branch-review")).text
        version = page.split('name="version" value="')[1].split('"')[0]
        answer = await made.submit(
            f"/cases/{case}/return",
            step="branch-review",
            day=TODAY.isoformat(),
            version=version,
            reason="支委会记录缺两人签名",
        )
        assert answer.status_code == 303, answer.text
    page = (await secretary.open("/")).text
    groups = listed(page)
    assert next(iter(groups)) == "被退回"
    assert groups["被退回"] == ["退回的"]
    assert f"{TODAY} 退回“" in page
    assert "支委会记录缺两人签名" in page
    shown = (await secretary.open(f"/cases/{case}")).text
    assert "支委会记录缺两人签名" in shown.split('<details class="stage')[0]
    async with county_session(county.id):
        await do(county, case, "branch-review", TODAY, times=1)
    assert "被退回" not in listed((await secretary.open("/")).text)
    assert "支委会记录缺两人签名" not in (await secretary.open(f"/cases/{case}")).text


async def test_a_review_handed_back_is_said_to_whom_it_goes_back(county: Seeded, secretary: Browser) -> None:
    async with county_session(county.id):
        case = await walked(county, "审查退回", "political-review")
        loaded = await access_case(everything(), case)
        given = {"review": {"branch": {"conclusion": "return", "aspects": []}}}
        await record(
            await who("branch-secretary"), case, "branch-review", TODAY, given,
            seen_version=loaded.version, regime_for=regime_of_path, today=TODAY, note="缺函调回信",
        )  # fmt: skip
    page = (await secretary.open("/")).text
    assert "审查退回" in listed(page)["被退回"]
    assert "缺函调回信" in page


async def test_who_has_acted_at_one_level_does_not_find_it_at_another(county: Seeded) -> None:
    """Somebody who is both secretary of the branch and organizer of the committee: what he recorded below, others approve."""
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "两级办"), date(2026, 11, 2))
        held = []
        for role, unit in (("branch-secretary", "东街支部"), ("committee-secretary", "城关镇党委")):
            at = county.units[unit]
            held.append(Holding(role, ROLES[role].at, at.id, at.path, ROLES[role].capabilities))
        both = Actor(UUID(int=77), "身兼两职", tuple(held))
        assert "两级办" in names(await tasks(both, TODAY, ALL))
        other = await walked(county, "别人办", "mentor-appointment")
        assert "别人办" in names(await tasks(both, TODAY, ALL))
        loaded = await access_case(everything(), case)
        await record(
            both, case, "applicant-talk", date(2026, 11, 5), {"talk": {"with": ["applicant"], "by": "secretary"}},
            seen_version=loaded.version, regime_for=regime_of_path, today=TODAY,
        )  # fmt: skip
        for step in ("activist-decision", "mentor-appointment"):
            await do(county, case, step, TODAY, times=1)
        assert (await tasks(both, TODAY, ALL)).total == await waiting(both)
        committee = msgspec.structs.replace(both, id=UUID(int=78), holdings=(both.holdings[1],))
        assert "两级办" in names(await tasks(committee, TODAY, ALL))
        deputy = msgspec.structs.replace(committee, hands=frozenset({both.id}))
        assert "两级办" not in names(await tasks(deputy, TODAY, ALL)), "as the act itself says"
        [line] = [one for one in (await cases(deputy, CaseFilter(), limit=50)).lines if one.id == case]
        assert not is_mine(deputy, line)
        assert "两级办" not in names(await tasks(both, TODAY, ALL))
        assert "别人办" in names(await tasks(both, TODAY, ALL))
        assert other


async def test_a_request_waits_for_the_level_above(app: Litestar, county: Seeded, secretary: Browser) -> None:
    async with county_session(county.id):
        case = await walked(county, "请更正", "mentor-appointment")
        await do(county, case, "activist-filing", date(2025, 6, 3), times=1)
    decision = await entry(county, case, "activist-decision")
    _, done = await corrected(secretary, case, decision, day="2025-05-21")
    assert done.status_code == 303, done.text
    request = await entry(county, case, "activist-decision", "correction-request")
    assert "更正请求等您答复" not in (await secretary.open("/")).text
    async with signed_in(app, county, "committee-secretary") as made:
        page = (await made.open("/")).text
        assert "更正请求等您答复" in page
        assert f'href="/cases/{case}/requests/{request}">答复…</a>' in page
        form = (await made.open(f"/cases/{case}/requests/{request}")).text
        answer = await made.submit(
            f"/cases/{case}/requests/{request}", **{**typed(form), "answer": "granted"}
        )
        assert answer.status_code == 303, answer.text
        assert "更正请求等您答复" not in (await made.open("/")).text


async def test_who_reset_a_password_does_not_find_what_that_account_did(county: Seeded) -> None:
    async with county_session(county.id):
        secretary, committee = await who("branch-secretary"), await who("committee-secretary")
        case = await opened(county, await applicant(county, "重置后"), date(2026, 11, 2))
        await do(county, case, "applicant-talk", date(2026, 11, 5), times=1)
        await do(county, case, "activist-decision", date(2026, 11, 6), times=1)
        loaded = await access_case(everything(), case)
        given = {
            "appointment": [
                {"name": "孙一", "qualifications": ["full-member"]},
                {"name": "孙二", "qualifications": ["full-member"]},
            ]
        }
        await record(
            secretary, case, "mentor-appointment", date(2026, 11, 7), given,
            seen_version=loaded.version, regime_for=regime_of_path, today=TODAY,
        )  # fmt: skip
        assert "重置后" in names(await tasks(committee, TODAY, ALL))
        await execute(
            "insert into account_reset (account_id, asked_by, agreed_by, agreed_at)"
            " values ($1, $2, $3, now() - interval '1 hour')",
            secretary.id, committee.id, UUID(int=5),
        )  # fmt: skip
        found = names(await tasks(committee, TODAY, ALL))
    assert "重置后" not in found
