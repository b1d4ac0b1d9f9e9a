"""`visit` 回访: of what, by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.shapes.person import Named, Someone, listed, said
from dangwu.shapes.short import Plain
from dangwu.values.lattice import UNION
from dangwu.values.wanted import fewest, unmet
from dangwu.values.word import Aspect, Party


class Visit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One visit."""

    aspects: Annotated[list[Aspect], Meta(title="回访内容")] = msgspec.field(default_factory=list)
    by: Annotated[list[Party], Meta(title="回访人")] = msgspec.field(default_factory=list)
    visitors: Annotated[list[Someone], Meta(title="回访人姓名")] = msgspec.field(default_factory=list)

    @property
    def posts(self) -> list[str]:
        """Who it was by: the words, and the posts of those who are named."""
        return [*self.by, *(one.post for one in self.visitors if one.post)]


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
        "post": "按名册登记，{name}那天没有担任{keys}，不能由其回访。请由规定的人员回访；确已任职的，先在名册登记职务",
    }
    titles = {"missing": "尚未回访", "aspect": "回访内容不全", "post": "回访人没有职务"}
    refuses = frozenset({"post"})

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`missing` (no visit, or not by all), `aspect`."""
        visits: list[Visit] = self.of(records)
        lacking = unmet(self.by, {one for visit in visits for one in visit.posts})
        found = [self.missing("by", lacking)] if lacking or not visits else []
        if visits and (short := unmet(self.aspects, {one for visit in visits for one in visit.aspects})):
            found.append(self.missing("aspects", short, "aspect"))
        return found

    def people(self, given: Plain) -> Iterable[Named]:
        """Those who visited, by the posts that are asked for."""
        return listed(given, "visitors", self.by)

    def misnamed(self, given: Visit, at: Moment) -> Iterable[Finding]:
        """`post`."""
        return self.unheld(given.visitors, self.by, "by")

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
        """What it was about, and by whom."""
        by = "、".join(said({**one, "post": word(one.get("post", ""))}) for one in given.get("visitors", ()))
        return by + (f"回访{'、'.join(map(word, given['aspects']))}" if given.get("aspects") else "已回访")
