"""The process in which one plugin's Python runs: it loads the plugin, says what that is, and answers calls one by one."""

from __future__ import annotations

import os
import socket

from core.nursery import confine
from dangwu import apart, where_raised
from tenants.policies.strangers.frames import framed, received

CALL = 64 * 1024 * 1024
_COURTESY = 15


def serve(descriptor: int) -> None:
    """Serve until the socket closes. The first message is the place of the plugin, all others are calls.

    It has much less priority than whoever asks: where processors are short, pages that need no stranger go first.
    """
    confine(apart.limits.MEMORY, apart.limits.FILE)
    os.nice(_COURTESY)
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
