"""`review` 逐级审查: levels in ascending order, each with its aspects and its conclusion."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.shapes.short import Plain
from dangwu.values.lattice import UNION
from dangwu.values.vocabulary import ascending, rank
from dangwu.values.wanted import fewest, unmet
from dangwu.values.word import Aspect, Level


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One level's review; the newest conclusion counts, aspects unite."""

    conclusion: Annotated[
        Literal["pass", "return", "fail"], Meta(title="结论", description="合格、退回、不合格")
    ]
    aspects: Annotated[list[Aspect], Meta(title="审查内容")] = msgspec.field(default_factory=list)
    day: Annotated[date | None, Meta(title="审查日期", description="与办理日期同一天的不填")] = None


_Reviewed = tuple[str, Collection[str], date]
"""What is known of a level: the newest conclusion, all aspects, the newest day."""


@facet("review", "审查")
class ReviewFacet(Facet, frozen=True):
    """Reviews by `levels`, each of all `aspects`; a higher level only after the lower ones have passed it."""

    levels: Annotated[frozenset[Level], UNION, Meta(title="审查的层级")] = frozenset()
    aspects: Annotated[frozenset[Aspect], UNION, Meta(title="审查内容")] = frozenset()
    evidence = dict[Level, Review]
    whole = frozenset({"levels"})
    order = 90
    by_level = True
    concludes = True
    decides = True
    answers = {"pass": "合格", "return": "退回", "fail": "不合格"}
    sentences = {
        "missing": "还没有{keys}的审查结论。请按层级逐级审查并记录",
        "order": "{level}的审查不能早于{lower}：须由下级审查合格后逐级进行。请先补齐{lower}的审查结论",
        "aspect": "{level}的审查还缺内容：{keys}",
        "returned": "{level}审查退回。请补正后重新审查",
        "failed": "{level}审查不合格",
    }
    titles = {
        "missing": "审查结论不全",
        "order": "没有逐级审查",
        "aspect": "审查内容不全",
        "returned": "审查退回",
        "failed": "审查不合格",
    }
    curable = frozenset({"returned"})
    refuses = frozenset({"order"})
    upward = frozenset({"missing"})

    def levels_asked(self) -> frozenset[str]:
        """Those of `levels`."""
        return self.levels

    def contradiction(self) -> str:
        """Nobody reviews himself."""
        return "本人（person）不能审查自己，审查由组织作出。请写审查的层级" if "person" in self.levels else ""

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`missing`, `order`, `aspect`, `returned`, `failed`."""
        state: dict[str, _Reviewed] = {}
        asked = ascending(self.levels)
        found: list[Finding] = []
        for record in records:
            reviews: dict[str, Review] = record.evidence.get("review") or {}
            for level in ascending(reviews):
                review = reviews[level]
                day = review.day or record.day
                if asked != [level]:
                    found += self._order(level, day, state, asked)
                aspects = {*state[level][1], *review.aspects} if level in state else review.aspects
                state[level] = review.conclusion, aspects, day
        if not state or not self.levels.issubset(state):
            found.append(self.missing("levels", ascending(self.levels.difference(state))))
        for level in ascending(state):
            found += self._level(level, state[level])
        return found

    def _order(
        self, level: str, day: date, state: Mapping[str, _Reviewed], asked: Sequence[str]
    ) -> list[Finding]:
        for lower in asked:
            if rank(lower) >= rank(level):
                break
            conclusion, _, before = state.get(lower, ("", (), date.max))
            if conclusion != "pass" or day < before:
                return [self.impossible("order", level=level, lower=lower)]
        return []

    def _level(self, level: str, review: _Reviewed) -> list[Finding]:
        conclusion, aspects, _ = review
        if conclusion != "pass":
            reason = "returned" if conclusion == "return" else "failed"
            return [self.negative(reason, "levels", (level,), level=level)]
        lacking = unmet(self.aspects, aspects)
        return [self.missing("aspects", lacking, "aspect", level=level)] if lacking else []

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """A pass of every aspect by each level that is not given, up to one that is given as not passing."""
        given = given or {}
        passed = {"conclusion": "pass", "aspects": fewest(self.aspects)}
        stops = [rank(level) for level, part in given.items() if part.get("conclusion", "pass") != "pass"]
        levels = {level for level in self.levels if not stops or rank(level) < min(stops)} | given.keys()
        return {level: {**passed, **given.get(level, {})} for level in ascending(levels)}

    def describe(self) -> list[Requirement]:
        """Levels and aspects."""
        return [Requirement("levels", key, f"{{{key}}}审查") for key in ascending(self.levels)] + [
            Requirement("aspects", key, f"审查{{{key}}}") for key in sorted(self.aspects)
        ]

    def keys(self) -> tuple[str, ...]:
        """The levels, lowest first."""
        return tuple(ascending(self.levels))

    def options(self) -> dict[str, tuple[str, ...]]:
        """The aspects."""
        return {"aspects": tuple(sorted(self.aspects))}

    @classmethod
    def whose(cls, one: Finding) -> tuple[str, ...]:
        """The levels that lack; after a refusal the step's own level mends, and the one that refused decides anew."""
        if one.reason == "aspect":
            return (str(one.values["level"]),)
        return one.keys or ("",) if one.reason == "missing" else ("", *one.keys)

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """Each level's conclusion."""
        return "、".join(f"{word(level)}审查{cls.answer(one['conclusion'])}" for level, one in given.items())
