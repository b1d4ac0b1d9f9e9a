"""The platform's own processes: started together, watched, restarted when one falls over, stopped together."""

from __future__ import annotations

import signal
import time
from collections import deque
from pathlib import Path

import msgspec

from deploy.embedded.child import Child
from deploy.embedded.servers import Servers
from deploy.problem import Problem

# A worker finishes what it has begun; what it cannot finish in time is delivered again.
LADDER = ((signal.SIGTERM, 20.0), (signal.SIGKILL, 5.0))
_MOST_RESTARTS = 3
_WITHIN_SECONDS = 60.0
_EVERY_SECONDS = 0.2


class Program(msgspec.Struct, frozen=True):
    """What is run: `id` names its log, `name` (Chinese) is how the operator reads of it."""

    id: str
    name: str
    argv: tuple[str, ...]


class Supervisor:
    """Runs programs, and keeps `servers` (embedded, if any) alive. Logs go to `logs`, or to our own output if None."""

    def __init__(self, servers: Servers | None = None, logs: Path | None = None) -> None:
        self._servers, self._logs = servers, logs
        self._programs: list[Program] = []
        self._running: dict[str, Child] = {}
        self._restarts: deque[float] = deque(maxlen=_MOST_RESTARTS)

    def start(self, program: Program) -> None:
        """Start `program` and look after it from now on."""
        self._programs.append(program)
        self._running[program.id] = self._start(program)

    def require_running(self) -> None:
        """Raise Problem if a program has ended: while the platform starts, that is a mistake and no accident."""
        for program in self._programs:
            child = self._running[program.id]
            if child.returncode is not None:
                raise Problem(
                    f"{program.name}没有启动成功（退出码 {child.returncode}）。{self._where(child)}"
                )

    def check(self) -> None:
        """Start again what has ended. Raises Problem when that happens again and again."""
        for name in self._servers.revive() if self._servers else ():
            self._count(name, "")
        for program in self._programs:
            child = self._running[program.id]
            if child.returncode is not None:
                self._count(program.name, self._where(child))
                child.stop()
                self._running[program.id] = self._start(program)

    def watch(self) -> None:
        """Check until interrupted."""
        while True:
            time.sleep(_EVERY_SECONDS)
            self.check()

    def stop(self) -> None:
        """Ask all to end, then wait for each."""
        for child in self._running.values():
            child.ask()
        for child in self._running.values():
            child.stop()
        self._running.clear()

    def _start(self, program: Program) -> Child:
        log = self._logs / f"{program.id}.log" if self._logs else None
        return Child(program.name, program.argv, ladder=LADDER, log=log)

    def _count(self, name: str, where: str) -> None:
        now = time.monotonic()
        if len(self._restarts) == _MOST_RESTARTS and now - self._restarts[0] < _WITHIN_SECONDS:
            raise Problem(f"{name}一分钟内多次意外停止，平台已停止运行。{where}")
        self._restarts.append(now)
        print(f"{name}意外停止，已重新启动。", flush=True)

    def _where(self, child: Child) -> str:
        return (
            f"完整日志在 {child.log}，最后几行是：\n{child.last_words()}"
            if child.log
            else "原因见上面的日志。"
        )
