"""Where somebody stands in a round on a day, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

import msgspec

from dangwu.case.case import Case, Record
from dangwu.case.moment import Moment
from dangwu.facets.finding import ADVISORY, MISSING, NEGATIVE, Finding
from dangwu.facets.registry import kind_of
from dangwu.ratings.marks import Mark, Subject
from dangwu.regime.scheme import Acting, Scheme

State = Literal[
    "owed",
    "pending",
    "applied",
    "exempt",
    "ungraded",
    "proposed",
    "decided",
    "announced",
    "appealed",
    "closed",
]
STATES: Mapping[str, str] = {
    "owed": "待评",
    "pending": "待查验",
    "applied": "申请不评待研究",
    "exempt": "经同意不评",
    "ungraded": "参加、不定等次",
    "proposed": "已提出建议",
    "decided": "已评定",
    "announced": "已公布",
    "appealed": "有申诉待答复",
    "closed": "已办结",
}


class Progress(msgspec.Struct, frozen=True):
    """`grade`: as decided (as proposed while nothing is decided). `findings`: what is missing for what comes next.

    `proposes`: what the decided grade proposes to people. `until`: the last day of a notice. `rules`: what the state rests on.
    """

    state: State
    grade: str = ""
    findings: tuple[Finding, ...] = ()
    proposes: tuple[str, ...] = ()
    until: date | None = None
    rules: tuple[str, ...] = ()

    @property
    def because(self) -> frozenset[str]:
        """The codes of its findings."""
        return frozenset(one.code for one in self.findings)


def progress(scheme: Scheme, subject: Subject, marks: Sequence[Mark], today: date) -> Progress:
    """Where a subject stands; marks after `today` are not seen."""
    seen = sorted((one for one in marks if one.day <= today), key=lambda one: one.day)
    if subject.membership in scheme.ungraded:
        return Progress("ungraded", rules=scheme.rules_of("ungraded"))
    acts = {one.act for one in seen}
    if "decide" not in acts:
        if found := _excused(scheme, seen):
            return found
        if lacks := _pending(scheme, subject, seen):
            return Progress("pending", findings=lacks, rules=scheme.rules_of("pending"))
    proposed = _proposed(scheme, seen, today)
    if any(one.blocks for one in proposed):
        return Progress("owed", findings=proposed, rules=behind(scheme, "propose", proposed))
    decided = _decided(scheme, seen, today)
    if any(one.blocks for one in decided):
        rules = behind(scheme, "decide", decided)
        return Progress("proposed", _grade(seen, "propose"), decided, rules=rules)
    return _after(scheme, seen, today)


def _excused(scheme: Scheme, seen: Sequence[Mark]) -> Progress | None:
    """What has become of his application not to be rated; None where there is none, or it was declined."""
    last = next((one.act for one in reversed(seen) if one.act in ("apply", "excuse", "decline")), "")
    rules = scheme.rules_of("exempt")
    if last == "apply":
        return Progress("applied", findings=(Finding("rating.application", MISSING, "exempt"),), rules=rules)
    return Progress("exempt", rules=rules) if last == "excuse" else None


def _pending(scheme: Scheme, subject: Subject, seen: Sequence[Mark]) -> tuple[Finding, ...]:
    shown = frozenset(paper for one in seen if one.act == "certify" for paper in one.papers)
    wanted = sorted(
        paper for tags, paper in scheme.pending if tags <= subject.tags and not {*paper.split("|")} & shown
    )
    return (Finding("rating.pending", MISSING, "pending", tuple(wanted)),) if wanted else ()


def _proposed(scheme: Scheme, seen: Sequence[Mark], today: date) -> tuple[Finding, ...]:
    marks = [one for one in seen if one.act == "propose"]
    if not marks:
        return (*_open(scheme), Finding("rating.proposal", MISSING, "propose"))
    looked = frozenset(item for one in marks for item in one.items)
    lacking = tuple(sorted(frozenset(scheme.items) - looked))
    found = [Finding("rating.item", MISSING, "items", lacking)] if lacking else []
    return (*found, *_judged(scheme.propose, marks, today))


def _decided(scheme: Scheme, seen: Sequence[Mark], today: date) -> tuple[Finding, ...]:
    marks = [one for one in seen if one.act == "decide"]
    if not marks:
        return (Finding("rating.decision", MISSING, "decide"),)
    return tuple(one for one in _judged(scheme.decide, marks, today) if not kind_of(one.facet).clocks)


def _after(scheme: Scheme, seen: Sequence[Mark], today: date) -> Progress:
    """Decided: announced, appealed against, closed."""
    grade = _grade(seen, "decide", "answer")
    proposes, rules = scheme.follows.get(grade, ()), scheme.rules_of("decide", f"follows.{grade}")
    decided = max(number for number, one in enumerate(seen) if one.act == "decide")
    posted = [one for one in seen[decided:] if one.act == "announce"]
    asked = scheme.decide.facets.values() if scheme.decide else ()
    notice, until = next((one for one in asked if one.clocks), None), None
    found: tuple[Finding, ...] = ()
    if notice is not None:
        records = [one.record for one in posted]
        found = tuple(notice.found(records, _moment(today)))
        until = notice.end(records) if records else None
        rules = (*rules, *scheme.rules_of(f"decide.{notice.name}"))
    state: State = "announced" if posted else "decided"
    if _appealed(seen):
        state, found = "appealed", (*found, Finding("rating.appeal", MISSING, "decide"))
    elif any(one.act == "close" for one in seen):
        state = "closed"
    return Progress(state, grade, found, proposes, until, tuple(sorted({*rules})))


def _appealed(seen: Sequence[Mark]) -> bool:
    """Whether an appeal waits for its answer."""
    return sum(one.act == "appeal" for one in seen) > sum(one.act == "answer" for one in seen)


def _grade(seen: Sequence[Mark], *acts: str) -> str:
    return next((one.grade for one in reversed(seen) if one.act in acts and one.grade), "")


def _open(scheme: Scheme) -> tuple[Finding, ...]:
    """That the place has not filled in by what standard is rated."""
    return (Finding("rating.blank", ADVISORY, "items", scheme.blanks),) if scheme.blanks else ()


def _judged(acting: Acting | None, marks: Sequence[Mark], today: date) -> tuple[Finding, ...]:
    records: list[Record] = [one.record for one in marks]
    facets = acting.facets.values() if acting else ()
    return tuple(one for facet in facets for one in facet.found(records, _moment(today)))


def _moment(today: date) -> Moment:
    return Moment(Case(), today, {}, {})


def behind(scheme: Scheme, part: str, findings: Sequence[Finding]) -> tuple[str, ...]:
    """The rules behind findings of a part; of the part itself where none of it speaks."""
    parts = [one.param if one.facet == "rating" else f"{part}.{one.facet}" for one in findings if one.blocks]
    return scheme.rules_of(*parts)


def shares(scheme: Scheme, grades: Sequence[str], base: int) -> tuple[Finding, ...]:
    """Which ceilings the grades of a round pass, of `base` who can have a grade."""
    found = []
    for grade, most in scheme.share.items():
        given, room = grades.count(grade), base * most.numerator // most.denominator
        if given > room:
            values = {
                "group": grade, "base": base, "share": str(most), "room": room, "given": given,
                "measure": "人" if scheme.rates else "个",
            }  # fmt: skip
            found.append(Finding("rating.share", NEGATIVE, "share", (grade,), values))
    return tuple(found)


__all__ = ["STATES", "Progress", "State", "behind", "progress", "shares"]
