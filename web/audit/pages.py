"""操作日志: who did what to accounts, roles and policies, newest first."""

from __future__ import annotations

from litestar import Controller, get

from web.audit.log import KINDS, Kind, log_page
from web.kit.here import FromHere
from web.kit.page import Page, page
from web.kit.paging import After


class AuditPages(Controller):
    """/accounts/log."""

    path = "/accounts/log"

    @get("/")
    async def index(self, here: FromHere, kind: Kind = "", after: After = None) -> Page:
        """The log of the units over which he holds `audit.view`."""
        pager = await log_page(here, kind, after)
        return page("accounts/log.html", pager=pager, kind=kind, kinds=KINDS)
