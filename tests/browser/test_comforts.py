"""What scripts add in a real browser, and that everything is there without them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from core.organisation.service import UnitDraft, create
from deploy.inside import inside
from tenants.database.session import county_session
from tests.browser.conftest import TODAY, aside
from tests.browser.shots import sign_in, window
from tests.browser.site import Site
from tests.web.conftest import PASSWORD, everything, seed

pytestmark = [pytest.mark.browser, pytest.mark.servers]

OPENED = date(2026, 1, 1)
ADDRESSES = (
    "/",
    "/units",
    "/people",
    "/people/new",
    "/people/import",
    "/cases",
    "/policies",
    "/accounts",
    "/accounts/roles",
)


async def _seed() -> None:
    async with inside():
        made = await seed("donghe", "东河县", OPENED)
        async with county_session(made.id):
            for number in "一二三四五六七八九十":
                draft = UnitDraft(kind="branch", name=f"城关镇{number}里社区支部")
                await create(everything(), made.units["城关镇党委"].id, draft, OPENED)


@pytest.fixture(scope="module")
def base(site: Site) -> str:
    """The address of the server, which has one county more."""
    aside(_seed())
    site.today = TODAY
    return site.base


@pytest.fixture
def page(chrome: Browser, base: str) -> Iterator[Page]:
    """The department's organizer, signed in; nothing may be said on the console."""
    context = window(chrome, base_url=base)
    made = context.new_page()
    said: list[str] = []
    made.on("pageerror", lambda error: said.append(str(error)))
    made.on(
        "console", lambda message: said.append(message.text) if "Content Security" in message.text else None
    )
    sign_in(made, base, "donghe", "department-organizer", PASSWORD)
    yield made
    context.close()
    assert said == []


def test_a_list_narrows_while_one_types(page: Page) -> None:
    page.goto("/people")
    page.fill("#q", "shanx")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(page.locator("#list tbody")).to_contain_text("单雄信")


def test_the_tree_narrows_by_pinyin_and_keeps_the_way_down(page: Page) -> None:
    page.goto("/units")
    page.fill("#q", "sanli")
    expect(page.locator(".tree a:visible")).to_have_count(3)
    page.fill("#q", "cgzsl")
    way_down = ["东河县委组织部", "城关镇党委"]
    found = [f"城关镇{number}里社区支部" for number in "三十四"]
    expect(page.locator(".tree a:visible")).to_have_text([*way_down, *found])


def test_the_picker_finds_by_pinyin(page: Page) -> None:
    page.goto("/people/new")
    page.locator(".picker-search").fill("sanli")
    page.locator(".picker-search").press("Enter")
    assert (
        page.eval_on_selector("#f-unit", "one => one.selectedOptions[0].textContent.trim()")
        == "城关镇三里社区支部"
    )


def test_ctrl_k_goes_anywhere_by_the_keyboard_alone(page: Page) -> None:
    page.goto("/units")
    page.keyboard.press("Control+k")
    page.keyboard.type("单雄信")
    expect(page.locator("#finder #found a")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("单雄信")


def test_a_refused_form_is_read_from_its_summary(page: Page) -> None:
    page.goto("/people/new")
    page.eval_on_selector("form.form", "form => { form.noValidate = true }")
    page.click("form.form button.primary")
    expect(page.locator("[data-problem]")).to_be_focused()
    page.click("[data-problem] a >> nth=1")
    expect(page.locator("#f-name")).to_be_focused()


def test_going_back_shows_the_list_as_it_was(page: Page) -> None:
    page.goto("/people?q=sxx")
    page.click("#list tbody a >> nth=0")
    expect(page.locator("h1")).to_have_text("单雄信")
    page.go_back()
    expect(page.locator("#q")).to_have_value("sxx")
    assert page.evaluate("document.documentElement.dataset.busy") is None


def test_without_scripts_one_signs_in_finds_and_enters(chrome: Browser, base: str) -> None:
    context = window(chrome, base_url=base, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, base, "donghe", "department-organizer", PASSWORD)
    page.goto("/units?q=cgz")
    expect(page.locator("main")).to_contain_text("城关镇东街支部")
    page.goto("/people/new")
    page.select_option("#f-unit", label="　　城关镇东街支部")
    page.fill("#f-name", "欧阳不用脚本")
    page.click("form.form button.primary")
    expect(page.locator("h1")).to_have_text("欧阳不用脚本")
    page.click("header button")
    expect(page.locator("h1")).to_have_text("登录")
    context.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_is_wider_than_the_window(chrome: Browser, base: str, width: int) -> None:
    context = window(chrome, base_url=base, viewport={"width": width, "height": 740})
    page = context.new_page()
    sign_in(page, base, "donghe", "department-admin", PASSWORD)
    for address in ADDRESSES:
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, (address, wide)
    context.close()
