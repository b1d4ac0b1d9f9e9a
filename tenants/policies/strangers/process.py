"""One process for a plugin's Python, as whoever asks it sees it."""

from __future__ import annotations

import os
import select
from functools import partial

from core.nursery import Nursery
from dangwu import apart
from tenants.policies.strangers.frames import TooLong, framed, received
from tenants.policies.strangers.watch import Broken, Limits, Watch, seen

LOADING = Limits(busy=3, idle=1, wall=30)
CALL = Limits(busy=0.25, idle=0.1, wall=5)
MOST = 1024 * 1024
"""Bytes of an answer."""
SERVING = "tenants.policies.strangers.worker"
_LOOK = 20
"""Milliseconds between two looks at a process that works."""


class Process:
    """A process that has loaded the plugin at a place; `code` is what it says of itself. Raises Broken."""

    def __init__(self, place: apart.Place) -> None:
        self.nursery, self.pid, self.connection = Nursery.begun(SERVING)
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
