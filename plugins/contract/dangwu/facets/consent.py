"""`consent` 同意: levels above that must agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.shapes.short import Plain
from dangwu.values.lattice import UNION
from dangwu.values.vocabulary import rank
from dangwu.values.word import Level


@facet("consent", "同意")
class Consent(Facet, frozen=True):
    """Consents of `levels`; the newest answer of a level counts."""

    levels: Annotated[frozenset[Level], UNION, Meta(title="须同意的层级")] = frozenset()
    evidence = dict[Level, Literal["granted", "refused"]]
    whole = frozenset({"levels"})
    order = 140
    by_level = True
    concludes = True
    decides = True
    answers = {"granted": "同意", "refused": "不同意"}
    sentences = {"missing": "还没有{keys}的同意意见。请报送审批，批复后记录", "refused": "{keys}不同意"}
    titles = {"missing": "上级尚未同意", "refused": "上级不同意"}

    def levels_asked(self) -> frozenset[str]:
        """Those of `levels`."""
        return self.levels

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`missing`, `refused`."""
        answers = self.keyed(records)
        found = []
        lacking = sorted(self.levels.difference(answers), key=rank)
        if lacking or not answers:
            found.append(self.missing("levels", lacking))
        if refused := sorted(level for level, answer in answers.items() if answer == "refused"):
            found.append(self.negative("refused", "levels", refused))
        return found

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """Granted by every level that lacks."""
        return {**dict.fromkeys(sorted(self.levels, key=rank), "granted"), **(given or {})}

    def describe(self) -> list[Requirement]:
        """Each level."""
        return [Requirement("levels", key, f"须经{{{key}}}同意") for key in sorted(self.levels, key=rank)]

    def keys(self) -> tuple[str, ...]:
        """The levels, lowest first."""
        return tuple(sorted(self.levels, key=rank))

    @classmethod
    def agreed(cls, given: Plain) -> list[str]:
        """Those that granted it."""
        return [level for level, answer in given.items() if answer == "granted"]

    @classmethod
    def whose(cls, one: Finding) -> tuple[str, ...]:
        """The levels that lack; after a refusal the step's own level mends, and the one that refused decides anew."""
        return one.keys or ("",) if one.reason == "missing" else ("", *one.keys)

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """Each level's answer."""
        return "、".join(f"{word(level)}{cls.answer(answer)}" for level, answer in given.items())
