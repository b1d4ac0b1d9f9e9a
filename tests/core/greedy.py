"""Work for tests of `core.apart` and `core.nursery`: what is sent says how it misbehaves."""

from __future__ import annotations

import os
import signal
import socket
import time

from core.errors import Invalid


def work(given: bytes) -> bytes:
    """Answer, refuse, fail, or take what is not allowed."""
    match given:
        case b"memory":
            return bytes(4 << 30)
        case b"time":
            while True:
                pass
        case b"sleep":
            time.sleep(600)
        case b"killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"refuse":
            raise Invalid("这样不行。请换一个。", code="so")
        case b"mistake":
            raise KeyError("secret")
        case b"secrets":
            return b"".join(name.encode() for name in os.environ if name.startswith("DANGWU_"))
        case b"write":
            with open(os.devnull + "-not", "wb") as file:
                file.write(given)
    return given * 2


def serve(descriptor: int) -> None:
    """Begin another process, say so, and wait until nobody wants us any more."""
    with socket.socket(fileno=descriptor) as connection:
        if not os.fork():
            time.sleep(600)
        connection.send(b"!")
        connection.recv(1)
