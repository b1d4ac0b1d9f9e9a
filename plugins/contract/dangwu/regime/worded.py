"""What is worked out of a thing once for its regime and asked at every look: what it is called, what it asks for in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Self, TypeVar, cast

import msgspec

W = TypeVar("W")
T = TypeVar("T")


class Worded(msgspec.Struct, frozen=True, dict=True):
    """A value that keeps what others make of it, beside its fields: it is no part of what it equals."""

    @cached_property
    def _made(self) -> dict[object, tuple[object, object]]:
        return {}

    def once(self, whose: W, make: Callable[[W, Self], T]) -> T:
        """What `make` makes of it for a regime, worked out the first time that it is asked."""
        known = self._made.get(make, (None, None))
        if known[0] is not whose:
            known = self._made[make] = (whose, make(whose, self))
        return cast(T, known[1])


__all__ = ["Worded"]
