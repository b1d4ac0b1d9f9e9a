"""One process for a plugin's Python, as whoever asks it sees it."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import threading
from functools import partial

from dangwu import apart
from tenants.policies.strangers.frames import TooLong, framed, received
from tenants.policies.strangers.nursery import BEGIN, END, PID
from tenants.policies.strangers.watch import Broken, Limits, Watch, seen

LOADING = Limits(busy=3, idle=1, wall=30)
CALL = Limits(busy=0.25, idle=0.1, wall=5)
MOST = 1024 * 1024
"""Bytes of an answer."""
_LOOK = 20
"""Milliseconds between two looks at a process that works."""


class Nursery:
    """The process that begins the others; one for each of ours, begun when first needed and ended with ours."""

    _only: Nursery | None = None
    _lock = threading.RLock()

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.control, theirs = socket.socketpair()
        ours = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DANGWU_", "PG", "REDIS"))
        }
        with theirs:
            words = ("-B", "-m", "tenants.policies.strangers.nursery", str(theirs.fileno()))
            subprocess.Popen([sys.executable, *words], pass_fds=[theirs.fileno()], env=ours, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip

    @classmethod
    def ours(cls) -> Nursery:
        """That of this process; of a process that was forked a new one."""
        with cls._lock:
            if cls._only is None or cls._only.owner != os.getpid():
                cls._only = cls()
            return cls._only

    def begin(self) -> tuple[int, socket.socket]:
        """A new process, and the socket to it."""
        mine, theirs = socket.socketpair()
        with self._lock, theirs:
            socket.send_fds(self.control, [BEGIN], [theirs.fileno()])
            return int.from_bytes(self.control.recv(PID), "big"), mine

    def end(self, pid: int) -> None:
        """End a process that it has begun."""
        with self._lock:
            self.control.sendall(END + pid.to_bytes(PID, "big"))
            self.control.recv(1)


class Process:
    """A process that has loaded the plugin at a place; `code` is what it says of itself. Raises Broken."""

    def __init__(self, place: apart.Place) -> None:
        self.nursery = Nursery.ours()
        self.pid, self.connection = self.nursery.begin()
        self.connection.setblocking(False)
        self.code: apart.Code = apart.unpacked(self._asked(place, LOADING), apart.Code)

    @property
    def ours(self) -> bool:
        """Whether it was begun by this very process, not by the one from which this was forked."""
        return self.nursery.owner == os.getpid()

    @property
    def busy(self) -> float:
        """The seconds of processor time that it has used."""
        found = seen(self.pid)
        return found.busy if found else 0.0

    def ask(self, content: apart.Call) -> bytes:
        """The answer to a call, packed. Raises Broken; the process is then ended."""
        return self._asked(content, CALL)

    def _asked(self, content: apart.Call | apart.Place, limits: Limits) -> bytes:
        try:
            watch = Watch(self.pid, limits)
            self._send(framed(apart.packed(content)), watch)
            answer = received(self.connection, MOST, partial(self._until, watch, select.POLLIN))
            found = seen(self.pid)
            if found is not None and found.threads > 1:
                raise Broken("留下了还在运行的线程")
        except (EOFError, ConnectionError):
            self.end()
            raise Broken("进程意外终止") from None
        except TooLong:
            self.end()
            raise Broken("给出的内容太多") from None
        except BaseException:
            self.end()
            raise
        return answer

    def _send(self, content: bytes, watch: Watch) -> None:
        left = memoryview(content)
        while left:
            self._until(watch, select.POLLOUT)
            left = left[self.connection.send(left) :]

    def _until(self, watch: Watch, event: int) -> None:
        poll = select.poll()
        poll.register(self.connection, event)
        while not poll.poll(_LOOK):
            watch.look()

    def end(self) -> None:
        """End it."""
        self.connection.close()
        if self.ours:
            self.nursery.end(self.pid)
