"""How long requests took: their percentiles, and what is asked of a trial by the environment."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence

from tests.bench.timed import say


def size(name: str, usual: float) -> float:
    """A size or limit of a trial: TRIAL_<name>, or the usual one."""
    return float(os.environ.get(f"TRIAL_{name}", usual))


def percentile(seconds: Sequence[float], share: float) -> float:
    """Below which `share` of them lie; 0 of none."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def told(what: str, seconds: Sequence[float]) -> float:
    """Print the percentiles of these; p95 in seconds."""
    half, most = percentile(seconds, 0.5), percentile(seconds, 0.95)
    named = (("p50", half), ("p95", most), ("最长", max(seconds, default=0.0)))
    shown = "，".join(f"{name} {value * 1000:.0f} 毫秒" for name, value in named)
    say(f"{what}：{len(seconds):,} 次，{shown}")
    return most


async def again_and_again(
    work: Callable[[], Awaitable[object]], seconds: float, pause: float = 0.0
) -> list[float]:
    """Do it for so long; how long each took."""
    took, end = [], time.monotonic() + seconds
    while (begun := time.monotonic()) < end:
        await work()
        took.append(time.monotonic() - begun)
        await asyncio.sleep(pause)
    return took
