"""Where an act comes from: said once at the door of a request, read by every entry that is written behind it."""

from __future__ import annotations

from contextvars import ContextVar


class Origin:
    """The address that a request came from; `noted` counts what the ledger has been told of its acts."""

    __slots__ = ("address", "noted")

    def __init__(self, address: str) -> None:
        self.address, self.noted = address, 0


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)


def come_from(address: str) -> Origin:
    """From here on, in this task, everything comes from `address`."""
    made = Origin(address)
    _origin.set(made)
    return made


def origin() -> Origin | None:
    """Where the act under way comes from; None for what no request has asked for."""
    return _origin.get()
