"""The log of acts by the API."""

from __future__ import annotations

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency, Provide

from tenants.audit import Entry
from web.audit.log import KINDS, LogAsked, log_asked, log_page
from web.kit.here import FromHere
from web.kit.paging import After


class Log(msgspec.Struct):
    """A page of the log, newest first; ask again with `after=<next>` for the one behind it."""

    items: tuple[Entry, ...]
    next: str | None


class AuditApi(Controller):
    """/api/v1/audit."""

    path = "/audit"
    tags = ["账号与权限"]
    dependencies = {"asked": Provide(log_asked, sync_to_thread=False)}

    @get(
        "/",
        summary="操作日志，每页 50 条",
        description=f"新的在前；kind 为 {'、'.join(filter(None, KINDS))} 之一，不给为全部；"
        "since、until 为起止日期，含当日。供有权查看操作日志的人员使用。",
    )
    async def index(self, here: FromHere, asked: NamedDependency[LogAsked], after: After = None) -> Log:
        """Who did what to accounts, roles and policies."""
        pager = await log_page(here, asked, after)
        return Log(pager.items, pager.next)
