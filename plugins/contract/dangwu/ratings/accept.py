"""Whether an act can be recorded of somebody in a round; the reasons why not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dangwu.facets.finding import FORBIDDEN, IMPOSSIBLE, Finding
from dangwu.ratings.marks import Mark, Subject
from dangwu.ratings.progress import STATES, Progress, progress
from dangwu.regime.scheme import Scheme

_FROM = {
    "apply": ("owed", "pending", "proposed"),
    "excuse": ("applied",),
    "decline": ("applied",),
    "certify": ("owed", "pending", "proposed"),
    "propose": ("owed", "proposed"),
    "decide": ("proposed", "decided", "announced"),
    "announce": ("decided", "announced"),
    "appeal": ("decided", "announced"),
    "answer": ("appealed",),
    "close": ("decided", "announced"),
}
"""The states from which each act leads on."""


def onward(state: str) -> tuple[str, ...]:
    """The acts that lead on from a state, in the order of a round."""
    return tuple(act for act, states in _FROM.items() if state in states)


def refused(scheme: Scheme, subject: Subject, marks: Sequence[Mark], mark: Mark) -> tuple[Finding, ...]:
    """Why an act is not recorded; empty where it is. What a facet finds wanting is no reason, unless it cannot be."""
    if found := _grades(scheme, mark):
        return found
    if marks and mark.day < max(one.day for one in marks):
        last = max(one.day for one in marks)
        return (Finding("rating.order", IMPOSSIBLE, "", (), {"day": mark.day, "last": last}),)
    now = progress(scheme, subject, marks, mark.day)
    if now.state not in _FROM[mark.act]:
        return (*_why(now), Finding("rating.state", FORBIDDEN, "", (), {"state": STATES[now.state]}))
    if mark.act == "apply":
        return _application(scheme, subject, mark)
    if mark.act == "close" and any(one.blocks for one in now.findings):
        return now.findings
    return _impossible(scheme, marks, mark, mark.day)


def _grades(scheme: Scheme, mark: Mark) -> tuple[Finding, ...]:
    graded = mark.act in ("propose", "decide")
    if mark.grade and (mark.grade not in scheme.scale or not (graded or mark.act == "answer")):
        return (Finding("rating.grade", IMPOSSIBLE, "scale", scheme.scale, {"group": mark.grade}),)
    return (
        (Finding("rating.no-grade", IMPOSSIBLE, "scale", scheme.scale),) if graded and not mark.grade else ()
    )


def _why(now: Progress) -> tuple[Finding, ...]:
    return (
        tuple(one for one in now.findings if one.blocks)
        if now.state in ("pending", "applied", "owed", "proposed", "appealed")
        else ()
    )


def _application(scheme: Scheme, subject: Subject, mark: Mark) -> tuple[Finding, ...]:
    if not any(tags <= subject.tags for tags in scheme.exempt):
        return (Finding("rating.not-exempt", FORBIDDEN, "exempt"),)
    return () if mark.own else (Finding("rating.own-application", FORBIDDEN, "exempt"),)


def _impossible(scheme: Scheme, marks: Sequence[Mark], mark: Mark, today: date) -> tuple[Finding, ...]:
    """Figures, an order or dates that cannot be, by the facets' own checks."""
    asked = scheme.asked(mark.act, today).facets
    strange = tuple(sorted(set(mark.evidence) - set(asked)))
    if strange:
        return (Finding("rating.unasked", IMPOSSIBLE, "", (), {"what": "、".join(strange)}),)
    before = [one.record for one in marks if one.act == mark.act]
    after = progress(scheme, Subject(), [*marks, mark], today).findings
    found = [one for one in after if one.kind == IMPOSSIBLE]
    for name in mark.evidence:
        found += asked[name].misdated(mark.record, before)
    return tuple(found)


__all__ = ["onward", "refused"]
