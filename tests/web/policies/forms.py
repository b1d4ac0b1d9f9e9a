"""Reading the forms of a page as a browser without scripts would send them."""

from __future__ import annotations

from html.parser import HTMLParser

import httpx

from tests.web.conftest import Browser

Fields = dict[str, list[str]]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, Fields] = {}
        self._here: Fields | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._here = self.forms.setdefault(given.get("action") or "", {})
        elif tag == "input" and self._here is not None and given.get("name"):
            if given.get("type") in ("checkbox", "radio") and "checked" not in given:
                return
            self._here.setdefault(str(given["name"]), []).append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._here = None


def forms(answer: httpx.Response) -> dict[str, Fields]:
    """Action → what each form of the page would send."""
    reader = _Reader()
    reader.feed(answer.text)
    return reader.forms


async def open_form(browser: Browser, plugin: str, unit: object) -> Fields:
    """The form of a plugin's page as it opens."""
    answer = await browser.open(f"/policies/{plugin}", params={"unit": str(unit)})
    assert answer.status_code == 200, answer.text
    return forms(answer)[f"/policies/{plugin}/preview"]


async def send(browser: Browser, path: str, fields: Fields) -> httpx.Response:
    """Send a form as it stands."""
    return await browser.submit(
        path, **{name: value for name, value in fields.items() if name != "_csrf_token"}
    )


async def ask(browser: Browser, plugin: str, fields: Fields) -> httpx.Response:
    """To the preview."""
    return await send(browser, f"/policies/{plugin}/preview", fields)


async def confirm(browser: Browser, plugin: str, previewed: httpx.Response) -> httpx.Response:
    """What the preview page's button does."""
    assert previewed.status_code == 200, previewed.text
    return await send(browser, f"/policies/{plugin}", forms(previewed)[f"/policies/{plugin}"])


async def adopt(browser: Browser, plugin: str, unit: object, **changed: list[str]) -> httpx.Response:
    """Open, change some fields, preview, confirm."""
    fields = {**await open_form(browser, plugin, unit), **changed}
    return await confirm(browser, plugin, await ask(browser, plugin, fields))
