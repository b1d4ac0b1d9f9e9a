"""The laws that `dangwu check` and `facet_laws` hold a facet to: ours keep them, and each way of breaking one is noticed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import pytest

from dangwu import DOWN, FACETS, UNION, UP, Facet, Finding, Moment, Record, Requirement, facet
from dangwu.author.trying import laws
from tests.contract.stamps import Stamped, Stamps

OURS = sorted(name for name, kind in FACETS.items() if kind.__module__.startswith("dangwu.facets."))


@pytest.mark.parametrize("name", [*OURS, Stamps.name])
def test_ours_keep_the_laws(name: str) -> None:
    assert [one.sentence for one in laws.broken(FACETS[name])] == []


class Raises(Stamps, frozen=True):
    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """Fails where nothing has been recorded."""
        return [] if self.of(records)[-1].pages >= self.pages else [self.missing("pages", pages=self.pages)]


class Relaxes(Stamps, frozen=True):
    most: Annotated[int, DOWN] = 0

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """The less is allowed at most, the less is missing."""
        return [] if self.most else super().judge(records, at)


class Wordless(Stamps, frozen=True):
    sentences = {}


class Unfilled(Stamps, frozen=True):
    sentences = {"missing": "须加盖 {sheets} 页骑缝章"}


class Silent(Stamps, frozen=True):
    def describe(self) -> list[Requirement]:
        """Nothing."""
        return []


class Stingy(Stamps, frozen=True):
    def least(self, given: Any, records: Sequence[Record], at: Moment) -> Any:
        """Too little."""
        return {"pages": 0}


class Kindless(Stamps, frozen=True):
    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """A kind that is none."""
        return [Finding(f"{self.name}.missing", "wrong", values={"pages": 1})]


class Listless(Stamps, frozen=True):
    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """Something else than findings."""
        return ["no"]  # type: ignore[list-item]


class Moody(Stamps, frozen=True):
    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """Another answer each time."""
        asked.append(1)
        return [self.missing("pages", pages=len(asked))]


class Needy(Facet, frozen=True):
    words: Annotated[frozenset[str], UNION]
    pages: Annotated[int, UP] = 0
    evidence = Stamped


asked: list[int] = []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Raises, "的 judge 出错：IndexError：list index out of range，test_laws.py 第"),
        (Relaxes, "放宽了："),
        (Wordless, "没有一句话。请写进 sentences"),
        (Unfilled, "少了 sheets：句子里有，values 里没有"),
        (Silent, "describe 却什么也没有说"),
        (Stingy, "的 least 给出的还不够"),
        (Kindless, "种类不对（wrong）"),
        (Listless, "judge 应返回 Finding 的列表"),
        (Moody, "两次说的不一样"),
        (Needy, "每个参数都要有默认值"),
    ],
)
def test_what_breaks_a_law_is_noticed(kind: type[Facet], said: str) -> None:
    name = kind.__name__.lower()
    facet(name, "试验")(kind)
    try:
        found = [one.sentence for one in laws.broken(kind)]
    finally:
        del FACETS[name]
    assert any(said in sentence for sentence in found), found
    assert all(f"“{name}”" in sentence for sentence in found)
