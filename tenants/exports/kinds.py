"""What can be exported. A kind is made known by who imports its module: in the web process and in the worker alike."""

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
