"""Servers that outlived a killed instance: ended before new ones start on their folder."""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path

import psutil


def end_leftovers(program: str, folder: Path, gently: signal.Signals) -> None:
    """End the processes of that program that work in `folder`: first `gently`, after 20 s by force.

    The data folder is locked by us, so they are nobody else's.
    """
    left = [process for process in psutil.process_iter() if _works_in(process, program, folder)]
    for process in left:
        _tell(process, gently)
    _, alive = psutil.wait_procs(left, timeout=20)
    for process in alive:
        _tell(process, signal.SIGKILL)
    psutil.wait_procs(alive, timeout=5)


def _tell(process: psutil.Process, number: signal.Signals) -> None:
    # A backend whose server was killed ends by itself, perhaps at this very moment.
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)


def _works_in(process: psutil.Process, program: str, folder: Path) -> bool:
    try:
        return bool(process.name() == program and process.cwd() == str(folder.resolve()))
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
