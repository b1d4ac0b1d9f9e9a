"""Where an act comes from: said once at the door of a request, read by every entry that is written behind it; and how many
lines about people the request was shown."""

from __future__ import annotations

from contextvars import ContextVar


class Origin:
    """The address that a request came from; `noted` counts what the ledger has been told of its acts, `listed` the lines of lists
    of people that it was given; `idle` is what only tried."""

    __slots__ = ("address", "idle", "listed", "noted")

    def __init__(self, address: str) -> None:
        self.address, self.noted, self.listed, self.idle = address, 0, 0, False


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)


def come_from(address: str) -> Origin:
    """From here on, in this task, everything comes from `address`."""
    made = Origin(address)
    _origin.set(made)
    return made


def origin() -> Origin | None:
    """Where the act under way comes from; None for what no request has asked for."""
    return _origin.get()


def listed(lines: int) -> None:
    """A list of people is shown, so many lines of it; the end of the request writes down that it was (`note_lists`)."""
    if (come := _origin.get()) is not None:
        come.listed += lines


def nothing_done() -> None:
    """What the request asked for was tried only and has been undone: there is no act to write down."""
    if (come := _origin.get()) is not None:
        come.idle = True
