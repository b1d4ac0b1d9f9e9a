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


def in_turn(*works: Callable[[], object], seconds: float = 6.0) -> list[float]:
    """The least milliseconds that each of these takes, done by turns: a machine that is busy meanwhile is so for all."""
    least, end = [float("inf")] * len(works), time.perf_counter() + seconds
    while time.perf_counter() < end:
        for number, work in enumerate(works):
            for _ in range(5):
                start = time.perf_counter()
                work()
                least[number] = min(least[number], (time.perf_counter() - start) * 1000)
    return least


def say(text: str) -> None:
    """A line of the report (pytest -s shows it)."""
    print(f"\n    {text}", flush=True)
