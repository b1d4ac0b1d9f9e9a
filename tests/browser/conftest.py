"""The demo counties behind a real server, and a real browser in front of it: once for all tests of this folder."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser

from deploy.embedded.addresses import Addresses
from tests.browser.clerk import Clerk
from tests.browser.shots import chromium
from tests.browser.site import Site
from tests.conftest import Demo
from tests.conftest import _copy as copy_of

COUNTY = "qingchuanhe"
"""The demo county in which the tests take place."""

TODAY = date(2026, 11, 21)

Enter = Callable[..., Clerk]
Made = TypeVar("Made")


def aside(work: Coroutine[Any, Any, Made]) -> Made:
    """What the coroutine answers, by an event loop of its own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here drive a browser and wait for it."""
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def site(
    servers: Addresses, demo: Demo, today: date, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The application, serving the demo counties as they are on TODAY."""
    assert today == TODAY
    folder = tmp_path_factory.mktemp("site")
    with copy_of(servers, demo.name, folder), Site(folder, TODAY) as made:
        yield made


@pytest.fixture(scope="package")
def chrome(site: Site) -> Iterator[Browser]:
    """Chromium. While it lives this thread has an event loop that runs: `aside` works beside it. Nobody skips."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def enter(site: Site, chrome: Browser) -> Iterator[Enter]:
    """Signs somebody in: `enter("branch-secretary")`; at the end nobody's console may have complained."""
    entered: list[Clerk] = []

    def sign_in(role: str, *, width: int = 1280, scripts: bool = True, county: str = COUNTY) -> Clerk:
        entered.append(Clerk(chrome, site, county, role, width=width, scripts=scripts))
        return entered[-1]

    site.today = TODAY
    yield sign_in
    for clerk in entered:
        clerk.leave()
    assert [complaint for clerk in entered for complaint in clerk.complaints] == []
