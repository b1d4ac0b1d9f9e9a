"""Facets whose evidence is a plain list: documents filed, sources heard, filings made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import Finding, Requirement
from dangwu.facets.registry import facet, kind_of
from dangwu.shapes.short import Plain
from dangwu.values.lattice import UNION
from dangwu.values.wanted import fewest, unmet
from dangwu.values.word import Kind, Receiver, Source


@facet("documents", "材料")
class Documents(Facet, frozen=True):
    """Documents that must be on file. Evidence: the kinds filed."""

    kinds: Annotated[frozenset[Kind], UNION, Meta(title="材料")] = frozenset()
    evidence = list[Kind]
    order = 30
    keeping = True
    papers = True
    supplements = frozenset({"*"})
    sentences = {"missing": "还缺材料：{keys}。请收齐后在记录中勾选，并附上扫描件"}
    titles = {"missing": "材料不齐"}

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`documents.missing` with the kinds that lack."""
        lacking = unmet(self.kinds, self.listed(records))
        return [self.missing("kinds", lacking)] if lacking else []

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """The kinds that lack."""
        return given if given is not None else fewest(self.kinds)

    def describe(self) -> list[Requirement]:
        """Each kind."""
        return [Requirement("kinds", key, f"须有材料：{{{key}}}") for key in sorted(self.kinds)]

    def options(self) -> dict[str, tuple[str, ...]]:
        """The kinds."""
        return {"": tuple(sorted(self.kinds))}

    def together(self) -> bool:
        """Papers are sent up for several people at once."""
        return True

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """How many, or which one."""
        return word(given[0]) if len(given) == 1 else f"材料 {len(given)} 份"


@facet("consultation", "听取意见")
class Consultation(Facet, frozen=True):
    """Whose opinion must be heard. Evidence: the sources heard."""

    sources: Annotated[frozenset[Source], UNION, Meta(title="听取意见的范围")] = frozenset()
    evidence = list[Source]
    order = 40
    keeping = True
    sentences = {"missing": "还没有听取：{keys}的意见。请听取并记录后再办"}
    titles = {"missing": "意见未听全"}

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`consultation.missing` with the sources that lack."""
        lacking = unmet(self.sources, self.listed(records))
        return [self.missing("sources", lacking)] if lacking else []

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """The sources that lack."""
        return given if given is not None else fewest(self.sources)

    def describe(self) -> list[Requirement]:
        """Each source."""
        return [Requirement("sources", key, f"须听取{{{key}}}的意见") for key in sorted(self.sources)]

    def options(self) -> dict[str, tuple[str, ...]]:
        """The sources."""
        return {"": tuple(sorted(self.sources))}

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """All of them."""
        return f"听取{'、'.join(map(word, given))}意见"


@facet("filing", "备案")
class Filing(Facet, frozen=True):
    """Levels with which it must be filed; a consent of that level also counts. Evidence: the levels. The level that acts in the
    step may be one: it receives the filing there."""

    levels: Annotated[frozenset[Receiver], UNION, Meta(title="备案的层级")] = frozenset()
    evidence = list[Receiver]
    order = 150
    keeping = True
    by_level = True
    upwards = "levels"
    sentences = {"missing": "还没有向{keys}备案。请报送并在备案后记录"}
    titles = {"missing": "尚未备案"}

    def levels_asked(self) -> frozenset[str]:
        """Those of `levels`."""
        return self.levels

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`filing.missing` with the levels that lack."""
        filed = self.listed(records)
        if not unmet(self.levels, filed):
            return []
        agreed = (
            kind_of(name).agreed(given) for record in records for name, given in record.evidence.items()
        )
        lacking = unmet(self.levels, set(filed).union(*agreed))
        return [self.missing("levels", lacking)] if lacking else []

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """The levels that lack."""
        return given if given is not None else fewest(self.levels)

    def describe(self) -> list[Requirement]:
        """Each level."""
        return [Requirement("levels", key, f"须报{{{key}}}备案") for key in sorted(self.levels)]

    def options(self) -> dict[str, tuple[str, ...]]:
        """The levels."""
        return {"": tuple(sorted(self.levels))}

    def together(self) -> bool:
        """Papers are sent up for several people at once."""
        return True

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """All of them."""
        return f"{'、'.join(map(word, given))}备案" if given else ""

    @classmethod
    def whose(cls, one: Finding) -> tuple[str, ...]:
        """The levels that lack."""
        return one.keys or ("",)
