"""A county with a second procedure, through the front door: opened, recorded, returned, listed, swept, previewed, ended."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date
from uuid import UUID

import httpx
import pytest
from litestar import Litestar

from core.casework.standing.sweep import due, recompute
from tenants.database.session import county_session, current_session
from tenants.policies.plugins import installed
from tenants.policies.regimes import cache, regime_of_path
from tests.conftest import Database
from tests.contract.author.test_procedures import PLUGINS
from tests.floor import keep_none
from tests.web.cases.seed import applicant, opened
from tests.web.conftest import TODAY, Browser, Seeded, application, browser
from tests.web.policies.forms import ask, forms, open_form, send

NEW = "?procedure=commendation"


@pytest.fixture(scope="module")
async def app(database: Database) -> AsyncIterator[Litestar]:
    """The application with a second policy of the floor in its folder."""
    patch = pytest.MonkeyPatch()
    patch.setenv("DANGWU_PLUGINS", str(PLUGINS))
    patch.setenv("DANGWU_FLOOR", "commendation")
    forget()
    await keep_none()
    made = application()
    made.state.today = lambda: TODAY
    async with made.lifespan():
        yield made
    patch.undo()
    forget()
    await keep_none()


def forget() -> None:
    """Plugins are read once in a process, and regimes are made of them: another test's would be found here."""
    installed.cache_clear()
    cache.__init__()  # type: ignore[misc]


async def nominated(secretary: Browser, county: Seeded, name: str) -> str:
    """The address of a case that the branch has opened today."""
    async with county_session(county.id):
        person = await applicant(county, name)
    page = await secretary.open(f"/cases/new/{person}{NEW}")
    assert f"提名表扬{name}" in page.text
    assert "提名的日期" in page.text
    answer = await secretary.submit(
        f"/cases/new/{person}{NEW}", day="2026-11-12", **{"documents.*": "nomination-form"}
    )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def recorded(browser: Browser, path: str, fields: Mapping[str, str]) -> httpx.Response:
    """What is sent when the form of a step is filled in; everything else stays as the form opened."""
    page = await browser.open(path)
    assert page.status_code == 200, page.text
    [(action, opened)] = [one for one in forms(page).items() if one[0].startswith(path)]
    return await send(browser, action, {**opened, **{name: [value] for name, value in fields.items()}})


async def ruled(app: Litestar, county: Seeded, case: str, answer: str) -> None:
    """The committee decides."""
    async with browser(app) as committee:
        await committee.sign_in(county, "committee-secretary")
        path = f"{case}/record/commendation-ruling"
        sent = await recorded(committee, path, {"day": "2026-11-20", "consent.committee": answer})
        assert sent.status_code == 303, sent.text


async def version(county: Seeded, case: str) -> str:
    """The number of the newest entry."""
    async with county_session(county.id):
        found = await current_session().fetchval(
            "select version from case_file where id = $1", UUID(case.rpartition("/")[2])
        )
    return str(found)


async def test_it_runs_from_the_nomination_to_its_end(
    app: Litestar, secretary: Browser, county: Seeded
) -> None:
    case = await nominated(secretary, county, "文种")
    shown = (await secretary.open(case)).text
    assert "已提名表扬文种。" in shown
    for said in ("党委决定", "张榜公布", "《表扬办法》"):
        assert said in shown, said
    listed = (await secretary.open(f"/cases{NEW}")).text
    assert "文种" in listed
    assert "文种" not in (await secretary.open("/cases")).text, "the list of admission is of admission"
    await ruled(app, county, case, "granted")
    assert "已受表扬" in (await secretary.open(case)).text
    async with county_session(county.id):
        held = await current_session().fetchval(
            "select p.membership from person p join case_file c on c.person_id = p.id where c.id = $1",
            UUID(case.rpartition("/")[2]),
        )
    assert held == "none", "it confers nothing in the register"


