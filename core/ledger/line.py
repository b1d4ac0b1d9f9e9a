"""Which key may have signed which epoch: the keys follow one another, and from the one that is trusted the others are known.

Where the key changes, the first head of the new one names the former one and is signed by both. So who trusts the new key knows
whose the epochs before were, and who knows but the old one whom it has handed over to; after that it signs nothing any more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from core.ledger.epoch import Head


class Line:
    """The keys of a ledger, as its heads that name a former one (`changes`, in their order) and a trusted key tell."""

    def __init__(self, trusted: bytes, changes: Sequence[Head]) -> None:
        self._changes, self._starts = changes, [head.number for head in changes]
        self._keys = [*(head.former for head in changes[:1]), *(head.key for head in changes)] or [trusted]
        self._known: set[int] = set()
        for place, key in enumerate(self._keys):
            if key == trusted:
                self._reach(place)

    def _reach(self, place: int) -> None:
        """From a trusted key back to those that its successors name, on to those to which it was handed over."""
        self._known.add(place)
        for before in range(place - 1, -1, -1):
            if not (self._follows(before) and self._changes[before].holds()):
                break
            self._known.add(before)
        for after in range(place, len(self._changes)):
            if not (self._follows(after) and self._changes[after].countersigned()):
                break
            self._known.add(after + 1)

    def _follows(self, place: int) -> bool:
        return self._changes[place].former == self._keys[place]

    def signs(self, head: Head) -> bool:
        """Whether the key of this head was the one to sign it."""
        place = bisect_right(self._starts, head.number)
        return place in self._known and self._keys[place] == head.key
