"""What can be exported. The kinds are made known once in each process, the web's and the worker's (web/workbooks.py)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import msgspec

from core.actor import Actor
from core.sheets import Table


class Kind(msgspec.Struct, frozen=True):
    """`asked` is the type of what is asked for; `total` counts its lines; `table` lays them out, and all are in the reading log.

    Both see what the person may see, and raise what a user can be told (core/errors.py).
    """

    title: str
    asked: type[msgspec.Struct]
    total: Callable[[Actor, Any], Awaitable[int]]
    table: Callable[[Actor, Any, str, date], Awaitable[Table]]


KINDS: dict[str, Kind] = {}


def register(**kinds: Kind) -> None:
    """Make kinds known by their names in this process."""
    KINDS.update(kinds)
