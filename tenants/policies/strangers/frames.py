"""Messages over a socket: four bytes of length, then so many bytes."""

from __future__ import annotations

import socket
from collections.abc import Callable

_HEAD = 4
_PIECE = 1 << 16


class TooLong(Exception):
    """A message of more bytes than are taken."""


def framed(content: bytes) -> bytes:
    """A message as it is sent."""
    return len(content).to_bytes(_HEAD, "big") + content


def received(connection: socket.socket, most: int, ready: Callable[[], None] = lambda: None) -> bytes:
    """The next message; `ready` waits until there is something to read. Raises EOFError, TooLong."""
    length = int.from_bytes(_exactly(connection, _HEAD, ready), "big")
    if length > most:
        raise TooLong(length)
    return _exactly(connection, length, ready)


def _exactly(connection: socket.socket, count: int, ready: Callable[[], None]) -> bytes:
    found = bytearray()
    while len(found) < count:
        ready()
        piece = connection.recv(min(count - len(found), _PIECE))
        if not piece:
            raise EOFError
        found += piece
    return bytes(found)
