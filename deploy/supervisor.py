"""The platform's own processes: started together, watched, restarted when one falls over or hangs, stopped together.

Whatever becomes of one of them, the others go on.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import msgspec

from deploy.embedded.child import Child
from deploy.embedded.servers import Servers
from deploy.part import Part, Restarts
from deploy.problem import Problem
from deploy.pulses import Pulses
from tenants.ground.pulse import FOLDER

# A worker finishes what it has begun; what it cannot finish in time is delivered again.
LADDER = ((signal.SIGTERM, 20.0), (signal.SIGKILL, 5.0))
_EVERY_SECONDS = 0.2
_LOOK_SECONDS = 1.0


class Program(msgspec.Struct, frozen=True):
    """What is run: `id` names its log, `name` (Chinese) is how the operator reads of it.

    `hands_over`: what one that was killed has left behind goes on until the next one gives signs of life.
    """

    id: str
    name: str
    argv: tuple[str, ...]
    hands_over: bool = False


class Supervisor:
    """Runs programs, and keeps `servers` (embedded, if any) alive. Logs go to `logs`, or to our own output if None."""

    def __init__(self, servers: Servers | None = None, logs: Path | None = None) -> None:
        self._servers, self._logs = servers, logs
        self._parts: list[Part] = []
        self._pulses, self._looked = Pulses(), time.monotonic()
        self._reviving, self._revive_at, self._servers_trouble = Restarts(), 0.0, ""

    def start(self, program: Program) -> None:
        """Start `program` and look after it from now on."""
        lives = self._pulses.beats if program.hands_over else None
        self._parts.append(Part(program.name, lambda: self._start(program), time.monotonic(), lives))

    def require_running(self) -> None:
        """Raise Problem if a program has ended: while the platform starts, that is a mistake and no accident."""
        for part in self._parts:
            if not part.running:
                raise Problem(f"{part.name}没有启动成功（退出码 {part.child.returncode}）。{part.where()}")

    def check(self) -> None:
        """End what hangs, start again what has ended; what keeps falling is tried later and later, and the others go on."""
        now = time.monotonic()
        if now - self._looked >= _LOOK_SECONDS:
            self._looked = now
            self._end_hung(now)
        said = [*self._revive(now), *filter(None, [part.check(now) for part in self._parts])]
        if said:
            print("\n".join(said), flush=True)
            self._pulses.tell(filter(None, (self._servers_trouble, *(part.trouble for part in self._parts))))

    def watch(self) -> None:
        """Check until interrupted."""
        while True:
            time.sleep(_EVERY_SECONDS)
            self.check()

    def stop(self) -> None:
        """Ask all to end, then wait for each."""
        for part in self._parts:
            part.child.ask()
        for part in self._parts:
            part.stop()
        self._parts.clear()
        self._pulses.close()

    def _start(self, program: Program) -> Child:
        log = self._logs / f"{program.id}.log" if self._logs else None
        environment = {**os.environ, FOLDER: str(self._pulses.folder)}
        return Child(program.name, program.argv, ladder=LADDER, log=log, env=environment)

    def _end_hung(self, now: float) -> None:
        """The worst step at once: what is stopped hears no other, and what hangs would not follow it."""
        running = {part.child.pid: part.name for part in self._parts if part.running}
        running |= {each.pid: each.name for each in (self._servers.children if self._servers else ())}
        for pid, root in self._pulses.hung(running, now).items():
            print(f"{running[root]}的一个进程（{pid}）没有反应，已强行结束。", flush=True)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _revive(self, now: float) -> list[str]:
        """The embedded servers, as `Part` does it; without them the pages say so, and are there again when they are."""
        if self._servers is None or now < self._revive_at:
            return []
        said = []
        try:
            ended = self._servers.revive()
            said += [f"{name}意外停止，已重新启动。" for name in ended]
            trouble = ""
        except Problem as problem:
            ended, trouble = ("",), problem.sentence.splitlines()[0]
            said.append(f"{problem.sentence}\n过一会儿再试；平台的其他部分照常运行。")
        if ended:
            self._revive_at = time.monotonic() + self._reviving.pause(now)
            self._reviving.started(time.monotonic())
        elif self._servers_trouble:
            said.append("数据库和缓存已恢复运行。")
        self._servers_trouble = trouble
        return said
