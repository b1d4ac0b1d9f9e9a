"""Where tests write: in memory, where there is room: a copy of a database is eight hundred files, ten times as dear on a disk.

Whoever sets TMPDIR decides himself, and finds there what failed tests have left.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

MEMORY = Path("/dev/shm")
ENOUGH = 4 * 1024**3
"""Bytes that must be free: a run of all tests takes a quarter of that."""
_NAME, _TEMPORARY = "dangwu-tests-", "TMPDIR"


@contextmanager
def in_memory() -> Iterator[None]:
    """Temporary folders of this process and of those that it begins are in memory during the block, and gone after it."""
    if _TEMPORARY in os.environ or not _room():
        yield
        return
    with (MEMORY / f"{_NAME}gate").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        _clear()
        made = Path(tempfile.mkdtemp(prefix=_NAME, dir=MEMORY))
        held = _held(made)
    made.chmod(0o711)  # some tests have others go to folders in it
    os.environ[_TEMPORARY], tempfile.tempdir = str(made), None
    try:
        yield
    finally:
        del os.environ[_TEMPORARY]
        tempfile.tempdir = None
        shutil.rmtree(made, ignore_errors=True)
        os.close(held)


def _room() -> bool:
    """What is run there must be allowed to run, too: in many a container it is not."""
    if not os.access(MEMORY, os.W_OK) or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return False
    free: int = psutil.virtual_memory().available
    return min(shutil.disk_usage(MEMORY).free, free) >= ENOUGH


def _held(folder: Path) -> int:
    """Raises OSError while another process has it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _clear() -> None:
    """What runs that were killed have left behind."""
    for left in MEMORY.glob(f"{_NAME}*/"):
        with suppress(OSError):  # it is in use, or another user's
            held = _held(left)
            shutil.rmtree(left, ignore_errors=True)
            os.close(held)
