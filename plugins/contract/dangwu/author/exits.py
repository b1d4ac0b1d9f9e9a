"""What ends a process at once, kept from ending ours while an author's code is tried: nobody would be told why."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

ENDS = ("_exit", "abort", "execv", "execve")
"""The other `os.exec…` call one of the last two."""


@contextmanager
def caught() -> Iterator[None]:
    """Herein `os._exit`, `os.abort` and `os.exec…` raise SystemExit, which is said under the plugin's name with file and line.

    A process that the plugin has forked still ends by them.
    """
    ours, ends = os.getpid(), {name: getattr(os, name) for name in ENDS}

    def raising(name: str) -> object:
        def end(*given: object, **named: object) -> NoReturn:
            if os.getpid() != ours:
                ends[name](*given, **named)
            raise SystemExit(f"os.{name}")

        return end

    for name in ends:
        setattr(os, name, raising(name))
    try:
        yield
    finally:
        for name, end in ends.items():
            setattr(os, name, end)


__all__ = ["caught"]
