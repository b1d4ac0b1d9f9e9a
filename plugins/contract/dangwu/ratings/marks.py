"""What is recorded of somebody in a round, as values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, get_args

import msgspec

from dangwu.case.case import Record
from dangwu.facets.reading import read_record
from dangwu.shapes.short import Plain

Act = Literal[
    "apply", "excuse", "decline", "certify", "propose", "decide", "announce", "appeal", "answer", "close"
]
ACTS: tuple[Act, ...] = get_args(Act)
TITLES: Mapping[str, str] = {
    "apply": "申请不参加评定",
    "excuse": "同意不参加评定",
    "decline": "不同意，仍须评定",
    "certify": "查验证明",
    "propose": "提出等次建议",
    "decide": "评定",
    "announce": "公布",
    "appeal": "提出申诉",
    "answer": "答复申诉",
    "close": "办结",
}


class Subject(msgspec.Struct, frozen=True):
    """Who or what is rated; `membership` as in the register, empty for a unit."""

    tags: frozenset[str] = frozenset()
    membership: str = ""


class Mark(msgspec.Struct, frozen=True):
    """One act. `grade`: with a proposal, a decision, and an answer that changes it. `own`: applied for by himself.

    `papers`: what was shown. `items`: what was looked at. `evidence`: typed, by facet.
    """

    act: Act
    day: date
    grade: str = ""
    own: bool = False
    papers: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    evidence: Mapping[str, Plain] = msgspec.field(default_factory=dict)

    @property
    def record(self) -> Record:
        """As the facets read it."""
        return Record("", self.day, self.evidence, self.day, "")


def read_mark(
    act: Act,
    day: date,
    *,
    grade: str = "",
    own: bool = False,
    papers: frozenset[str] = frozenset(),
    items: frozenset[str] = frozenset(),
    evidence: Mapping[str, Plain] | None = None,
) -> Mark:
    """A mark from builtins. Raises EvidenceError with a sentence for each field that is wrong."""
    typed = read_record("评定", day, evidence).evidence
    return Mark(act, day, grade, own, papers, items, typed)


__all__ = ["ACTS", "TITLES", "Act", "Mark", "Subject", "read_mark"]
