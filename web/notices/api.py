"""One's own notices and how one wants to be told, by the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_200_OK

from core.notices.inbox import open_notice, read_all, unread
from core.notices.model import KINDS, Notice
from core.notices.settings import Setting, county_rule, save_setting, setting
from tenants.notices.address import pass_over
from web.kit.here import FromHere, Here
from web.kit.paging import After
from web.kit.query import one_of
from web.notices.paged import paged
from web.notices.words import said


class Told(msgspec.Struct):
    """A notice with its title, what it is about in words, and the address of the page that it leads to ("": he may not look)."""

    notice: Notice
    title: str
    what: str
    href: str


class Notices(msgspec.Struct):
    """A page of them, newest first; `unread` counts up to 100. Ask again with `after=<next>` for the one behind it."""

    items: list[Told]
    next: str | None
    unread: int


class Until(msgspec.Struct):
    """A moment with its offset; what came later stays unread."""

    until: Annotated[datetime, msgspec.Meta(tz=True)]


class Read(msgspec.Struct):
    """How many were not read before."""

    count: int


class How(msgspec.Struct):
    """As it is set; `county_days`, `up_days` are the county's, `kinds` what can be named in `unmailed`."""

    setting: Setting
    county_days: int
    up_days: int | None
    kinds: dict[str, str]


class NoticeApi(Controller):
    """/api/v1/notices."""

    path = "/notices"
    tags = ["消息"]

    @get("/", summary="本人的消息，每页 50 条", description="新的在前；which 写 unread 只要未读的。")
    async def index(self, here: FromHere, which: FromQuery[str] = "", after: After = None) -> Notices:
        """A page of them."""
        pager = await paged(here, one_of("which", which, ("unread",)) != "", after)
        told = [
            Told(one, words.title, words.what, words.href)
            for one, words in ((one, said(one)) for one in pager.items)
        ]
        return Notices(told, pager.next, await unread(here.actor))

    @post("/{notice_id:uuid}/read", status_code=HTTP_200_OK, summary="将一条消息标为已读")
    async def open(self, here: FromHere, notice_id: FromPath[UUID]) -> Notice:
        """One of them is read."""
        return await open_notice(here.actor, notice_id)

    @post("/read", status_code=HTTP_200_OK, summary="将某一时刻以前的消息都标为已读")
    async def read(self, here: FromHere, data: JSONBody[Until]) -> Read:
        """All that had come by then."""
        return Read(await read_all(here.actor, data.until))

    @get("/settings", summary="怎样通知本人")
    async def settings(self, here: FromHere) -> How:
        """As it is set."""
        return await _how(here)

    @put("/settings", summary="设定怎样通知本人", description="邮箱在页面上登记和确认；没有确认的不发邮件。")
    async def set(self, here: FromHere, data: JSONBody[Setting]) -> How:
        """Set it."""
        if (await setting(here.actor.id)).mail == "off":
            await pass_over(here.actor.id)
        await save_setting(here.actor, data)
        return await _how(here)


async def _how(here: Here) -> How:
    rule = await county_rule()
    return How(await setting(here.actor.id), rule.days, rule.up_days, KINDS)
