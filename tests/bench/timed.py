"""Timing: the best of several rounds, in processor seconds of this process."""

from __future__ import annotations

import time
from collections.abc import Callable


def per_second(work: Callable[[], object], *, seconds: float = 1.0, rounds: int = 3) -> float:
    """How often `work` runs in a second of processor time."""
    best = 0.0
    for _ in range(rounds):
        count, start = 0, time.process_time()
        while (spent := time.process_time() - start) < seconds / rounds:
            work()
            count += 1
        best = max(best, count / spent)
    return best


def say(text: str) -> None:
    """A line of the report (pytest -s shows it)."""
    print(f"\n    {text}", flush=True)
