"""Every link that a page shows to somebody can be followed by him."""

from __future__ import annotations

import re
from datetime import date

import pytest
from litestar import Litestar

from tenants.accounts.capabilities import ROLES
from tenants.database.session import county_session
from tenants.policies.changes import Adopt
from tenants.policies.service import apply
from tests.web.conftest import TODAY, Seeded, browser, everything, found_general_branch
from tests.web.policies.seed import case_after
from tests.web.routes import template_of

LINK = re.compile(r'href="(/[^"#]*)')
MOST_OF_A_KIND = 2
"""Pages of one kind differ by what they are about and by their query; so many of each are opened."""


@pytest.fixture(scope="module")
async def busy(county: Seeded) -> Seeded:
    """With a case, somebody for each role, and a policy that the department has adopted."""
    await found_general_branch(county)
    async with county_session(county.id):
        top = county.units["组织部"]
        await apply(everything(), top.id, Adopt(plugin="yakeshi", since=date(2026, 11, 1)), TODAY)
    await case_after(county, "东街支部", "贺链接", "prospect-consent", date(2026, 11, 2))
    return county


@pytest.mark.parametrize("role", ROLES)
async def test_no_link_leads_into_a_wall(app: Litestar, busy: Seeded, role: str) -> None:
    async with browser(app) as made:
        await made.sign_in(busy, role)
        waiting, met, opened = ["/"], {"/"}, dict[str, int]()
        while waiting:
            link = waiting.pop(0)
            kind = template_of(re.split("[?&]", link)[0]) or link
            opened[kind] = opened.get(kind, 0) + 1
            if opened[kind] > MOST_OF_A_KIND:
                continue
            answer = await made.open(link)
            assert answer.status_code < 400, f"{role}: {link} → {answer.status_code}"
            if "text/html" not in answer.headers.get("content-type", ""):
                continue
            new = {found.replace("&amp;", "&") for found in LINK.findall(answer.text)} - met
            met |= new
            waiting += sorted(link for link in new if not link.startswith("/static/"))
        assert len(opened) > 10
