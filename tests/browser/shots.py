"""Photographs every page, as one person, at 1280 and 360 px: `python tests/browser/shots.py BASE_URL FOLDER --as LOGIN`.

For looking at, not a test. Besides the fixed pages it follows the first link of each kind it meets (a unit, a person, a
case …), so that one page of each kind is seen.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.chromium import program
from tests.waiting import PATIENCE_SECONDS

WIDTHS = (1280, 360)
HEIGHT = {1280: 768, 360: 740}

PAGES = [
    "/", "/units", "/units?q=dj", "/people", "/people?q=zz-nobody", "/people/new", "/people/import", "/people/export",
    "/cases", "/cases/new", "/policies", "/policies/effective", "/policies/history",
    "/policies/allowance", "/policies/rehearse", "/accounts", "/accounts/new", "/accounts/roles", "/accounts/log",
    "/password", "/find?q=zh", "/no-such-page",
]  # fmt: skip

FOLLOWED = {
    "unit": r"^/units/[0-9a-f-]{36}$",
    "person": r"^/people/[0-9a-f-]{36}$",
    "case": r"^/cases/[0-9a-f-]{36}$",
    "policy": r"^/policies/(?!effective|history|allowance|rehearse)[a-z0-9-]+$",
    "account": r"^/accounts/[0-9a-f-]{36}$",
    "import": r"^/people/import/[0-9a-f-]{36}$",
}
"""Kind → the address of its pages; one of each is visited, and its forms as listed below."""

BELOW = {
    "unit": ["new", "edit", "move", "merge", "dissolve"],
    "person": ["edit", "tags"],
    "case": ["record", "history", "return", "facts"],
    "policy": [],
    "account": [],
    "import": [],
}

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium, Chrome or Edge without a window (chromium.py)."""
    found = program()
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.path,
            args=FLAGS,
            env={**os.environ, **found.variables},
            timeout=PATIENCE_SECONDS * 1000,
        )
        yield browser
        browser.close()


def window(browser: Browser, **options: Any) -> BrowserContext:
    """A window of its own, in Chinese; `options` as of Playwright."""
    made = browser.new_context(locale="zh-CN", **options)
    made.set_default_timeout(PATIENCE_SECONDS * 1000)
    return made


def sign_in(page: Page, base: str, county: str, login: str, password: str) -> None:
    """Through the front door; `county` "" takes the first one offered."""
    page.goto(f"{base}/sign-in")
    if county:
        page.select_option("#f-county", county)
    else:
        page.select_option("#f-county", index=1)
    page.fill("#f-login", login)
    page.fill("#f-password", password)
    page.click("main button.primary")
    page.wait_for_load_state()


def name_of(path: str) -> str:
    """A file name for an address."""
    return re.sub(r"[^0-9a-z]+", "-", re.sub(r"[0-9a-f-]{36}", "id", path)).strip("-") or "home"


class Camera:
    """Takes pictures of pages into a folder, and says what went wrong on them."""

    def __init__(self, page: Page, base: str, folder: Path, width: int) -> None:
        self.page, self.base, self.folder, self.width = page, base, folder, width
        self.found: dict[str, str] = {}
        self.problems: list[str] = []
        page.on(
            "console", lambda message: self.problems.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def take(self, path: str) -> None:
        """Go there, take a picture of the whole page, note its links, report overflow and errors."""
        self.problems.clear()
        answer = self.page.goto(self.base + path)
        status = answer.status if answer else 0
        self.page.screenshot(path=str(self.folder / f"{name_of(path)}-{self.width}.png"), full_page=True)
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        notes = [f"{wide} px too wide"] if wide > 0 else []
        notes += [text for text in self.problems if "status of 40" not in text]
        print(f"{self.width:>5} {status} {path} {'; '.join(notes)}")
        for link in self.page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))"):
            for kind, pattern in FOLLOWED.items():
                if re.match(pattern, link):
                    self.found.setdefault(kind, link)

    def take_all(self) -> None:
        """The fixed pages, then one of each kind met."""
        for path in PAGES:
            self.take(path)
        for kind, path in list(self.found.items()):
            self.take(path)
            for below in BELOW[kind]:
                self.take(f"{path}/{below}")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", help="the address of a running server")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--as", dest="login", default="department-admin")
    parser.add_argument("--password", default="Dongfeng-2026-xx")
    parser.add_argument("--county", default="")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--only", nargs="*", help="these addresses instead of all")
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for width in WIDTHS:
            size, scheme = {"width": width, "height": HEIGHT[width]}, "dark" if wanted.dark else "light"
            context = window(browser, viewport=size, color_scheme=scheme)
            page = context.new_page()
            page.goto(f"{wanted.base}/sign-in")
            page.screenshot(path=str(wanted.folder / f"sign-in-{width}.png"), full_page=True)
            sign_in(page, wanted.base, wanted.county, wanted.login, wanted.password)
            camera = Camera(page, wanted.base, wanted.folder, width)
            if wanted.only:
                for path in wanted.only:
                    camera.take(path)
            else:
                camera.take_all()
            context.close()


if __name__ == "__main__":
    main()
