"""How many random examples a law is tried with: few in the suite, always the same; many more, and others, in `make trial`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("DANGWU_EXAMPLES", "1"))
"""How many times as many."""


def examples(few: int) -> settings:
    """The settings of a law; its module is marked `laws`."""
    return settings(
        max_examples=few * TIMES,
        deadline=None,
        derandomize=TIMES == 1,
        suppress_health_check=list(HealthCheck),
    )