async def test_who_has_one_case_may_have_another_of_the_other_procedure(
    secretary: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        person = await applicant(county, "范蠡")
        await opened(county, person, date(2026, 11, 3))
    answer = await secretary.submit(
        f"/cases/new/{person}{NEW}", day="2026-11-12", **{"documents.*": "nomination-form"}
    )
    assert answer.status_code == 303, answer.text
    file = (await secretary.open(f"/people/{person}")).text
    assert "<h2>发展党员</h2>" in file
    assert "<h2>表扬</h2>" in file
    again = await secretary.submit(
        f"/cases/new/{person}{NEW}", day="2026-11-12", **{"documents.*": "nomination-form"}
    )
    assert again.status_code == 409
    assert "已经有一份正在办理的表扬档案" in again.text


async def test_a_case_that_confers_nothing_locks_no_file(
    organizer: Browser, secretary: Browser, county: Seeded
) -> None:
    """What somebody is, his tags and his leaving wait for his way into the party, and for no other procedure."""
    address = await nominated(secretary, county, "文子")
    async with county_session(county.id):
        person = await current_session().fetchval(
            "select person_id from case_file where id = $1", UUID(address.rpartition("/")[2])
        )
    page = f"/people/{person}"
    assert 'name="membership"' in (await organizer.open(f"{page}/edit")).text
    for act, said in (
        ("tags", {"tags": "rural", "day": "2026-11-13"}),
        ("leave", {"kind": "died", "day": "2026-11-14", "reason": "因病去世", "paper": "死亡医学证明"}),
    ):
        form = (await organizer.open(f"{page}/{act}")).text
        _, named, version = form.partition('name="version" value="')
        sent = {**said, **({"version": version.partition('"')[0]} if named else {})}
        answer = await organizer.submit(f"{page}/{act}", **sent)
        assert answer.status_code == 303, answer.text


async def test_time_alone_ends_it(app: Litestar, county: Seeded, secretary: Browser) -> None:
    """The sweep knows no procedure by name."""
    address = await nominated(secretary, county, "计然")
    case, later = UUID(address.rpartition("/")[2]), date(2026, 11, 24)
    await ruled(app, county, address, "granted")
    posted = await recorded(
        secretary,
        f"{address}/record/commendation-posting",
        {"day": "2026-11-20", "done:notice": "1"},
    )
    assert posted.status_code == 303, posted.text
    async with county_session(county.id):
        assert case not in await due(TODAY, regime_of_path)
        assert case in await due(later, regime_of_path)
        await recompute([case], later, regime_of_path)
    assert "计然" in (await secretary.open(f"/cases{NEW}&status=completed")).text


async def test_a_refusal_is_an_end_and_the_case_can_be_sent_back_before(
    app: Litestar, county: Seeded, secretary: Browser
) -> None:
    sent = await nominated(secretary, county, "逢同")
    form = await secretary.open(f"{sent}/return")
    assert form.status_code == 200
    answer = await secretary.submit(
        f"{sent}/return", step="nomination-made", day="2026-11-13", reason="提名表填错了人", version=await version(county, sent)
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    assert "提名表填错了人" in (await secretary.open(f"{sent}/history")).text
    ended = await nominated(secretary, county, "皋如")
    await ruled(app, county, ended, "refused")
    assert "皋如" in (await secretary.open(f"/cases{NEW}&status=closed")).text


async def test_a_county_tightens_it_and_sees_before_what_that_does(admin: Browser, county: Seeded) -> None:
    fields = await open_form(admin, "longer-posting", county.units["组织部"].id)
    seen = await ask(admin, "longer-posting", fields)
    assert seen.status_code == 200, seen.text
    assert "张榜公布" in seen.text
    assert "7 天" in seen.text


async def test_pages_of_policies_and_the_workbench_know_it(app: Litestar, county: Seeded) -> None:
    async with browser(app) as organizer:
        await organizer.sign_in(county, "department-organizer")
        bench = (await organizer.open("/")).text
        assert "正在办理：表扬" in bench
        effective = (await organizer.open(f"/policies/effective{NEW}")).text
        assert "张榜公布" in effective
        assert "递交入党申请书" not in effective
        assert (await organizer.open("/policies/commendation")).status_code == 200
        unknown = await organizer.open("/cases?procedure=nothing")
        assert unknown.status_code == 404
        assert "没有名为“nothing”的流程" in unknown.text
