"""Every link that a page shows to somebody can be followed by him; and no form that he meets there loses what he typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

import httpx
import msgspec
import pytest
from litestar import Litestar

from core.register.leaving import LeavingDraft, leave
from core.register.rights.spans import SpanDraft, add_span
from core.register.roster.batch import upload
from core.register.roster.template import empty_template
from tenants.accounts.capabilities import ROLES
from tenants.database.session import county_session, current_session
from tenants.policies.changes import Adopt
from tenants.policies.service import apply
from tests.web.conftest import TODAY, Browser, Seeded, browser, everything, found_general_branch
from tests.web.forms import CHOSEN, TYPED, Read, Sent, held_against, wrong
from tests.web.other_county import EDITION, HELD, NUMBER, PLAN, REMEMBERED, TERM
from tests.web.policies.seed import case_after
from tests.web.routes import template_of

MOST_OF_A_KIND = 2
"""Pages of one kind differ by what they are about and by their query; so many of each are opened."""

SHOWN_NO_MORE = ("/me/second-factor", "/saved", "/sign-out")
"""Forms that no answer shows again as they were typed: a code is used once, a filter's name stands on the list."""

NOT_COUNTED = ("form_token", "ledger_entry", "person_reading")
"""Tables in which a line stays of what was only looked at or sent."""


class Walk(msgspec.Struct):
    """What one person met: pages by their kind, answers that were none, and where each form stood."""

    opened: dict[str, int] = {}
    walls: list[str] = []
    forms: dict[tuple[str, str], str] = {}


@pytest.fixture(scope="module")
async def busy(county: Seeded) -> Seeded:
    """With a case, somebody for each role, and a policy that the department has adopted."""
    await found_general_branch(county)
    async with county_session(county.id):
        top = county.units["组织部"]
        await apply(everything(), top.id, Adopt(plugin="yakeshi", since=date(2026, 11, 1)), TODAY)
    await case_after(county, "东街支部", "贺链接", "prospect-consent", date(2026, 11, 2))
    async with county_session(county.id):
        branch, somebody = county.units["东街支部"].id, county.accounts["inspector"]
        for row in (HELD, NUMBER, TERM, REMEMBERED):
            await current_session().fetchval(row, branch, somebody)
        plan = await current_session().fetchval(PLAN, branch, somebody)
        await current_session().fetchval(EDITION, plan, somebody)
        await upload(everything(), branch, "名册.xlsx", empty_template())
        held, gone = county.people["张三"], county.people["单雄信"]
        await add_span(everything(), held, "limit", SpanDraft(word="warning", since=date(2026, 11, 2)), TODAY)
        await leave(everything(), gone, LeavingDraft("transferred-out", TODAY, "迁居", "介绍信"), 0, TODAY)
    return county


@pytest.fixture(scope="module")
async def walks(app: Litestar, busy: Seeded) -> dict[str, Walk]:
    """Everybody's."""
    return {role: await _walk(app, busy, role) for role in ROLES}


async def _walk(app: Litestar, busy: Seeded, role: str) -> Walk:
    found = Walk()
    async with browser(app) as made:
        await made.sign_in(busy, role)
        waiting, met = ["/"], {"/"}
        while waiting:
            link = waiting.pop(0)
            kind = template_of(re.split("[?&]", link)[0]) or link
            found.opened[kind] = found.opened.get(kind, 0) + 1
            if found.opened[kind] > MOST_OF_A_KIND:
                continue
            answer = await made.open(link)
            if answer.status_code >= 400:
                found.walls.append(f"{link} → {answer.status_code}")
            if "text/html" not in answer.headers.get("content-type", ""):
                continue
            page = Read(answer.text)
            for form in page.forms:
                found.forms.setdefault((kind, re.sub("[0-9a-f-]{36}", "…", form.action)), link)
            new = {one.split("#")[0] for one in page.links if one.startswith("/")} - met
            met |= new
            waiting += sorted(one for one in new if not one.startswith("/static/"))
    return found


@pytest.mark.parametrize("role", ROLES)
async def test_no_link_leads_into_a_wall(walks: dict[str, Walk], role: str) -> None:
    assert walks[role].walls == []
    assert len(walks[role].opened) > 10


async def test_no_form_loses_what_was_typed_or_writes_what_it_refuses(
    app: Litestar, busy: Seeded, walks: dict[str, Walk]
) -> None:
    """Each form once, as the first who meets it: sent empty, with what is none of its choices, with far too long a text."""
    first: dict[tuple[str, str], str] = {}
    for role, walk in walks.items():
        for form in walk.forms:
            first.setdefault(form, role)
    found: list[str] = []
    for role in ROLES:
        async with browser(app) as made:
            await made.sign_in(busy, role)
            for key in [one for one, whose in first.items() if whose == role]:
                found += [
                    f"{role} {key}: {one}" for one in await _tried(made, busy, walks[role].forms[key], key[1])
                ]
    assert found == []
    assert len([one for one in first if one[1] not in SHOWN_NO_MORE]) > 80


async def _tried(made: Browser, county: Seeded, at: str, action: str) -> Sequence[str]:
    page = Read((await made.open(at)).text)
    form = next((one for one in page.forms if re.sub("[0-9a-f-]{36}", "…", one.action) == action), None)
    if form is None or form.action.split("?")[0] in SHOWN_NO_MORE:
        return []
    found: list[str] = []
    for name, typed in wrong(form) if form.of(*TYPED, "date", *CHOSEN) else ():
        before = await _rows(county)
        answer = await _sent(made, form.action, typed)
        if answer.status_code >= 500:
            found.append(f"{name}: {answer.status_code}")
        elif answer.status_code == 303 and name != "nothing":
            found.append(f"{name}: it is taken")
        elif answer.status_code >= 400:
            found += [f"{name}: {one}" for one in held_against(page, form, typed, answer.text)]
            after = await _rows(county)
            found += [f"{name}: wrote {table}" for table in after if after[table] != before[table]]
    return found


async def _sent(made: Browser, action: str, typed: Sent) -> httpx.Response:
    body = urlencode({**typed, "_csrf_token": [made.token], "_once": []}, doseq=True)
    return await made.post(
        action, content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )


async def _rows(county: Seeded) -> dict[str, str]:
    """Of each table of the county: how many rows, and the latest transaction that wrote one."""
    async with county_session(county.id):
        tables = await current_session().fetch(
            "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'tenant_id'"
            " and has_table_privilege(table_name, 'select')"
        )
        names = [row[0] for row in tables if row[0] not in NOT_COUNTED]
        each = ", ".join(
            f"(select count(*) || '/' || coalesce(max(xmin::text::bigint), 0) from {one})" for one in names
        )
        return dict(zip(names, (await current_session().fetch(f"select {each}"))[0], strict=True))
