"""What has happened, told to whoever listens above: in the transaction that makes it happen, so that he loses nothing.

Core knows nobody who listens (tenants/policies/hooks/reactions.py is one). With nobody there, telling costs nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date
from uuid import UUID

import msgspec


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that has happened at the unit at `path`; `kind` is one of the contract's EVENTS, the rest as its Event has it.

    `today` is when it is told, `day` when it counts: an act is often written down later.
    """

    kind: str
    today: date
    day: date
    path: str
    unit: UUID
    case: UUID | None = None
    person: UUID | None = None
    procedure: str = ""
    step: str = ""
    state: str = ""
    plugin: str = ""


Listener = Callable[[Sequence[Happening]], Awaitable[None]]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Let `listener` hear all that happens from now on in this process."""
    if listener not in _listeners:
        _listeners.append(listener)


async def tell(happenings: Iterable[Happening]) -> None:
    """Tell everybody; what they raise undoes what has happened."""
    listed = tuple(happenings) if _listeners else ()
    for listener in _listeners if listed else ():
        await listener(listed)
