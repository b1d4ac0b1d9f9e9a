"""Somebody at a screen: signs in, goes to pages, presses what is there. What the console complains of is kept."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Response

from deploy.demo.logins import LOGINS, PASSWORD
from tests.browser.shots import HEIGHT, sign_in, window
from tests.browser.site import Site

EXPECTED = ("status of 403", "status of 404", "status of 409", "status of 422")
"""The browser itself reports answers that a test provokes; these are no complaints about a page."""


class Clerk:
    """A signed-in person with a browser window of his own. `role` is one of the demo's shown sign-ins, or a login."""

    def __init__(
        self, browser: Browser, site: Site, county: str, role: str, *, width: int = 1280, scripts: bool = True
    ) -> None:
        self.site, self.role = site, role
        size = {"width": width, "height": HEIGHT[width]}
        self.context = window(browser, viewport=size, java_script_enabled=scripts)
        self.complaints: list[str] = []
        self.login = LOGINS.get(role, role)
        self.page = self.window()
        sign_in(self.page, site.base, county, self.login, PASSWORD)
        assert "/sign-in" not in self.page.url, f"{role}: {self.text()}"
        self.name = self.page.inner_text("header .who")

    def window(self) -> Page:
        """A further window of the same person."""
        page = self.context.new_page()
        page.on("console", lambda said: self._note(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self._note(str(error)))
        return page

    def _note(self, text: str) -> None:
        if not any(expected in text for expected in EXPECTED):
            self.complaints.append(f"{self.page.url}: {text}")

    def open(self, path: str) -> int:
        """Go to a page; the status of the answer."""
        answer = self.page.goto(self.site.base + path)
        assert answer is not None
        return answer.status

    @property
    def path(self) -> str:
        """Where he is."""
        return urlsplit(self.page.url).path

    def text(self) -> str:
        """What he reads on the page, beside the rail and the header."""
        return self.page.inner_text("main")

    def press(self, words: str, within: str = "main") -> Response | None:
        """Press the button or link that says so, and wait for the page it leads to; the answer."""
        found = self.page.locator(f"{within} button, {within} a.button, {within} summary, {within} a").filter(
            has_text=words
        )
        with self.page.expect_navigation() as led:
            found.first.click()
        return led.value

    def choose_unit(self, words: str) -> None:
        """Choose a unit by part of its name in the page's picker."""
        option = self.page.locator("#f-unit option", has_text=words).first
        self.page.select_option("#f-unit", option.get_attribute("value"))

    def leave(self) -> None:
        """Close the windows."""
        self.context.close()
