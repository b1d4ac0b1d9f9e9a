"""What operators have done with whole counties: written down line by line, each sealing the one before it.

It is the installation's, not a county's, and names nobody in one. A line can be added and never changed (migration 0306).
"""

from __future__ import annotations

import getpass
import os
from datetime import datetime

import msgspec

from core.text import tidy
from tenants.database.session import owner_session

ACTS = {
    "entered": "进入控制台",
    "left": "退出控制台",
    "opened": "开通",
    "reset": "重置管理员密码",
    "admitted": "取得运维入口",
    "suspended": "暂停",
    "resumed": "恢复",
    "quotas": "设定上限",
    "exported": "导出",
    "brought": "导入",
    "deleted": "删除",
    "backed-up": "备份",
}
PAGE = 50


class Operator(msgspec.Struct, frozen=True):
    """Who acts, and by which door: 命令, 控制台."""

    name: str
    door: str


class Deed(msgspec.Struct, frozen=True):
    """One line; `county` is what it was called then, "" where it concerns none."""

    number: int
    at: datetime
    by_name: str
    door: str
    act: str
    county: str
    said: str


def at_the_shell() -> Operator:
    """Whoever has typed the command: by the name that he has on this machine."""
    return Operator(os.environ.get("SUDO_USER") or getpass.getuser(), "命令")


async def note_deed(by: Operator, act: str, county: str = "", said: str = "") -> None:
    """Write down what was done. Raises KeyError for an act that has no title."""
    async with owner_session() as session:
        await session.execute(
            "insert into operator_act (by_name, door, act, county, said) values ($1, $2, $3, $4, $5)",
            by.name, by.door, ACTS[act], county, tidy(said),
        )  # fmt: skip


async def deeds(before: int | None = None) -> list[Deed]:
    """The latest first, PAGE of them and one more, older than number `before`."""
    async with owner_session() as session:
        rows = await session.fetch(
            "select number, at, by_name, door, act, county, said from operator_act"
            " where $1::bigint is null or number < $1 order by number desc limit $2",
            before, PAGE + 1,
        )  # fmt: skip
    return [Deed(*row.values()) for row in rows]


async def last(act: str) -> datetime | None:
    """When this was last done."""
    async with owner_session() as session:
        found: datetime | None = await session.fetchval(
            "select at from operator_act where act = $1 order by number desc limit 1", ACTS[act]
        )
    return found


async def first_altered() -> int | None:
    """The number of the first line that does not follow from those before it; None: all of them do."""
    async with owner_session() as session:
        found: int | None = await session.fetchval(_ALTERED)
    return found


_ALTERED = """
    select min(number) from (
        select a.number, a.digest <> operator_act_digest(coalesce(lag(a.digest) over w, ''), a)
            or a.number <> coalesce(lag(a.number) over w, 0) + 1 as altered
        from operator_act a window w as (order by a.number)) line
    where altered
"""
