"""What a plugin leaves behind in a process once its package has been imported, undone for the next test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from dangwu.facets.registry import FACETS


@contextmanager
def forgotten(*facets: str, package: str = "dangwu_sunshine") -> Iterator[None]:
    """Afterwards nobody knows these facets, nor the package, nor where it was imported from."""
    paths = [*sys.path]
    try:
        yield
    finally:
        sys.path[:] = paths
        for name in facets:
            FACETS.pop(name, None)
        for name in [one for one in sys.modules if one.partition(".")[0] == package]:
            del sys.modules[name]
