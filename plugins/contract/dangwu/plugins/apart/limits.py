"""What a plugin's Python may take on the platform, where it runs in a process of its own. Seconds and bytes."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """Seconds of processor time, seconds without doing anything, seconds in all.

    Who waits for something works out nothing, and whoever asked need not wait for that; one that finds no processor is patient.
    """

    busy: float
    idle: float
    wall: float


LOADING = Limits(busy=3, idle=1, wall=30)
CALL = Limits(busy=0.25, idle=0.1, wall=5)
"""Of a check, and of each method of a facet."""
REACTION = Limits(busy=15, idle=30, wall=60)
"""Of all events of one message (`dangwu_react`)."""
JUDGEMENT = 0.75
"""Of processor time, for all that is asked about one case as it stands."""
SHARE = 0.1
"""Seconds a second that a plugin may use in sum in one process of ours: working, or asleep while somebody waits."""
PANEL = 0.5
"""Of waiting for panels."""
MEMORY = 512 * 1024 * 1024
FILE = 64 * 1024 * 1024
ANSWER = 1024 * 1024
BROKEN = 3
"""After so many cases in a row nobody asks it any more."""

__all__ = [
    "ANSWER",
    "BROKEN",
    "CALL",
    "FILE",
    "JUDGEMENT",
    "LOADING",
    "MEMORY",
    "PANEL",
    "REACTION",
    "SHARE",
    "Limits",
]
