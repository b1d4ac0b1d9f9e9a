"""One process for a plugin's Python, as whoever asks it sees it."""

from __future__ import annotations

import os
import select
from functools import partial

from core.nursery import Nursery
from dangwu import apart
from tenants.policies.strangers.frames import TooLong, framed, received
from tenants.policies.strangers.watch import Broken, Watch, seen

limits = apart.limits
SERVING = "tenants.policies.strangers.worker"
_SOON, _LOOK = 5, 20
"""Milliseconds until the first look at a process that works, and between two."""


class Process:
    """A process that has loaded the plugin at a place; `code` is what it says of itself, `spent` what the last call has taken.

    Raises Broken.
    """

    def __init__(self, place: apart.Place) -> None:
        self.nursery, self.pid, self.connection = Nursery.begun(SERVING)
        self.connection.setblocking(False)
        self.spent, self.ended = 0.0, False
        self.code: apart.Code = apart.unpacked(self._asked(place, limits.LOADING), apart.Code)

    @property
    def ours(self) -> bool:
        """Whether it was begun by this very process, not by the one from which this was forked."""
        return self.nursery.owner == os.getpid()

    @property
    def busy(self) -> float:
        """The seconds of processor time that it has used."""
        found = seen(self.pid)
        return found.busy if found else 0.0

    def ask(self, content: apart.Call, within: limits.Limits = limits.CALL) -> bytes:
        """The answer to a call, packed. Raises Broken; the process is then ended."""
        return self._asked(content, within)

    def _asked(self, content: apart.Call | apart.Place, within: limits.Limits) -> bytes:
        watch = Watch(self.pid, within)
        try:
            self._send(framed(apart.packed(content)), watch)
            answer = received(self.connection, limits.ANSWER, partial(self._until, watch, select.POLLIN))
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
        finally:
            self.spent = watch.spent
        return answer

    def _send(self, content: bytes, watch: Watch) -> None:
        left = memoryview(content)
        while left:
            self._until(watch, select.POLLOUT)
            left = left[self.connection.send(left) :]

    def _until(self, watch: Watch, event: int) -> None:
        poll = select.poll()
        poll.register(self.connection, event)
        wait = _SOON
        while not poll.poll(wait):
            watch.look()
            wait = _LOOK
        watch.end()  # also for one that is never silent

    def end(self) -> None:
        """End it; doing it again does nothing."""
        self.connection.close()
        if self.ours and not self.ended:
            self.ended = True
            self.nursery.end(self.pid)
