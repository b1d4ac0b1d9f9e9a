"""The installed floor, read once: what tests of admission need to name its steps."""

from __future__ import annotations

from dangwu import discover

FLOOR = discover().floor
STEPS = FLOOR.steps("admission")
