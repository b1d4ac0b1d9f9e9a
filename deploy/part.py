"""One part of the platform: a program that is kept running. What keeps falling is tried again later and later, in peace."""

from __future__ import annotations

from collections.abc import Callable

from deploy.embedded.child import Child

MOST_AT_ONCE = 3
"""So many falls in a row are accidents. What goes on falling would only take the machine from the parts that run."""

STEADY_SECONDS = 60.0
"""Who has run so long has recovered."""

SHORTEST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
"""Seconds; each pause is twice the one before."""


class Restarts:
    """How long to wait before something is started again. Times are those of a monotonic clock."""

    def __init__(self) -> None:
        self._falls, self._started = 0, 0.0

    def started(self, now: float) -> None:
        """It runs from now on."""
        self._started = now

    def steady(self, now: float) -> bool:
        """Whether it has run for so long that all is well."""
        return now - self._started >= STEADY_SECONDS

    def pause(self, now: float) -> float:
        """It has fallen: after how many seconds it is to be started again, 0 at once."""
        self._falls = 1 if self.steady(now) else self._falls + 1
        more = self._falls - MOST_AT_ONCE - 1
        return 0.0 if more < 0 else float(min(SHORTEST_PAUSE * 2 ** min(more, 30), LONGEST_PAUSE))


class Part:
    """`child` runs or has ended; `trouble` is a sentence while it keeps falling, else empty.

    With `lives` (does anything below this process give signs of life?) what a killed one leaves behind ends only then.
    """

    def __init__(
        self, name: str, start: Callable[[], Child], now: float, lives: Callable[[int], bool] | None = None
    ) -> None:
        self.name, self._start, self._lives = name, start, lives
        self._left: Child | None = None
        self.trouble = ""
        self._again: float | None = None
        self._restarts = Restarts()
        self._begin(now)

    @property
    def running(self) -> bool:
        """Whether its process is there."""
        return self.child.returncode is None

    def check(self, now: float) -> str:
        """Start it again if it has ended and it is time; what the operator is to read, "" for nothing."""
        self._end_what_was_left()
        if self._again is None and not self.running:
            return self._fallen(now)
        if self._again is not None and now >= self._again:
            self._begin(now)
        elif self.trouble and self.running and self._restarts.steady(now):
            self.trouble = ""
            return f"{self.name}已恢复运行。"
        return ""

    def where(self) -> str:
        """Where the operator finds out why it has ended."""
        if self.child.log is None:
            return "原因见上面的日志。"
        return f"完整日志在 {self.child.log}，最后几行是：\n{self.child.last_words()}"

    def stop(self) -> None:
        """End it, and what one before it has left behind."""
        self.child.stop()
        if self._left is not None:
            self._left.stop()

    def _end_what_was_left(self) -> None:
        if self._left is not None and self._lives is not None and self._lives(self.child.pid):
            self._left.stop()
            self._left = None

    def _begin(self, now: float) -> None:
        self.child, self._again = self._start(), None
        self._restarts.started(now)

    def _fallen(self, now: float) -> str:
        if self._lives is not None and self._left is None:
            self._left = self.child  # what it has left behind serves on until there is another
        else:
            self.child.stop()
        if pause := self._restarts.pause(now):
            self._again = now + pause
            self.trouble = f"{self.name}接连意外停止，过一会儿再试；平台的其他部分照常运行。"
            return f"{self.name}接连意外停止，{pause:.0f} 秒后再试；平台的其他部分照常运行。{self.where()}"
        self._begin(now)
        return f"{self.name}意外停止，已重新启动。"
