"""Ctrl-C, a supervisor's SIGTERM and a closed terminal, all as one exception in the main thread."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """We were asked to stop; `with interruptible()` ends quietly on it."""


@contextmanager
def interruptible() -> Iterator[None]:
    """The first signal raises Interrupted inside the block; later ones cannot disturb the orderly stop."""
    before = {number: signal.signal(number, _raise) for number in _SIGNALS}
    try:
        yield
    except Interrupted:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise(number: int, frame: FrameType | None) -> None:
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    print("正在停止……", flush=True)
    raise Interrupted
