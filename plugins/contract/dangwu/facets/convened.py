"""`convened` 当年已开会: what a branch must have held in the year of the act before it goes on with anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated

from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import NEGATIVE, Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.shapes.short import Plain
from dangwu.values.lattice import UNION
from dangwu.values.word import Family


@facet("convened", "当年已开会")
class Convened(Facet, frozen=True):
    """A meeting of each of `families` was held in the calendar year of the act. Evidence `{family: day}`."""

    families: Annotated[frozenset[Family], UNION, Meta(title="当年须开过的会")] = frozenset()
    evidence = dict[Family, date]
    order = 13
    meetings = True
    sentences = {
        "missing": "还没有填写今年哪一天开的{keys}。今年没有开过的，先开会，再办理",
        "year": "{keys}是 {held} 开的，不是 {year} 年开的。请先开当年的会，再办理",
    }
    curable = frozenset({"year"})
    titles = {"missing": "当年没有开会", "year": "不是当年开的会"}

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`missing`; `year` where it was another year's."""
        found: dict[str, tuple[date, date]] = {}
        for record in records:
            for family, held in (record.evidence.get(self.name) or {}).items():
                found[family] = (held, record.day)
        lacking = tuple(sorted(self.families - found.keys()))
        return [*([self.missing("families", lacking)] if lacking else []), *self._stale(found)]

    def _stale(self, found: Mapping[str, tuple[date, date]]) -> Iterator[Finding]:
        for family in sorted(self.families & found.keys()):
            held, day = found[family]
            if held.year != day.year:
                values = {"held": held, "year": day.year}
                yield Finding("convened.year", NEGATIVE, "families", (family,), values)

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """Held on the day itself."""
        return {**dict.fromkeys(sorted(self.families), at.today), **(given or {})}

    def describe(self) -> list[Requirement]:
        """Each."""
        return [Requirement("families", key, f"当年须已开过{{{key}}}") for key in sorted(self.families)]

    def keys(self) -> tuple[str, ...]:
        """The families."""
        return tuple(sorted(self.families))

    def together(self) -> bool:
        """One meeting is that of all whom it is about."""
        return True

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """What was held when."""
        return "、".join(f"{word(family)} {day}" for family, day in given.items())
