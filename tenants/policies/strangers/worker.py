"""The process in which one plugin's Python runs: it loads the plugin, says what that is, and answers calls one by one."""

from __future__ import annotations

import os
import resource
import socket
import sys
from pathlib import Path

from dangwu import apart, where_raised
from tenants.policies.strangers.frames import framed, received

MEMORY = 512 * 1024 * 1024
FILE = 1024 * 1024
CALL = 64 * 1024 * 1024
_LINUX = sys.platform.startswith("linux")


def serve(descriptor: int) -> None:
    """Serve until the socket closes. The first message is the place of the plugin, all others are calls."""
    _confine()
    with socket.socket(fileno=descriptor) as connection:
        place = apart.unpacked(received(connection, CALL), apart.Place)
        found = apart.Found()
        connection.sendall(framed(apart.packed(_loaded(place, found))))
        while True:
            call = apart.unpacked(received(connection, CALL), apart.Call)
            connection.sendall(framed(apart.packed(apart.answer(call, found.manager))))


def _loaded(place: apart.Place, found: apart.Found) -> apart.Code:
    """What the plugin says of itself; of whatever it raises, SystemExit too, the name."""
    try:
        found.one(place)
        return apart.code_of(place.name, found)
    except BaseException as error:
        why = f"{type(error).__name__}{where_raised(error)}"
        return apart.Code(wrong=(f"插件 {place.name} 无法载入（{why}）。请检查插件，或先移除它。",))


def _confine() -> None:
    """A group of its own, the first to go where memory runs short; so much memory, no large files.

    It has the priority of whoever asks: a page waits for the answer.
    """
    os.setsid()
    limits = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, FILE)]
    if _LINUX:
        Path("/proc/self/oom_score_adj").write_text("1000")
        limits.append((resource.RLIMIT_AS, MEMORY))
    for which, most in limits:
        resource.setrlimit(which, (most, most))
