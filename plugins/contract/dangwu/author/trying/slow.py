"""What takes longer than the platform waits for it."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager

from dangwu.plugins.apart.limits import CALL


class Slow(Exception):
    """A sentence on a call that the platform would have ended."""


def _waits() -> int:
    """How often this process has gone to sleep of itself: who finds no processor has not."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Raises Slow after a call that has worked, or slept, for longer than one may."""
    busy, wall, waits = time.process_time(), time.monotonic(), _waits()
    yield
    busy = time.process_time() - busy
    slept = time.monotonic() - wall - busy if _waits() > waits else 0.0
    if busy > CALL.busy:
        raise Slow(
            f"{what} 一次运算了 {busy:.2f} 秒，平台上最多 {CALL.busy:g} 秒，超过的没有结论，环节暂不放行。"
        )
    if slept > max(CALL.idle, busy):
        raise Slow(
            f"{what} 停着等待了 {slept:.2f} 秒，平台上最多 {CALL.idle:g} 秒，超过的没有结论，环节暂不放行。"
        )


__all__ = ["Slow", "timed"]
