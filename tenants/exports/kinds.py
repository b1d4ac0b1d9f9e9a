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


class Kind(msgspec.Struct, frozen=True):
    """`asked` is the type of what is asked for; `total` counts its lines; `file` is all of them, and all are in the reading log.

    Both see what the person may see, and raise what a user can be told (core/errors.py). `needs` is what he must hold to ask for
    one and to fetch it.
    """

    title: str
    asked: type[msgspec.Struct]
    total: Callable[[Actor, Any], Awaitable[int]]
    file: Callable[[Actor, Any, str, date], Awaitable[File]]
    needs: Capability = "register.export"


def workbook(table: Callable[[Actor, Any, str, date], Awaitable[Table]]) -> Callable[..., Awaitable[File]]:
    """The file of a kind whose lines are a table."""

    async def file(actor: Actor, asked: Any, purpose: str, day: date) -> File:
        return File("xlsx", await written(await table(actor, asked, purpose, day)))

    return file


KINDS: dict[str, Kind] = {}


def register(**kinds: Kind) -> None:
    """Make kinds known by their names in this process."""
    KINDS.update(kinds)
