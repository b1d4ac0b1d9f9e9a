"""A plugin's kind of requirement whose code is another than the one that was adopted: until somebody has agreed to it, it is not
asked, and holds the steps that ask for it.

What had been met by the code before stays met (`Case.met`), as long as nothing more is recorded on the step, before and after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, cast

from msgspec import defstruct

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.absent import met_key
from dangwu.facets.base import Facet
from dangwu.facets.finding import Finding
from dangwu.facets.registry import is_foreign
from dangwu.values.lattice import join, joins

CHANGED = "changed"
SENTENCE = (
    "“{title}”由插件自带的程序核对，程序已经更换，启用这项政策的党组织还没有同意改用，这一环节暂不往下办。"
    "请由有权决定的人在政策页面查看新程序的影响并确认"
)
TITLE = "自带的程序已更换，待确认"


class Held(Facet, frozen=True):
    """Goes before the kind itself; `asked_from`: the first day on which the code that is there may be asked."""

    asked_from: ClassVar[date] = date.max
    timeless = False

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """Nothing where it had been met by these records; `changed` until the day; then what the code says."""
        if records and at.case.met.get(met_key(records[0].step, self.name)) == len(records):
            return []
        if at.today < self.asked_from:
            return [self.missing("", (), CHANGED, title=self.title)]
        return super().judge(records, at)


@lru_cache(maxsize=256)
def _kind(kind: type[Facet], agreed: date) -> type[Facet]:
    made = defstruct(
        f"Held{kind.__name__}", [], bases=(Held, kind), namespace={"asked_from": agreed}, frozen=True,
        module=kind.__module__,
    )  # fmt: skip
    return cast(type[Facet], made)


def held(facets: Mapping[str, Facet], agreed: date | None) -> dict[str, Facet]:
    """The facets of a rule, those of plugins held until a day (None: as they are)."""
    if agreed is None:
        return dict(facets)
    return {name: _held(one, agreed) if _held_here(name, one) else one for name, one in facets.items()}


def _held_here(name: str, one: Facet) -> bool:
    return is_foreign(name) and not type(one).absent


def _held(one: Facet, agreed: date) -> Facet:
    return _kind(_own(one), agreed)(**_params(one))


def joined(one: Facet, two: Facet) -> Facet:
    """Two facets of one kind as one that asks for what both ask, held as long as either is."""
    if type(one) is type(two):
        return join(one, two)
    own = _own(one)
    both = join(own(**_params(one)), _own(two)(**_params(two)))
    return _held(both, max(item.asked_from for item in (one, two) if isinstance(item, Held)))


def _own(one: Facet) -> type[Facet]:
    """Its kind, held or not."""
    return cast(type[Facet], type(one).__mro__[2]) if isinstance(one, Held) else type(one)


def _params(one: Facet) -> dict[str, Any]:
    return {name: getattr(one, name) for name, _ in joins(type(one))}


__all__ = ["CHANGED", "SENTENCE", "TITLE", "held", "joined"]
