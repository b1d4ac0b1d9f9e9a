"""操作日志: who did what to accounts, roles and policies, newest first."""

from __future__ import annotations

from litestar import Controller, get
from litestar.di import NamedDependency, Provide

from web.audit.log import KINDS, LogAsked, log_asked, log_page
from web.kit.here import FromHere
from web.kit.page import Page, page
from web.kit.paging import After


class AuditPages(Controller):
    """/accounts/log."""

    path = "/accounts/log"
    dependencies = {"asked": Provide(log_asked, sync_to_thread=False)}

    @get("/")
    async def index(self, here: FromHere, asked: NamedDependency[LogAsked], after: After = None) -> Page:
        """The log of the units over which he holds `audit.view`."""
        pager = await log_page(here, asked, after)
        return page("accounts/log.html", pager=pager, asked=asked, kinds=KINDS)
