"""The requirements by which it is told on which day a step was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from dangwu.facets.base import Facet


class Asked(msgspec.Struct, frozen=True):
    """Those that can hold a step back: the `keeping` ones, which no further record takes away again, and the `others`.

    `least` is how many records they take at least.
    """

    keeping: Sequence[Facet] = ()
    others: Sequence[Facet] = ()
    least: int = 1

    @classmethod
    def of(cls, facets: Mapping[str, Facet]) -> Asked:
        """Sorted out of these."""
        asked = [one for one in facets.values() if not one.last and not one.advisory]
        least = max((1 + one.more(()) for one in asked), default=1)
        return cls(_those(asked, True), _those(asked, False), least)


def _those(asked: Iterable[Facet], keeping: bool) -> tuple[Facet, ...]:
    return tuple(one for one in asked if one.keeps() == keeping)


__all__ = ["Asked"]
