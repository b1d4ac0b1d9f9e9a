"""Somebody looks at every page that he can reach: from the first one, by the links that he meets, one page of each kind."""

from __future__ import annotations

import os
import re
from collections import Counter, deque
from collections.abc import Collection, Iterator
from html import unescape
from pathlib import Path

import msgspec

from tests.browser.axe import held_against
from tests.browser.clerk import Clerk
from tests.browser.shots import HEIGHT, WIDTHS
from tests.web.routes import readable, template_of

SHOTS = os.environ.get("DANGWU_SHOTS")
"""The folder into which the pages are photographed; nobody looks at some two hundred pictures unless he asked for them."""
NOT_PAGES = re.compile(
    r"/(api|static)/|^/(api/v1|healthz|metrics|people/template|units/import/template|units/pick|people/pick|\{rest:path\})$|/attachments/"
    r"|^/exports/[^/]+/file$|^/units/[^/]+/below$"
    r"|^/calendar/|^/cases/[^/]+/papers/|^/activities/[^/]+/papers$|^/documents/[^/]+/(template|preview)$"
)
"""Routes that hand out something other than a page; and the one for addresses that do not exist."""

NARROW = {
    "/", "/cases", "/cases/{case_id:uuid}", "/cases/{case_id:uuid}/record/{step:str}", "/people", "/policies/effective",
}  # fmt: skip
"""What looks otherwise on a phone (the rail, lines for tables, a case's head, a record's form): axe hears it there, at night."""
HEARD = NARROW | {
    "/people/new", "/people/{person_id:uuid}", "/units/{unit_id:uuid}", "/policies/{plugin:str}", "/activities", "/duties",
    "/plans", "/notices", "/accounts", "/accounts/new", "/people/import", "/statistics",
}  # fmt: skip
"""A page of each make, which axe hears in the suite; all of them it hears in the trial."""

MOST = 3
"""Pages of one kind that are looked at."""

TALLEST = 4000
"""Pixels of a page that are photographed; a longer one goes on in the same way."""

LOOK = Path(__file__).with_name("look.js").read_text()
"""Answers what is wrong with the page that is open."""

OVERFLOW = "document.scrollingElement.scrollWidth - window.innerWidth"


class Seen(msgspec.Struct, frozen=True):
    """A page as it was met: its route, its address, the answer, what was wrong with it, pixels too wide at 360."""

    route: str
    path: str
    status: int
    wrong: tuple[str, ...]
    too_wide: int


def page_routes() -> list[str]:
    """The routes of all pages that open by their address, as in routes.txt, the most exact first."""
    return [path for path in readable() if not NOT_PAGES.search(path)]


def route_of(path: str) -> str | None:
    """The route that answers at an address; None for what is not a page."""
    return None if NOT_PAGES.search(path) else template_of(path)


def tour(clerk: Clerk, first: list[str], known: Collection[str] = ()) -> Iterator[Seen]:
    """Every kind of page that he reaches from these addresses, photographed at both widths; of the kinds that are `known` from
    somebody else's tour he only asks for the page, without a look at it, unless he has been told to take photographs."""
    routes, waiting, times, met = page_routes(), deque(first), Counter[str](), set(first)
    while waiting:
        path = waiting.popleft()
        route = route_of(path.partition("?")[0]) or ""
        times[route] += "?" not in path
        # Another one of a kind, as long as something below this kind has not been met: not every unit can be merged.
        if times[route] > 1 and all(times[below] for below in routes if below.startswith(f"{route}/")):
            continue
        if route in known and not SHOTS:
            seen, links = _asked(clerk, path, route)
        else:
            seen = look(clerk, path, photograph=times[route] <= 1)
            links = clerk.page.eval_on_selector_all(
                "a[href^='/']", "all => all.map(one => one.getAttribute('href'))"
            )
        yield seen
        for link in dict.fromkeys(re.split(r"[?#]", one)[0] for one in links):
            found = route_of(link)
            if found is not None and link not in met and sum(route_of(one) == found for one in met) < MOST:
                met.add(link)
                waiting.append(link)


def _asked(clerk: Clerk, path: str, route: str) -> tuple[Seen, list[str]]:
    """A page as it is answered, and the links that stand on it."""
    answer = clerk.page.request.get(clerk.site.base + path)
    links = [unescape(one) for one in re.findall(r'<a\b[^>]*? href="(/[^"]*)"', answer.text())]
    return Seen(route, path, answer.status, (), 0), links


def look(clerk: Clerk, path: str, *, photograph: bool = True) -> Seen:
    """Open a page, and see it at both widths."""
    return see(clerk, path, clerk.open(path), photograph=photograph)


def see(clerk: Clerk, path: str, status: int, *, photograph: bool = True) -> Seen:
    """The page that is open, at both widths; `path` names it and its photographs."""
    bare = path.partition("?")[0]
    route = route_of(bare) or bare
    wrong = clerk.page.evaluate(LOOK)
    heard = not photograph or route in clerk.site.heard or not (clerk.site.thorough or route in HEARD)
    if not heard:
        clerk.site.heard.add(route)
        wrong += held_against(clerk.page)
    too_wide = 0
    for width in WIDTHS:
        clerk.page.set_viewport_size({"width": width, "height": HEIGHT[width]})
        too_wide = clerk.page.evaluate(OVERFLOW)
        if width == min(WIDTHS) and route in NARROW and not heard:
            clerk.page.emulate_media(color_scheme="dark")
            wrong += held_against(clerk.page)
            clerk.page.emulate_media(color_scheme="light")
        if photograph:
            _photograph(clerk, path, width)
    clerk.page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT[WIDTHS[0]]})
    return Seen(route, path, status, tuple(wrong), too_wide)


def _photograph(clerk: Clerk, path: str, width: int) -> None:
    if not SHOTS:
        return
    Path(SHOTS).mkdir(exist_ok=True)
    bare, _, query = path.partition("?")
    name = re.sub(
        r"[^0-9a-z]+", "-", f"{route_of(bare) or bare}-{query}".replace(":uuid", "").replace(":str", "")
    )
    tall = clerk.page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0.0, "y": 0.0, "width": float(width), "height": float(min(tall, TALLEST))}
    to = Path(SHOTS) / f"{clerk.role}-{name.strip('-') or 'home'}-{width}.jpg"
    # Half the time of a PNG, and there are some two hundred.
    clerk.page.screenshot(path=str(to), type="jpeg", quality=70, full_page=True, clip=clip)  # type: ignore[arg-type]
