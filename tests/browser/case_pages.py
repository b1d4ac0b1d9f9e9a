"""A case through its pages: whoever has something to record, records it; where time must pass, it passes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import msgspec

from tests.browser.clerk import Clerk
from tests.browser.filling import fill
from tests.browser.site import Site

RECORD = '.task .act a.button[href*="/record/"]'
LEVELS = {"branch": "党支部", "committee": "基层党委", "department": "县委组织部"}
"""The word on the page for each level, by the beginning of a role."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Refusal(msgspec.Struct, frozen=True):
    """What a page says of why something was not recorded: the sentences, and rule with document and clause of each."""

    status: int
    text: str
    sources: tuple[str, ...]


class CasePages:
    """The pages of one case. `path` is its address, `recorded` who has recorded what, in order."""

    def __init__(self, site: Site, path: str, clerks: Sequence[Clerk]) -> None:
        self.site, self.path, self.clerks = site, path, list(clerks)
        self.recorded: list[tuple[str, str]] = []
        self._fresh: Clerk | None = None

    def go_on_to(self, step: str) -> Clerk:
        """Do everything up to `step`, and not the step itself; who has a button for it now."""
        while True:
            clerk, offered = self._next()
            if step in offered:
                return clerk
            self.record(clerk, offered[0])

    def finish(self) -> None:
        """Everything that is left."""
        while "全部环节已经办结" not in self.text():
            clerk, offered = self._next()
            self.record(clerk, offered[0])

    def text(self) -> str:
        """The case page as somebody reads it."""
        if self._fresh is None:
            self._look(self.clerks[0])
        assert self._fresh is not None
        return self._fresh.text()

    def offered(self, clerk: Clerk) -> list[str]:
        """The steps that the case page offers him to record."""
        self._look(clerk)
        links = clerk.page.locator(RECORD).evaluate_all("all => all.map(one => one.getAttribute('href'))")
        return [link.rpartition("/")[2] for link in links]

    def _next(self) -> tuple[Clerk, list[str]]:
        """Somebody who can go on, and with what; if nobody can, another day."""
        while True:
            self.text()
            assert self._fresh is not None
            turn = self._fresh.page.locator(".task:is(.is-open, .is-failed) .who").all_inner_texts()
            for clerk in self.clerks:
                if any(LEVELS[clerk.role.partition("-")[0]] in who for who in turn) and (
                    found := self.offered(clerk)
                ):
                    return clerk, found
            self.let_time_pass()

    def _look(self, clerk: Clerk) -> None:
        """Open the case page, unless it is open in front of him as it is now."""
        if self._fresh is not clerk:
            assert clerk.open(self.path) == 200, clerk.text()
            self._fresh = clerk

    def record(self, clerk: Clerk, step: str, also: Mapping[str, str] | None = None) -> None:
        """Press “记录…”, fill the form, record; it is accepted."""
        self.press_record(clerk, step)
        self.fill_and_send(clerk, self.site.today, also)
        self._fresh = clerk
        assert clerk.path == self.path, f"{step} as {clerk.role} on {self.site.today}:\n{clerk.text()}"
        self.recorded.append((step, clerk.role))

    def press_record(self, clerk: Clerk, step: str) -> None:
        """Open the form of a step by its button on the case page."""
        self._look(clerk)
        with clerk.page.expect_navigation():
            clerk.page.locator(f'.task .act a.button[href$="/record/{step}"]').click()
        self._fresh = None

    def fill_and_send(self, clerk: Clerk, day: date, also: Mapping[str, str] | None = None) -> int:
        """Fill the form that is open and press its button; the status of the answer."""
        fill(clerk.page, day, also=also)
        return self.send(clerk)

    def send(self, clerk: Clerk) -> int:
        """Press the button of the open form; the status of the page that it leads to."""
        with clerk.page.expect_navigation() as led:
            clerk.page.locator("form.sheet button.primary").click()
        assert led.value is not None
        return led.value.status

    def refused(self, clerk: Clerk, step: str, also: Mapping[str, str] | None = None) -> Refusal:
        """Try to record it anyway, by the form's own address; what the page says."""
        self._fresh = None
        status = clerk.open(f"{self.path}/record/{step}")
        if status == 200:
            status = self.fill_and_send(clerk, self.site.today, also)
        return self.read(clerk, status)

    def read(self, clerk: Clerk, status: int) -> Refusal:
        """What stands on a page that refuses, with every “依据” opened."""
        page = clerk.page
        box = page.locator(".problem") if page.locator(".problem").count() else page.locator("main")
        for fold in box.locator("details:not([open]) > summary").all():
            fold.click()
        return Refusal(status, box.inner_text(), tuple(box.locator(".source").all_inner_texts()))

    def let_time_pass(self) -> None:
        """To the first day on which, says the page, anything can go on; a notice's next morning."""
        today, text = self.site.today, self.text()
        assert self._fresh is not None
        days = [
            date.fromisoformat(found)
            for found in _DAY.findall(self._fresh.page.locator(".next").inner_text())
        ]
        ends = [date.fromisoformat(found) for found in re.findall(r"须至 (\d{4}-\d{2}-\d{2})", text)]
        coming = [day for day in (*days, *(end + timedelta(days=1) for end in ends)) if day > today]
        assert coming, f"nobody can go on, and no day is named on {today}:\n{text}"
        self.site.today = min(coming)
        self._fresh = None


def open_a_case_at_hand(clerk: Clerk) -> None:
    """The first case in his list that he can go on with."""
    clerk.open("/cases?stage=prospect")
    links = clerk.page.locator('#list tbody th a[href^="/cases/"]').evaluate_all(
        "all => all.map(one => one.pathname)"
    )
    for link in links:
        clerk.open(link)
        if clerk.page.locator(RECORD).count():
            return
    raise AssertionError("the demo has no case that the branch's secretary can go on with")
