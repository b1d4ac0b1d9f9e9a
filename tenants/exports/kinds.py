"""What can be exported. The kinds are made known once in each process, the web's and the worker's (web/workbooks.py)."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from core.actor import Actor, Capability
from core.extent import Extent
from core.progress import told
from core.sheets import Ending, Row, Table, written


class Wish(NamedTuple):
    """What is asked for, what for, on which day; as which kind of file, where one can choose; how many lines are expected."""

    asked: Any
    purpose: str
    day: date
    ending: Ending = "xlsx"
    total: int = 0


class File(msgspec.Struct, frozen=True):
    """What was made: its `ending` (without the dot), its content."""

    ending: str
    content: bytes


OF_PEOPLE = (
    "内部资料。只用于写明的目的，用完删除，不转发、不上传到其他系统；名单中每个人的阅档记录都记有这次导出。"
)
"""How a list of people may be used."""
Said = Callable[[Actor, Any], Awaitable[str]]
"""What is asked for in words: of which unit, narrowed to whom."""
Lines = Callable[[Actor, Any, str, date], Awaitable[Table]]


class Kind(msgspec.Struct, frozen=True):
    """`asked` is the type of what is asked for; `total` counts its lines; `file` is all of them, and all are in the reading log.

    Both see what the person may see, and raise what a user can be told (core/errors.py). `needs` is what he must hold to ask for
    one and to fetch it. `said` tells in words what was asked for. A list of people has an `extent`: where it is long, a second
    person agrees to these people and to no others.
    """

    title: str
    asked: type[msgspec.Struct]
    total: Callable[[Actor, Any], Awaitable[int]]
    file: Callable[[Actor, Wish], Awaitable[File]]
    needs: Capability
    said: Said | None = None
    extent: Callable[[Actor, Any], Awaitable[Extent]] | None = None


def people(
    title: str,
    asked: type[msgspec.Struct],
    extent: Callable[[Actor, Any], Awaitable[Extent]],
    table: Lines,
    said: Said,
) -> Kind:
    """A list of people: a sheet tells who has exported it and why."""

    async def total(actor: Actor, asked: Any) -> int:
        return (await extent(actor, asked)).total

    return Kind(title, asked, total, workbook(table, said), "register.export", said, extent)


def workbook(
    table: Lines, said: Said | None = None, *, use: str = OF_PEOPLE
) -> Callable[[Actor, Wish], Awaitable[File]]:
    """The file of a kind whose lines are a table; with what it is about in words, a sheet tells who has exported it and why, and
    how it may be used."""

    async def file(actor: Actor, wish: Wish) -> File:
        made = await table(actor, wish.asked, wish.purpose, wish.day)
        if said is not None:
            cover = [*_cover(made.head.title, actor, await said(actor, wish.asked), wish), ("使用要求", use)]
            foot = "　".join(f"{title}：{text}" for title, text in cover[:2])
            made = Table(msgspec.structs.replace(made.head, cover=cover, foot=foot), made.lines, made.more)
        made = Table(made.head, _counted(made.lines, wish.total), made.more)
        return File(wish.ending, await written(made, wish.ending))

    return file


async def _counted(lines: AsyncIterable[Sequence[Row]], total: int) -> AsyncIterator[Sequence[Row]]:
    """The same, and how far it is is told; whoever has stopped it is heard here."""
    count = 0
    async for rows in lines:
        count += len(rows)
        await told(count, max(count, total))
        yield rows


def _cover(title: str, actor: Actor, said: str, wish: Wish) -> list[tuple[str, str]]:
    return [
        ("导出人", f"{actor.name}，{wish.day}"),
        ("目的", wish.purpose),
        ("内容", title),
        ("范围", said),
    ]


KINDS: dict[str, Kind] = {}


def register(**kinds: Kind) -> None:
    """Make kinds known by their names in this process."""
    KINDS.update(kinds)
