"""What operators have done with whole counties: written down line by line, each sealing the one before it.

It is the installation's, not a county's, and names nobody in one. A line can be added and never changed (migration 0306).
A deed has two: that it is begun, and what came of it. Whoever is killed in between leaves the first.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec

from core.errors import DomainError
from core.text import tidy
from deploy.problem import Problem
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
BEGUN, REFUSED = "：开始", "：没有办成"
PAGE = 50
LONGEST = 1_000
"""Letters of what is said: what is refused may have been of any length."""


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


class Outcome(msgspec.Struct):
    """What is said of a deed once it is done, and of which county where that is known only then."""

    county: str
    said: str = ""


async def note_deed(by: Operator, act: str, county: str = "", said: str = "") -> None:
    """Write down what is done by that. Raises KeyError for an act that has no title."""
    await _written(by, ACTS[act], county, said)


@asynccontextmanager
async def deed(by: Operator, act: str, county: str = "", said: str = "") -> AsyncIterator[Outcome]:
    """Around what is done: the line before it says that it is begun, the one behind it what came of it, or why it was refused.

    What breaks off otherwise has no second line: nobody knows how far it has come. Raises what happens inside; KeyError.
    """
    outcome, number = Outcome(county), await _written(by, ACTS[act] + BEGUN, county, said)
    try:
        yield outcome
    except (DomainError, Problem) as refused:
        await _written(by, ACTS[act] + REFUSED, outcome.county, f"第 {number} 行：{refused.sentence}")
        raise
    await _written(by, ACTS[act], outcome.county, f"第 {number} 行：{outcome.said or said or '已办理'}")


async def _written(by: Operator, act: str, county: str, said: str) -> int:
    """The number of the line."""
    async with owner_session() as session:
        number: int = await session.fetchval(
            "insert into operator_act (by_name, door, act, county, said) values ($1, $2, $3, $4, $5) returning number",
            by.name, by.door, act, county, tidy(said)[:LONGEST],
        )  # fmt: skip
    return number


async def is_kept() -> bool:
    """Whether there is such a ledger: not yet in a database that is to be brought up to date from before 0306."""
    async with owner_session() as session:
        found: bool = await session.fetchval("select to_regclass('operator_act') is not null")
    return found


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
