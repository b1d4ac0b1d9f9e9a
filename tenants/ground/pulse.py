"""Signs of life: a process that the supervisor watches touches a file every second; whose file rests hangs, and is replaced."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

FOLDER = "DANGWU_PULSES"
"""Names the folder of these files to the parts that a supervisor has started; nobody else has one."""

EVERY_SECONDS = 1.0
TROUBLES = "troubles"
"""In that folder: what the supervisor says about the parts that do not run, a sentence a line."""


async def beat() -> None:
    """Give signs of life until cancelled, as long as the event loop comes to it: what waits in the loop, hangs."""
    while folder := _folder():
        _sign(folder)
        await asyncio.sleep(EVERY_SECONDS)


def beat_beside() -> None:
    """Give signs of life from a thread until the process ends: for one whose event loop may rightly be busy for long."""
    if folder := _folder():
        threading.Thread(target=_beat_on, args=(folder,), name="pulse", daemon=True).start()


def troubles() -> list[str]:
    """Which parts of the platform do not run just now, and why; none that anybody knows of without a supervisor."""
    folder = _folder()
    file = folder / TROUBLES if folder else None
    return file.read_text(encoding="utf-8").splitlines() if file and file.exists() else []


def _folder() -> Path | None:
    named = os.environ.get(FOLDER)
    return Path(named) if named else None


def _beat_on(folder: Path) -> None:
    pause = threading.Event()
    while True:
        _sign(folder)
        pause.wait(EVERY_SECONDS)


def _sign(folder: Path) -> None:
    (folder / str(os.getpid())).touch()
