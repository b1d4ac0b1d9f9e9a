"""One child process: apart from the terminal's Ctrl-C, ending with us, writing to a log, stopped step by step."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from deploy.embedded.identity import Identity

Ladder = Sequence[tuple[signal.Signals, float]]
_PR_SET_PDEATHSIG = 1
_LOG_LIMIT = 5_000_000


class Child:
    """A running program. `ladder` lists the signals that end it, each with the seconds it is given.

    It is started in a session of its own, so that a Ctrl-C in the terminal reaches only us and we stop it in order;
    on Linux it also gets the first signal if the thread that started it dies.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        *,
        ladder: Ladder,
        log: Path | None = None,
        identity: Identity | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.name, self.ladder, self.log = name, ladder, log
        self._asked = False
        who = identity or Identity()
        output = _open_log(log) if log else None
        self._log_start = log.stat().st_size if log else 0
        try:
            self._process = subprocess.Popen(
                [*who.prefix, *argv],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=None if env is None else dict(env),
                cwd=cwd,
                user=who.uid,
                group=who.gid,
                extra_groups=None if who.uid is None else [],
                start_new_session=True,
                preexec_fn=_ends_with_us(ladder[0][0]),
            )
        finally:
            if output is not None:
                os.close(output)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def signal(self, number: signal.Signals) -> None:
        """Send one signal, if it still runs."""
        if self.returncode is None:
            self._process.send_signal(number)

    def ask(self) -> None:
        """Send the first signal of the ladder, without waiting; `stop` then does not repeat it (Dramatiq counts them)."""
        if not self._asked:
            self.signal(self.ladder[0][0])
        self._asked = True

    def stop(self) -> None:
        """End it, politely first; returns when it and all that it has started are gone."""
        self.ask()
        for step, (number, seconds) in enumerate((*self.ladder, (signal.SIGKILL, None))):
            if step > 0:
                self.signal(number)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
                break
        # What a killed program has left behind would go on, and keep its port.
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def last_words(self, lines: int = 12) -> str:
        """The end of what it wrote to its log, for an error message."""
        if self.log is None:
            return ""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])


def _open_log(path: Path) -> int:
    if path.exists() and path.stat().st_size > _LOG_LIMIT:
        path.replace(path.with_suffix(".old.log"))
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def _ends_with_us(number: signal.Signals) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return tie
