"""期限日历: deadlines for the calendar of a telephone or a computer, by a secret link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.notices.model import KINDS
from tenants.ground.mail import home
from tenants.notices.feed import AHEAD, Entry, feeds, make_feed, read_feed, revoke_feed
from web.kit.clock import today_of
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, only_once, page, see_other
from web.kit.rate import admit
from web.kit.requests import Request, address_of
from web.notices.words import leads_to, what_of

MOST, MOST_OF_ONE = 60, 10
"""Requests in a minute: of an address, behind which a whole office may sit, and of one link."""


class FeedPages(Controller):
    """/notices/feeds: one's own links."""

    path = "/notices/feeds"

    @get("/")
    async def index(self, here: FromHere) -> Page:
        """Those that show something."""
        return await _page(here, Form.blank())

    @post("/")
    async def make(self, here: FromHere, request: Request) -> Page:
        """Another; it is shown on this answer and nowhere else."""
        form = await Form.of(request)
        async with attempt(form):
            token = await make_feed(here.actor)
            base = home() or str(request.base_url).rstrip("/")
            return only_once(await _page(here, form, f"{base}/calendar/{token}.ics"))
        return await _page(here, form)

    @post("/{feed_id:uuid}/revoke")
    async def revoke(self, here: FromHere, feed_id: FromPath[UUID]) -> Redirect:
        """It shows nothing any more."""
        await revoke_feed(here.actor, feed_id)
        return see_other("/notices/feeds", here.say("日历链接已撤销，即刻失效。"))


class CalendarPages(Controller):
    """/calendar/{token}: no sign-in."""

    path = "/calendar"

    @get("/{token:str}")
    async def calendar(self, request: Request, token: FromPath[str]) -> Response[bytes]:
        """The calendar; 304 for whoever has it as it is. Raises NotFound, TooManyRequests."""
        await admit("calendar", address_of(request), MOST)
        await admit("calendar-link", sha256(token.encode()).hexdigest()[:32], MOST_OF_ONE)
        today = today_of(request.app.state)
        content = written(await read_feed(token.removesuffix(".ics")[:200], today), today)
        tag = f'"{sha256(content).hexdigest()[:32]}"'
        headers = {"etag": tag, "cache-control": "private, max-age=3600"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(b"", status_code=304, headers=headers, media_type="text/calendar; charset=utf-8")
        return Response(content, headers=headers, media_type="text/calendar; charset=utf-8")


def written(entries: Sequence[Entry], today: date) -> bytes:
    """The same entries give the same bytes, all day."""
    # A third of a second to load, for one page.
    from icalendar import Calendar, Event

    calendar = Calendar()
    for name, value in (
        ("prodid", "-//dangwu//notices//ZH"),
        ("version", "2.0"),
        ("x-wr-calname", "党务期限"),
    ):
        calendar.add(name, value)
    stamp = datetime.combine(today, time(), UTC)
    for found, unit_name in sorted(entries, key=lambda one: (one.found.day or today, one.found.occasion)):
        assert found.day is not None
        event = Event()
        what = what_of(found.kind, found.what) or KINDS[found.kind]
        event.add("uid", f"{sha256(found.occasion.encode()).hexdigest()[:32]}@dangwu")
        event.add("dtstamp", stamp)
        event.add("dtstart", found.day)
        event.add("dtend", found.day + timedelta(days=1))
        event.add("summary", f"{KINDS[found.kind]}：{what}" + (f"（{unit_name}）" if unit_name else ""))
        if home():
            event.add("url", home() + leads_to(found.kind, found.subject, found.unit_id))
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


async def _page(here: Here, form: Form, address: str = "") -> Page:
    return page(
        "notices/feeds.html",
        form=form,
        status=form.status,
        feeds=await feeds(here.actor),
        address=address,
        days=AHEAD,
    )
