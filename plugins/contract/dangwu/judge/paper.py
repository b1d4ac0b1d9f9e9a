"""What a step that was taken over from paper stands for: a record with the least that its rules ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from dangwu.case.case import Case, Record
from dangwu.case.moment import Moment
from dangwu.facets.finding import CLOCK, Finding
from dangwu.regime.effective import StepRules


def on_paper(rules: StepRules, case: Case, day: date) -> Record:
    """The record that a paper file of that day holds, by these rules."""
    moment = Moment(case, day, {}, {})
    evidence = {
        facet.name: facet.read(least)
        for facet in rules.facets.values()
        if not facet.last
        and facet.evidence is not None
        and (least := facet.least(None, (), moment)) is not None
    }
    return Record(rules.id, day, evidence, day)


def brought_up(alone: Sequence[Finding], found: Sequence[Finding]) -> list[Finding]:
    """What records beside a paper file bring up: not what the paper `alone` would lack, nor a time that it has seen out."""
    known = {(one.code, one.param, one.keys) for one in alone}
    return [one for one in found if one.kind != CLOCK and (one.code, one.param, one.keys) not in known]


def begun(rules: StepRules, paper: Record, opened: date) -> Record:
    """What the paper holds, on the first day on which it can have begun: a notice that had run out by then was posted so long
    before, or since the steps before it were done (`opened`)."""
    first = paper.day
    while any((end := facet.end([replace(paper, day=first)])) and end > paper.day for facet in rules.ending):
        first -= timedelta(days=1)
    return replace(paper, day=min(first, opened) if opened > date.min else first)


__all__ = ["begun", "brought_up", "on_paper"]
