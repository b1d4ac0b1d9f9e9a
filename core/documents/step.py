"""What a paper can say of a step: its words (dangwu.STEP), and the evidence that holds of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from core.casework.model import LoadedCase
from core.casework.said import part
from core.casework.standing.lengths import lengths
from dangwu import Judged, Record, StepRules, add_months, explain, kind_of, least, read_record


class OfStep:
    """A step of a case that was judged."""

    def __init__(self, judged: Judged, case: LoadedCase, step: str) -> None:
        self.judged, self.case, self.id = judged, case, step
        self.standing = judged.standing.steps.get(step)
        self.rules: StepRules | None = self.standing.rules if self.standing else None
        self.records: Sequence[Record] = judged.records.get(step, ())

    def said(self, what: str) -> str:
        """A word of it, or a path into its evidence; "" where nothing is known."""
        if what in _WORDS:
            return _WORDS[what](self)
        facet, *path = what.split(".")
        kind = kind_of(facet)
        asked = self.rules.facets.get(facet) if self.rules else None
        return part(self.judged.regime, kind, (asked or kind()).holds(self.records), path)

    def asks(self, what: str) -> bool:
        """Whether that is a word of every step, or evidence that it asks for."""
        return what in _WORDS or (self.rules is not None and what.partition(".")[0] in self.rules.facets)

    @property
    def clocked(self) -> Sequence[Record]:
        """The records by which its time is counted; while there are none, as if it were begun on the day asked about."""
        if self.records or self.rules is None or not any(one.clocks for one in self.rules.facets.values()):
            return self.records
        evidence = least(self.judged.regime, self.case.case, self.id, self.judged.day)[0]
        return [read_record(self.id, self.judged.day, evidence)]

    @property
    def until(self) -> date | None:
        """The last day of its time, or the day on which its fixed span is full."""
        place = self.judged.plan.by_id.get(self.id)
        if place is not None and place.span is not None:
            begun = OfStep(self.judged, self.case, place.span.from_).day
            months = place.span.months + self.judged.standing.extended_months
            return add_months(begun, months) if begun else None
        ends = [one.until for one in lengths(self.rules, self.clocked) if one.decides]
        return max((end for end in ends if end), default=None)

    @property
    def day(self) -> date | None:
        """When it was done; of one under way the day of its newest record."""
        done = self.standing.concluded if self.standing else None
        return done or (self.records[-1].day if self.records else None)

    @property
    def by(self) -> str:
        """Who wrote its newest record."""
        newest = self.records[-1].id if self.records else ""
        return next((one.by_name for one in self.case.entries if str(one.id) == newest), "")

    @property
    def begins(self) -> date | None:
        """The day since which its time runs (or would): of a notice the day on which it was posted last."""
        return max((one.day for one in self.clocked), default=None) if self.length else None

    @property
    def length(self) -> str:
        """5 个工作日; the length that decides."""
        return next((f"{one.number} {one.unit}" for one in lengths(self.rules, self.clocked)), "")

    @property
    def basis(self) -> str:
        """《…》第十三条; the documents and clauses that ask for it, each once."""
        cited = explain.attained(self.judged.regime, self.rules) if self.rules else ()
        return "、".join(dict.fromkeys(f"{one.source}{one.clause}" for one in cited))


def written(value: date | None) -> str:
    """2026年6月16日; "" for none."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


_WORDS: Mapping[str, Callable[[OfStep], str]] = {
    "title": lambda of: explain.title(of.judged.regime, of.id),
    "day": lambda of: written(of.day),
    "by": lambda of: of.by,
    "begins": lambda of: written(of.begins),
    "until": lambda of: written(of.until),
    "length": lambda of: of.length,
    "due": lambda of: written(of.standing.due if of.standing else None),
    "basis": lambda of: of.basis,
}

WORDS = frozenset(_WORDS)
"""The words that are known here."""
