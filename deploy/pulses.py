"""Which of the parts' processes hang: they are stopped, or have given no sign of life for long (tenants/ground/pulse.py)."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from tenants.ground.pulse import TROUBLES

STOPPED_SECONDS = 5.0
"""Nobody stops a process of ours for a reason; a moment is left for a debugger that only looks."""

SILENT_SECONDS = 30.0
"""Thirty signs missed. A request that keeps the event loop so long keeps everybody waiting anyway."""

_STOPPED = -1


class Pulses:
    """The folder of the signs, and when each process's was last seen to change. By our clock: the machine's may be set."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="dangwu-pulses-")
        self.folder = Path(self._folder.name)
        self._seen: dict[int, tuple[float, float]] = {}

    def hung(self, roots: Iterable[int], now: float) -> dict[int, int]:
        """The processes that hang, each with that of `roots` below which it is, at `now` of a monotonic clock."""
        files = {file.name: file for file in self.folder.iterdir() if file.name.isdecimal()}
        processes = _below(roots)
        signs = {process.pid: _sign(process, files.get(str(process.pid)), now) for process in processes}
        self._seen = {
            pid: before if (before := self._seen.get(pid)) and before[0] == sign else (sign, now)
            for pid, sign in signs.items()
        }
        for name in files.keys() - set(map(str, signs)):
            files[name].unlink(missing_ok=True)
        late = {pid for pid, (sign, since) in self._seen.items() if now - since > _patience(sign)}
        return {process.pid: root for process, root in processes.items() if process.pid in late}

    def beats(self, root: int) -> bool:
        """Whether a process at or below `root` gives signs of life."""
        return any((self.folder / str(process.pid)).exists() for process in _below([root]))

    def tell(self, troubles: Iterable[str]) -> None:
        """Let the pages know which parts do not run."""
        part = self.folder / f"{TROUBLES}.part"
        part.write_text("\n".join(troubles), encoding="utf-8")
        part.replace(self.folder / TROUBLES)

    def close(self) -> None:
        """Remove the folder."""
        self._folder.cleanup()


def _patience(sign: float) -> float:
    return STOPPED_SECONDS if sign == _STOPPED else SILENT_SECONDS


def _below(roots: Iterable[int]) -> dict[psutil.Process, int]:
    """The processes that we have begun at and below `roots`, each with its root; all processes of the machine are read once."""
    ours = {process.pid: process for process in psutil.Process().children(recursive=True)}
    children: dict[int, list[int]] = {}
    for pid, process in ours.items():
        with suppress(psutil.NoSuchProcess):
            children.setdefault(process.ppid(), []).append(pid)
    found: dict[psutil.Process, int] = {}
    for root in roots:
        waiting = [root] if root in ours else []
        while waiting:
            pid = waiting.pop()
            found[ours[pid]] = root
            waiting += children.get(pid, ())
    return found


def _sign(process: psutil.Process, file: Path | None, now: float) -> float:
    """What changes while it lives; one that gives no signs lives as long as it is not stopped."""
    with suppress(psutil.NoSuchProcess):
        if process.status() == psutil.STATUS_STOPPED:
            return _STOPPED
    return file.stat().st_mtime if file else now
