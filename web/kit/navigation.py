"""The left rail: the sections that this person may use, nothing else."""

from __future__ import annotations

import msgspec

from core.actor import Capability
from core.notices.inbox import MOST_COUNTED, counted, unread
from web.kit.here import Here, here_of
from web.kit.procedures import section_title
from web.kit.requests import Request
from web.kit.words import number


class Section(msgspec.Struct, frozen=True):
    """A section of the rail; `capability` None means everybody who is signed in. That of the cases is called as they are."""

    path: str
    title: str
    sign: str
    capability: Capability | None = None


SECTIONS = (
    Section("/", "工作台", "台"),
    Section("/notices", "消息", "消"),
    Section("/units", "组织", "组", "org.view"),
    Section("/people", "党员名册", "册", "person.view"),
    Section("/cases", "", "", "case.view"),
    Section("/transfers", "介绍信", "信", "case.view"),
    Section("/activities", "会议活动", "会", "activity.view"),
    Section("/duties", "职责", "责", "activity.view"),
    Section("/ratings", "评议评级", "评", "rating.view"),
    Section("/plans", "年度计划", "计", "plan.view"),
    Section("/statistics", "统计", "统", "statistics.view"),
    Section("/policies", "政策", "策", "policy.view"),
    Section("/documents", "文书模板", "文", "document.template"),
    Section("/accounts", "账号与权限", "权", "account.view"),
    Section("/jobs", "后台任务", "后", "job.manage"),
)


class Link(msgspec.Struct, frozen=True):
    """One line of the rail."""

    path: str
    title: str
    sign: str
    current: bool
    count: str = ""
    """How many things wait there for this person; "" for none."""
    says: str = ""
    """What is counted."""


COUNTS = "counts"
"""Where a request keeps, by section, how many things wait for the person who looks at a page."""


async def count_tasks(request: Request) -> None:
    """Before a whole page is made, or a refused form is shown again: what its rail counts. The workbench knows what waits from
    its own list."""
    here = here_of(request)
    if here is None or "hx-request" in request.headers:
        return
    if request.url.path == "/":
        count(request, "/notices", await unread(here.actor))
        return
    waits, news = await counted(here.actor)
    count(request, "/", waits)
    count(request, "/notices", news)


def count(request: Request, section: str, things: int) -> None:
    """So many things wait in a section."""
    request.scope["state"].setdefault(COUNTS, {})[section] = things


_SAYS = {"/": "有 {} 件事等您办", "/notices": "有 {} 条消息未读"}


def section_of(path: str) -> str:
    """The title of the section in which a page stands; "" for one that stands in none."""
    found = next((one for one in reversed(SECTIONS) if _current(one, path)), None)
    return (found.title or section_title()) if found else ""


def _current(section: Section, path: str) -> bool:
    return path == section.path if section.path == "/" else (path + "/").startswith(section.path + "/")


def rail(request: Request, here: Here | None) -> tuple[Link, ...]:
    """The sections open to this person, in their fixed order; only those that have a page."""
    if here is None:
        return ()
    routed, cases = request.app.state.routed, section_title()
    return tuple(
        Link(
            section.path,
            section.title or cases,
            section.sign or cases[0],
            _current(section, request.url.path),
            *_counted(request, section.path),
        )
        for section in SECTIONS
        if section.path in routed and (not section.capability or here.may(section.capability))
    )


def _counted(request: Request, path: str) -> tuple[str, str]:
    things = request.scope["state"].get(COUNTS, {}).get(path, 0)
    if not things:
        return "", ""
    shown = f"{MOST_COUNTED - 1}+" if path == "/notices" and things >= MOST_COUNTED else number(things)
    return shown, _SAYS[path].format(shown)
