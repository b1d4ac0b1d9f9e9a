"""A county of 2,600 units: no page carries them all; a picker finds them by what is typed, with scripts and without."""

from __future__ import annotations

import re

import pytest

from core.organisation.queries import search
from tenants.database.session import county_session
from tests.web.conftest import Browser, Seeded, everything
from web.kit.units import MOST_FOUND

pytestmark = pytest.mark.anyio
LARGEST_PAGE = 100 * 1024
COMMITTEES, BRANCHES = 50, 51


@pytest.fixture(scope="module", autouse=True)
async def _many(county: Seeded) -> None:
    below = """insert into unit (name, short_name, kind, path, parent_id, py, py_initials)
        select format('%s第%s%s', $1::text, i, $2::text), format('第%s%s', i, $2::text), $3, p.path || $3 || i || '/', p.id,
               'disan' || i || 'dang', 'ds' || i from unit p, generate_series(1, $4::int) i where p.kind = $5 and p.name ~ $6"""
    async with county_session(county.id) as session:
        await session.execute(below, "龙山乡", "党委", "committee", COMMITTEES, "department", ".")
        await session.execute(below, "龙山乡", "党支部", "branch", BRANCHES, "committee", "^龙山乡")
        assert await session.fetchval("select count(*) from unit") > 2_600


async def test_the_tree_is_sent_part_by_part(admin: Browser, county: Seeded) -> None:
    page = await admin.open("/units")
    assert len(page.content) < LARGEST_PAGE
    assert "龙山乡第7党委" in page.text
    assert "龙山乡第7党支部" not in page.text
    [address] = re.findall(
        r'hx-get="(/units/[0-9a-f-]+/below)"[^>]*><summary aria-label="[^"]*龙山乡第7党委的下级"', page.text
    )
    below = (await admin.get(address, headers={"hx-request": "true"})).text
    assert below.count("<li") == BRANCHES
    assert address.removesuffix("/below") in page.text, "without scripts, its own page shows them"


@pytest.mark.parametrize(
    "address",
    ["/people", "/people/new", "/people/import", "/cases", "/cases/new", "/policies", "/accounts/new"],
)
async def test_no_page_carries_all_units(
    admin: Browser, organizer: Browser, county: Seeded, address: str
) -> None:
    who = admin if address == "/accounts/new" else organizer
    page = await who.open(address)
    if page.status_code != 403:
        assert page.status_code == 200
        assert len(page.content) < LARGEST_PAGE, address


async def test_a_picker_finds_what_is_typed(admin: Browser, county: Seeded) -> None:
    """Of what may be picked there, no more than can be looked through."""
    page = (await admin.open("/accounts/new")).text
    [address] = re.findall(r'hx-get="(/units/pick[^"]+)"', page)
    address = address.replace("&amp;", "&")
    found = (await admin.open(f"{address}&unit_id-q=第7党委")).text
    assert re.findall(r"<option[^>]*>(?:\s*)([^<]*)", found) == ["请选择", "龙山乡第7党委"]
    assert found.count(" selected") == 1, "who finds one, has picked it"
    assert (await admin.open(f"{address}&unit_id-q=龙山")).text.count("<option") == MOST_FOUND + 1
    assert "没有找到" in (await admin.open(f"{address}&unit_id-q=没有的")).text
    assert (await admin.open(f"{address}&unit_id-q=")).text.count("<option") == 1


async def test_a_picker_offers_nothing_beyond_ones_rights(secretary: Browser, county: Seeded) -> None:
    for capability in ("org.view", "person.edit", "account.edit", "nonsense"):
        found = (await secretary.open(f"/units/pick?capability={capability}&unit-q=龙山")).text
        assert "龙山" not in found


async def test_without_scripts_the_form_comes_back_with_what_was_found(
    admin: Browser, county: Seeded
) -> None:
    """Nothing that was typed is lost, and the next time one of them is picked."""
    fields = {"login": "li.si", "name": "李四", "role": "committee-secretary", "since": "2026-11-01"}
    await admin.open("/accounts/new")
    answer = await admin.submit("/accounts/new", **fields, **{"unit_id": "", "unit_id-q": "第7党委"})
    assert answer.status_code == 422
    assert "请在按“第7党委”查到的里选择党组织" in answer.text
    assert 'value="李四"' in answer.text
    async with county_session(county.id):
        [unit] = await search(everything(), "第7党委")
    assert f'<option value="{unit.id}">龙山乡第7党委' in re.sub(r">\s+", ">", answer.text)
    answer = await admin.submit(
        "/accounts/new", **fields, **{"unit_id": str(unit.id), "unit_id-q": "第7党委"}
    )
    assert answer.status_code == 201, answer.text
