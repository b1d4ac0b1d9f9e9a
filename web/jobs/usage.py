"""用量和上限: how much of what the operator allows the county has used, for whoever runs its system."""

from __future__ import annotations

import msgspec
from litestar import Controller, get

from core.quotas.room import Usage, usages
from web.kit.here import FromHere
from web.kit.page import Page, page


class Used(msgspec.Struct, frozen=True):
    """How one quota stands: `most` and `used` in `unit`, within a day or a minute (`per`); `used` None: not counted here."""

    name: str
    title: str
    unit: str
    per: str
    most: int
    used: int | None
    near: bool

    @classmethod
    def of(cls, one: Usage) -> Used:
        """The same in its unit, what is begun counted as whole."""
        quota = one.quota
        used = None if one.used is None else -(-one.used // quota.scale)
        return cls(quota.name, quota.title, quota.unit, quota.per, one.most // quota.scale, used, one.near)


class UsagePages(Controller):
    """/jobs/usage."""

    path = "/jobs/usage"

    @get("/", only_reads=True)
    async def index(self, here: FromHere) -> Page:
        """All of them."""
        return page("jobs/usage.html", usages=await usages())


class UsageApi(Controller):
    """/api/v1/usage."""

    path = "/usage"
    tags = ["后台任务"]

    @get("/", summary="用量和上限", description="上限由平台运维单位设定；按分钟计的不在这里计数，used 为空。")
    async def index(self, here: FromHere) -> tuple[Used, ...]:
        """All of them."""
        return tuple(map(Used.of, await usages()))
