"""`visit` 回访: of what, by whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.shapes.short import Plain
from dangwu.values.lattice import UNION
from dangwu.values.wanted import fewest, unmet
from dangwu.values.word import Aspect, Party


class Visit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One visit."""

    aspects: Annotated[list[Aspect], Meta(title="回访内容")] = msgspec.field(default_factory=list)
    by: Annotated[list[Party], Meta(title="回访人")] = msgspec.field(default_factory=list)


@facet("visit", "回访")
class VisitFacet(Facet, frozen=True):
    """A visit of these `aspects` `by` these persons; several visits add up."""

    aspects: Annotated[frozenset[Aspect], UNION, Meta(title="回访内容")] = frozenset()
    by: Annotated[frozenset[Party], UNION, Meta(title="回访人")] = frozenset()
    evidence = Visit
    order = 160
    keeping = True
    sentences = {
        "missing": "还没有回访，或回访人还缺：{keys}。请回访后记录",
        "aspect": "回访还缺内容：{keys}",
    }
    titles = {"missing": "尚未回访", "aspect": "回访内容不全"}

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`missing` (no visit, or not by all), `aspect`."""
        visits: list[Visit] = self.of(records)
        lacking = unmet(self.by, {one for visit in visits for one in visit.by})
        found = [self.missing("by", lacking)] if lacking or not visits else []
        if visits and (short := unmet(self.aspects, {one for visit in visits for one in visit.aspects})):
            found.append(self.missing("aspects", short, "aspect"))
        return found

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """All aspects by all."""
        return {"aspects": fewest(self.aspects), "by": fewest(self.by), **(given or {})}

    def describe(self) -> list[Requirement]:
        """By whom, of what."""
        return [Requirement("by", key, f"由{{{key}}}回访") for key in sorted(self.by)] + [
            Requirement("aspects", key, f"回访{{{key}}}") for key in sorted(self.aspects)
        ]

    def options(self) -> dict[str, tuple[str, ...]]:
        """Aspects and visitors."""
        return {"aspects": tuple(sorted(self.aspects)), "by": tuple(sorted(self.by))}

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """What it was about."""
        return f"回访{'、'.join(map(word, given['aspects']))}" if given.get("aspects") else "已回访"
