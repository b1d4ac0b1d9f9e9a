"""A case through its pages, each level by its own people: who has something to record, records it; where time must pass, it passes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import msgspec

from tests.browser.clerk import Clerk
from tests.browser.filling import fill
from tests.browser.site import Site

RECORD = '.task .act a.button[href*="/record/"]'
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

    def go_on_to(self, step: str) -> Clerk:
        """Do everything up to `step`, and not the step itself; who has a button for it now."""
        while True:
            for clerk in list(self.clerks):
                offered = self.offered(clerk)
                if step in offered:
                    return clerk
                if offered:
                    self.record(clerk, offered[0])
                    break
            else:
                self.let_time_pass()

    def finish(self) -> None:
        """Everything that is left."""
        while "全部环节已经办结" not in self.text():
            for clerk in list(self.clerks):
                if offered := self.offered(clerk):
                    self.record(clerk, offered[0])
                    break
            else:
                self.let_time_pass()

    def text(self) -> str:
        """The case page as the first clerk reads it."""
        self.clerks[0].open(self.path)
        return self.clerks[0].text()

    def offered(self, clerk: Clerk) -> list[str]:
        """The steps that the case page offers him to record."""
        assert clerk.open(self.path) == 200, clerk.text()
        links = clerk.page.locator(RECORD).evaluate_all("all => all.map(one => one.getAttribute('href'))")
        return [link.rpartition("/")[2] for link in links]

    def record(self, clerk: Clerk, step: str, also: Mapping[str, str] | None = None) -> None:
        """Press “记录…”, fill the form, record; it is accepted."""
        clerk.page.locator(RECORD).and_(clerk.page.locator(f'[href$="/record/{step}"]')).click()
        self.fill_and_send(clerk, self.site.today, also)
        assert clerk.path == self.path, f"{step} as {clerk.role} on {self.site.today}:\n{clerk.text()}"
        self.recorded.append((step, clerk.role))
        # Whoever has just recorded is likely to have the next step as well.
        self.clerks.remove(clerk)
        self.clerks.insert(0, clerk)

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
        status = clerk.open(f"{self.path}/record/{step}")
        if status == 200:
            status = self.fill_and_send(clerk, self.site.today, also)
        return self.read(clerk, status)

    def read(self, clerk: Clerk, status: int) -> Refusal:
        """What stands on a page that refuses."""
        page = clerk.page
        box = page.locator(".problem") if page.locator(".problem").count() else page.locator("main")
        return Refusal(status, box.inner_text(), tuple(box.locator(".source").all_inner_texts()))

    def let_time_pass(self) -> None:
        """To the first day on which, says the page, anything can go on; a notice's next morning."""
        today, text = self.site.today, self.text()
        days = [date.fromisoformat(found) for found in _DAY.findall(self.clerks[0].page.locator(".next").inner_text())]
        ends = [date.fromisoformat(found) for found in re.findall(r"须至 (\d{4}-\d{2}-\d{2})", text)]
        coming = [day for day in (*days, *(end + timedelta(days=1) for end in ends)) if day > today]
        assert coming, f"nobody can go on, and no day is named on {today}:\n{text}"
        self.site.today = min(coming)
