"""消息: the inbox, a notice opened, all of them read."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from core.errors import Invalid
from core.notices.inbox import open_notice, read_all, unread
from web.kit.forms import Form
from web.kit.here import FromHere
from web.kit.page import Page, page, see_other
from web.kit.paging import After
from web.kit.query import one_of
from web.kit.requests import Request
from web.notices.paged import paged
from web.notices.words import address_of, said


class NoticePages(Controller):
    """/notices: one's own alone, so no right is asked for; what a notice leads to asks for its own."""

    path = "/notices"

    @get("/")
    async def index(self, here: FromHere, which: FromQuery[str] = "", after: After = None) -> Page:
        """The newest first; `which` is `unread` for those alone."""
        alone = one_of("which", which, ("unread",)) != ""
        pager = await paged(here, alone, after)
        return page(
            "notices/index.html",
            pager=pager,
            said=[said(one) for one in pager.items],
            alone=alone,
            unread=await unread(here.actor),
            until=datetime.now(UTC).isoformat(),
        )

    @get("/{notice_id:uuid}")
    async def open(self, here: FromHere, notice_id: FromPath[UUID]) -> Redirect:
        """It is read, and leads to what it is about."""
        return see_other(address_of(await open_notice(here.actor, notice_id)))

    @post("/read")
    async def read(self, here: FromHere, request: Request) -> Redirect:
        """All that had come when the page was made are read."""
        form = await Form.of(request)
        count = await read_all(here.actor, _moment(form.value("until")))
        return see_other("/notices", here.say(f"已将 {count} 条消息标为已读。"))


def _moment(text: str) -> datetime:
    """As the page wrote it. Raises Invalid for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid("“截至”的时间不正确，消息都没有标为已读。请回到消息列表，刷新后再点。", code="until")
    return found
