"""The requirements by which it is told on which day a step was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
        keeping, others, least = list[Facet](), list[Facet](), 1
        for one in facets.values():
            if not one.last and not one.advisory:
                (keeping if one.keeps() else others).append(one)
                least = max(least, 1 + one.more(()))
        return cls(keeping, others, least)


__all__ = ["Asked"]
