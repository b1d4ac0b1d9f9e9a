"""What can be exported. The kinds are made known once in each process, the web's and the worker's (web/workbooks.py)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import msgspec

from core.actor import Actor, Capability
from core.sheets import Table, written


class File(msgspec.Struct, frozen=True):
    """What was made: its `ending` (without the dot), its content."""

    ending: str
    content: bytes


Said = Callable[[Actor, Any], Awaitable[str]]
"""What is asked for in words: of which unit, narrowed to whom."""


class Kind(msgspec.Struct, frozen=True):
    """`asked` is the type of what is asked for; `total` counts its lines; `file` is all of them, and all are in the reading log.

    Both see what the person may see, and raise what a user can be told (core/errors.py). `needs` is what he must hold to ask for
    one and to fetch it. `said` tells in words what was asked for.
    """

    title: str
    asked: type[msgspec.Struct]
    total: Callable[[Actor, Any], Awaitable[int]]
    file: Callable[[Actor, Any, str, date], Awaitable[File]]
    needs: Capability = "register.export"
    said: Said | None = None

    @property
    def names_people(self) -> bool:
        """Whether it is a list of people, to which a second person agrees where it is long."""
        return self.needs == "register.export"


def workbook(
    table: Callable[[Actor, Any, str, date], Awaitable[Table]], said: Said | None = None
) -> Callable[..., Awaitable[File]]:
    """The file of a kind whose lines are a table; with what it is about in words, a sheet tells who has exported it and why."""

    async def file(actor: Actor, asked: Any, purpose: str, day: date) -> File:
        made = await table(actor, asked, purpose, day)
        if said is not None:
            made = msgspec.structs.replace(
                made, cover=_cover(made, actor, await said(actor, asked), purpose, day)
            )
        return File("xlsx", await written(made))

    return file


def _cover(made: Table, actor: Actor, said: str, purpose: str, day: date) -> list[tuple[str, str]]:
    return [
        ("导出人", f"{actor.name}，{day}"),
        ("内容", made.title),
        ("范围", said),
        ("行数", str(len(made.rows))),
        (
            "使用要求",
            "内部资料。只用于写明的目的，用完删除，不转发、不上传到其他系统；名单中每个人的阅档记录都记有这次导出。",
        ),
        ("目的", purpose),
    ]


KINDS: dict[str, Kind] = {}


def register(**kinds: Kind) -> None:
    """Make kinds known by their names in this process."""
    KINDS.update(kinds)
