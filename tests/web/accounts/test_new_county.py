"""A county on its first day: each page says what would be here and how to begin."""

from __future__ import annotations

from datetime import date

import pytest
from litestar import Litestar

from core.organisation.service import UnitDraft, found
from tenants.counties import open_county
from tenants.database.session import county_session
from tests.web.conftest import Browser, Seeded, account_of, browser, everything

OPENED = date(2026, 11, 20)


@pytest.fixture(scope="module")
async def bare(app: Litestar) -> Seeded:
    """Opened as `dangwu counties` does: a department, and the people who begin there."""
    county = await open_county("baixi", "白溪县", OPENED)
    async with county_session(county):
        top = await found(everything(), UnitDraft(kind="department", name="中共白溪县委组织部"), OPENED)
        logins = ("department-admin", "department-organizer")
        accounts = {role: await account_of(role, role, top, OPENED) for role in logins}
    return Seeded(county, "baixi", {"组织部": top}, accounts, {})


async def test_the_workbench_says_how_to_begin(app: Litestar, bare: Seeded) -> None:
    """In order, with links to what this person does himself."""
    async with browser(app) as made:
        await made.sign_in(bare, "department-admin")
        page = (await made.open("/")).text
        begin = page[page.index("开始使用") : page.index("该我办的")]
        places = [begin.index(one) for one in ("/units", "/accounts/new", "/people/import", "/policies")]
        assert places == sorted(places)
        assert "/cases/paper" not in begin
    async with browser(app) as made:
        await made.sign_in(bare, "department-organizer")
        page = (await made.open("/")).text
        begin = page[page.index("开始使用") : page.index("该我办的")]
        assert 'href="/cases/paper"' in begin
        assert "/accounts/new" not in begin


async def test_a_tree_of_one_says_what_comes_under_it(app: Litestar, bare: Seeded) -> None:
    async with browser(app) as made:
        await made.sign_in(bare, "department-admin")
        assert "先新建党委" in (await made.open("/units")).text


async def test_the_only_unit_there_is_needs_no_picking(app: Litestar, bare: Seeded) -> None:
    async with browser(app) as made:
        await made.sign_in(bare, "department-admin")
        assert "请选择" not in (await made.open("/people/import")).text


async def test_nothing_of_this_once_it_is_at_work(organizer: Browser, county: Seeded) -> None:
    assert "先新建党委" not in (await organizer.open("/units")).text
    assert "请选择" in (await organizer.open("/people/import")).text
