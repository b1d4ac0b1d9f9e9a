"""Somebody's way through a round, act by act: where he stands, what is missing and by which rule, and what is not recorded."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest

from dangwu import (
    Adoption,
    Mark,
    Rated,
    Scheme,
    compose,
    not_rated,
    progress,
    read_mark,
    round_named,
    round_on,
)
from dangwu.ratings.accept import onward
from dangwu.ratings.progress import STATES, shares
from tests.contract.made import made
from tests.floor import FLOOR

STARS = made(
    "stars",
    """
    - id: star.scale
      title: 星级
      rating: stars
      of: members
      scale: [low, middle, high]
      round: {by: [07-31, 01-31]}
    - id: star.items
      rating: stars
      items: [service, study]
    - id: star.propose
      rating: stars
      propose: {level: branch, poll: {among: [masses], share: ">=1/2"}}
    - id: star.decide
      rating: stars
      decide: {level: committee, review: {levels: [committee]}}
    - id: star.notice
      rating: stars
      decide: {level: branch, notice: {days: 3}}
    - id: star.exempt
      rating: stars
      exempt: {when: [rural], on: own-application}
    - id: star.pending
      rating: stars
      pending: {when: [mobile], until: proof|letter}
    - id: star.pending-too
      rating: stars
      pending: {when: [mobile, student], until: certificate}
    - id: star.ungraded
      rating: stars
      ungraded: [probationary]
    - id: star.follows
      rating: stars
      follows: {low: guidance}
    """,
    head="""\
    terms:
      grade: {low: 低, middle: 中, high: 高}
      item: {service: 服务, study: 学习}
      kind: {proof: 证明, letter: 信函, certificate: 证书}
    """,
)
POLL = {"poll": {"masses": {"invited": 10, "present": 8, "for": 5}}}
BOTH: dict[str, Any] = {"items": frozenset({"service", "study"})}
REVIEW = {"review": {"committee": {"conclusion": "pass"}}}
LETTER, CERTIFICATE = frozenset({"letter"}), frozenset({"certificate"})
POSTED = {"notice": {"places": ["workplace"]}}


@cache
def stars() -> Scheme:
    return compose(FLOOR, [Adoption(STARS)]).ratings(date(2026, 6, 1))["stars"]


def mark(act: str, day: int, grade: str = "", evidence: Any = None, **more: Any) -> Mark:
    """An act on a day of June."""
    return read_mark(act, date(2026, 6, day), grade=grade, evidence=evidence, **more)  # type: ignore[arg-type]


def objection(day: int) -> dict[str, Any]:
    return {"notice": {"objections": [{"received": date(2026, 6, day)}]}}


PROPOSED = mark("propose", 1, "low", POLL, **BOTH)
DECIDED = mark("decide", 2, "middle", REVIEW)
ANNOUNCED = mark("announce", 3, evidence=POSTED)
APPEAL, ANSWER, CLOSE = mark("appeal", 4), mark("answer", 5, "low"), mark("close", 8)
WAY = [PROPOSED, DECIDED, ANNOUNCED, CLOSE]


def where(
    marks: list[Mark], on: int = 9, tags: str = "", membership: str = "full"
) -> tuple[str, str, list[str]]:
    """(state, grade, codes of what is missing)."""
    found = progress(stars(), Rated(frozenset(tags.split()), membership), marks, date(2026, 6, on))
    return found.state, found.grade, sorted(found.because)


@pytest.mark.parametrize(("known", "on", "told"), [
    ([], 1, ("owed", "", ["rating.proposal"])),
    (WAY, 1, ("proposed", "low", ["rating.decision"])),  # what is to come is not seen
    (WAY, 2, ("decided", "middle", ["notice.missing"])),
    (WAY, 6, ("announced", "middle", ["notice.running"])),
    (WAY[:3], 7, ("announced", "middle", [])),
    (WAY, 8, ("closed", "middle", [])),
    ([mark("propose", 1, "low", POLL, items=frozenset({"study"}))], 1, ("owed", "", ["rating.item"])),
    ([mark("propose", 1, "low", items=frozenset({"study"})), mark("propose", 1, "high", POLL, items=frozenset({"service"}))], 1,
     ("proposed", "high", ["rating.decision"])),
    ([mark("propose", 1, "low", **BOTH)], 1, ("owed", "", ["poll.missing"])),
    ([mark("propose", 1, "low", {"poll": {"masses": {"invited": 10, "present": 8, "for": 4}}}, **BOTH)], 1,
     ("owed", "", ["poll.share"])),
    ([PROPOSED, mark("decide", 2, "middle")], 2, ("proposed", "low", ["review.missing"])),
    ([PROPOSED, mark("decide", 2, "middle"), mark("decide", 3, "high", REVIEW)],
     3, ("decided", "high", ["notice.missing"])),
    ([PROPOSED, DECIDED, ANNOUNCED, APPEAL], 9, ("appealed", "middle", ["rating.appeal"])),
    ([PROPOSED, DECIDED, ANNOUNCED, APPEAL], 5, ("appealed", "middle", ["notice.running", "rating.appeal"])),
    ([PROPOSED, DECIDED, ANNOUNCED, APPEAL, APPEAL, ANSWER], 9, ("appealed", "low", ["rating.appeal"])),
    ([PROPOSED, DECIDED, ANNOUNCED, APPEAL, ANSWER], 9, ("announced", "low", [])),
    ([PROPOSED, DECIDED, ANNOUNCED, APPEAL, mark("answer", 5)], 9, ("announced", "middle", [])),
    ([PROPOSED, DECIDED, ANNOUNCED, mark("decide", 5, "high")], 9, ("decided", "high", ["notice.missing"])),  # posted anew
])  # fmt: skip
def test_where_he_stands(known: list[Mark], on: int, told: tuple[str, str, list[str]]) -> None:
    assert where(known, on) == told


@pytest.mark.parametrize(("known", "tags", "membership", "told"), [
    ([], "mobile", "full", ("pending", "", ["rating.pending"])),
    ([PROPOSED], "mobile", "full", ("pending", "", ["rating.pending"])),  # never a grade by default
    ([mark("certify", 1, papers=LETTER)], "mobile", "full", ("owed", "", ["rating.proposal"])),
    ([mark("certify", 1, papers=CERTIFICATE)], "mobile", "full", ("pending", "", ["rating.pending"])),
    ([mark("propose", 1, "low", POLL, papers=LETTER, **BOTH)], "mobile", "full", ("pending", "", ["rating.pending"])),
    ([mark("certify", 1, papers=LETTER)], "mobile student", "full", ("pending", "", ["rating.pending"])),
    ([mark("certify", 1, papers=LETTER), mark("certify", 1, papers=CERTIFICATE)], "mobile student",
     "full", ("owed", "", ["rating.proposal"])),
    ([PROPOSED, DECIDED], "mobile", "full", ("decided", "middle", ["notice.missing"])),  # he became mobile afterwards
    ([mark("apply", 1, own=True)], "rural", "full", ("applied", "", ["rating.application"])),
    ([mark("apply", 1, own=True), mark("excuse", 2)], "rural", "full", ("exempt", "", [])),
    ([mark("apply", 1, own=True), mark("decline", 2)], "rural", "full", ("owed", "", ["rating.proposal"])),
    ([mark("apply", 1, own=True), mark("decline", 2), mark("apply", 3, own=True)], "rural", "full",
     ("applied", "", ["rating.application"])),
    ([PROPOSED, mark("apply", 2, own=True)], "rural", "full", ("applied", "", ["rating.application"])),
    ([mark("apply", 1, own=True), mark("excuse", 1), PROPOSED, DECIDED], "rural", "full",
     ("decided", "middle", ["notice.missing"])),
    (WAY, "", "probationary", ("ungraded", "", [])),
    ([], "mobile", "probationary", ("ungraded", "", [])),
])  # fmt: skip
def test_who_waits_who_is_excused_and_who_takes_part_without_a_grade(
    known: list[Mark], tags: str, membership: str, told: tuple[str, str, list[str]]
) -> None:
    assert where(known, tags=tags, membership=membership) == told


def test_what_is_missing_is_named_and_says_by_which_rule() -> None:
    def at(
        marks: list[Mark], on: int = 9, tags: str = "", membership: str = "full"
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        found = progress(stars(), Rated(frozenset(tags.split()), membership), marks, date(2026, 6, on))
        return found.rules, tuple(key for one in found.findings for key in one.keys)

    assert at([], tags="student mobile") == (
        ("stars.star.pending", "stars.star.pending-too"), ("certificate", "proof|letter"),
    )  # fmt: skip
    assert at([mark("propose", 1, "low", POLL)]) == (("stars.star.items",), ("service", "study"))
    assert at([mark("propose", 1, "low", **BOTH)])[0] == ("stars.star.propose",)
    assert at([PROPOSED, mark("decide", 2, "low")]) == (
        ("stars.star.decide",), ("committee",),
    )  # fmt: skip
    assert at([PROPOSED])[0] == ("stars.star.decide", "stars.star.notice")
    assert at([PROPOSED, DECIDED])[0] == ("stars.star.decide", "stars.star.notice")
    low = [PROPOSED, mark("decide", 2, "low", REVIEW), ANNOUNCED]
    assert at(low)[0] == ("stars.star.decide", "stars.star.follows", "stars.star.notice")
    assert at([mark("apply", 1, own=True)], tags="rural")[0] == ("stars.star.exempt",)
    assert at([], membership="probationary")[0] == ("stars.star.ungraded",)


def test_a_grade_proposes_what_its_rules_say_and_the_notice_says_until_when() -> None:
    low = [PROPOSED, mark("decide", 2, "low", REVIEW), ANNOUNCED]
    found = progress(stars(), Rated(membership="full"), low, date(2026, 6, 4))
    assert (found.grade, found.proposes, found.until) == ("low", ("guidance",), date(2026, 6, 6))
    changed = [*low, APPEAL, mark("answer", 5, "high")]
    assert progress(stars(), Rated(membership="full"), changed, date(2026, 6, 9)).proposes == ()
    unposted = progress(stars(), Rated(membership="full"), low[:2], date(2026, 6, 4))
    assert (unposted.state, unposted.until) == ("decided", None)


@pytest.mark.parametrize(("known", "act", "tags", "codes"), [
    ([], PROPOSED, "", []),
    ([], DECIDED, "", ["rating.proposal", "rating.state"]),
    ([], mark("certify", 1), "", []),
    ([], mark("propose", 1), "", ["rating.no-grade"]),
    ([], mark("propose", 1, "best"), "", ["rating.grade"]),
    ([], mark("apply", 1, "low", own=True), "rural", ["rating.grade"]),
    ([], mark("apply", 1, own=True), "rural", []),
    ([], mark("apply", 1), "rural", ["rating.own-application"]),
    ([], mark("apply", 1, own=True), "student", ["rating.not-exempt"]),
    ([mark("apply", 1, own=True)], mark("excuse", 1), "rural", []),
    ([], mark("excuse", 1), "rural", ["rating.proposal", "rating.state"]),
    ([mark("apply", 1, own=True)], PROPOSED, "rural", ["rating.application", "rating.state"]),
    ([], PROPOSED, "mobile", ["rating.pending", "rating.state"]),
    ([PROPOSED], mark("decide", 2), "", ["rating.no-grade"]),
    ([PROPOSED], mark("propose", 2, "high", POLL, **BOTH), "", []),
    ([PROPOSED, DECIDED], mark("propose", 2, "high", POLL), "", ["rating.state"]),
    ([PROPOSED, DECIDED], mark("decide", 2, "high"), "", []),
    ([PROPOSED, DECIDED], mark("decide", 1, "high"), "", ["rating.order"]),
    ([PROPOSED, DECIDED], CLOSE, "", ["notice.missing"]),
    ([PROPOSED, DECIDED, ANNOUNCED], mark("close", 6), "", ["notice.running"]),
    ([PROPOSED, DECIDED, ANNOUNCED], mark("close", 7), "", []),
    ([PROPOSED, DECIDED, ANNOUNCED, APPEAL], CLOSE, "", ["rating.appeal", "rating.state"]),
    ([PROPOSED, DECIDED, ANNOUNCED, APPEAL], mark("answer", 5, "best"), "", ["rating.grade"]),
    ([PROPOSED, DECIDED, ANNOUNCED, APPEAL], ANSWER, "", []),
    ([PROPOSED, DECIDED, ANNOUNCED], ANSWER, "", ["rating.state"]),
    ([PROPOSED, DECIDED, ANNOUNCED], mark("announce", 4, evidence=POSTED), "", []),
    (WAY, mark("appeal", 9), "", ["rating.state"]),
    ([PROPOSED], mark("decide", 2, "low", POLL), "", ["rating.unasked"]),
    ([PROPOSED], mark("decide", 2, "low", POSTED), "", ["rating.unasked"]),  # a notice is posted, not decided
    ([PROPOSED, DECIDED], mark("announce", 3, evidence=REVIEW), "", ["rating.unasked"]),
    ([], mark("propose", 1, "low", {"poll": {"masses": {"invited": 5, "present": 8, "for": 5}}}), "", ["poll.count"]),
    ([PROPOSED, DECIDED, ANNOUNCED], mark("announce", 5, evidence=objection(2)), "", ["notice.before-posting"]),
    ([PROPOSED, DECIDED, ANNOUNCED], mark("announce", 5, evidence=objection(3)), "", []),
])  # fmt: skip
def test_what_is_not_recorded(known: list[Mark], act: Mark, tags: str, codes: list[str]) -> None:
    subject = Rated(frozenset(tags.split()), "full")
    assert sorted({one.code for one in not_rated(stars(), subject, known, act)}) == codes


def test_what_is_refused_says_the_last_day_and_the_state() -> None:
    (late,) = not_rated(stars(), Rated(membership="full"), [PROPOSED, DECIDED], mark("decide", 1, "low"))
    assert late.values == {"day": date(2026, 6, 1), "last": date(2026, 6, 2)}
    *_, state = not_rated(stars(), Rated(membership="full"), [], DECIDED)
    assert state.values == {"state": STATES["owed"]}


@pytest.mark.parametrize("state", STATES)
def test_the_acts_that_lead_on_are_those_that_are_taken(state: str) -> None:
    """In some round of somebody who stands there; what lacks in an act itself is another matter."""
    reached: dict[str, tuple[list[Mark], str, str]] = {
        "owed": ([], "", "full"), "pending": ([], "mobile", "full"), "applied": ([mark("apply", 1, own=True)], "rural", "full"),
        "exempt": ([mark("apply", 1, own=True), mark("excuse", 1)], "rural", "full"), "ungraded": ([], "", "probationary"),
        "proposed": ([PROPOSED], "", "full"), "decided": (WAY[:2], "", "full"), "announced": (WAY[:3], "", "full"),
        "appealed": ([*WAY[:3], APPEAL], "", "full"), "closed": (WAY, "", "full"),
    }  # fmt: skip
    known, tags, membership = reached[state]
    assert where(known, 9, tags, membership)[0] == state
    acts = (
        "apply",
        "excuse",
        "decline",
        "certify",
        "propose",
        "decide",
        "announce",
        "appeal",
        "answer",
        "close",
    )
    subject = Rated(frozenset(tags.split()), membership)
    graded = {"propose": "low", "decide": "low"}
    taken = [
        act
        for act in acts
        if "rating.state"
        not in {
            one.code
            for one in not_rated(stars(), subject, known, mark(act, 9, graded.get(act, ""), own=True))
        }
    ]
    assert list(onward(state)) == taken


def test_a_ceiling_is_of_those_who_can_have_a_grade() -> None:
    capped = made(
        "capped",
        '- {id: a.b, title: 星级, rating: capped, of: members, scale: [low, middle, high], share: {high: "<=2/3"},'
        " cite: {source: paper, clause: 一}}",
        head="terms: {grade: {low: 低, middle: 中, high: 高}}\n",
    )
    found = compose(FLOOR, [Adoption(capped)]).ratings(date(2026, 6, 1))["capped"]
    assert shares(found, ["high", "high", "low"], 3) == ()
    assert shares(found, ["high"] * 5, 8) == ()
    (over,) = shares(found, ["high"] * 6, 8)
    assert {key: over.values[key] for key in ("group", "base", "share", "room", "given", "measure")} == {
        "group": "high", "base": 8, "share": "2/3", "room": 5, "given": 6, "measure": "人",
    }  # fmt: skip


GRADES = "terms: {grade: {low: 低, high: 高}}\n"
TIMED = "- {{id: a.b, title: 星级, rating: timed, of: members, scale: [low, high]{more}, cite: {{source: paper, clause: 一}}}}"


def rounds(text: str) -> Scheme:
    """A scheme with these rounds; with none where nothing is said."""
    one = made("timed", TIMED.format(more=f", round: {text}" if text else ""), head=GRADES)
    return compose(FLOOR, [Adoption(one)]).ratings(date(2026, 6, 1))["timed"]


@pytest.mark.parametrize(("written", "name", "first", "last"), [
    ("{per: year}", "2026-1", "2026-01-01", "2026-12-31"),
    ("{per: half-year}", "2026-1", "2026-01-01", "2026-06-30"),
    ("{per: half-year}", "2026-2", "2026-07-01", "2026-12-31"),
    ("{per: quarter}", "2026-4", "2026-10-01", "2026-12-31"),
    ("{per: quarter}", "2026-3", "2026-07-01", "2026-09-30"),
    ("{per: month}", "2026-2", "2026-02-01", "2026-02-28"),
    ("{per: month}", "2028-2", "2028-02-01", "2028-02-29"),
    ("{per: month}", "2028-3", "2028-03-01", "2028-03-31"),
    ("{per: month}", "2026-11", "2026-11-01", "2026-11-30"),
    ("{by: [02-28]}", "2028-1", "2027-03-01", "2028-02-28"),  # the very day, in a leap year, too
    ("{by: [08-31, 02-28]}", "2027-2", "2027-09-01", "2028-02-28"),
    ("{by: [08-31, 02-28]}", "2028-1", "2028-02-29", "2028-08-31"),
    ("{by: [07-31, 01-31]}", "2026-2", "2026-08-01", "2027-01-31"),
    ("{by: [12-20]}", "2026-1", "2025-12-21", "2026-12-20"),
])  # fmt: skip
def test_each_round_has_its_first_and_its_last_day(written: str, name: str, first: str, last: str) -> None:
    scheme = rounds(written)
    found = round_named(scheme, name)
    assert found is not None
    days = (date.fromisoformat(first), date.fromisoformat(last))
    assert (found.first, found.last) == days
    assert [round_on(scheme, day) for day in days] == [found, found]


@pytest.mark.parametrize(
    "name",
    ["", "2026", "2026-0", "2026-3", "1899-1", "2199-1", "12-1", "2026-1-1", "x-1", "２０２６-1", "99999-1"],
)
def test_a_round_that_there_is_not(name: str) -> None:
    assert round_named(rounds("{per: half-year}"), name) is None


def test_a_scheme_without_days_has_no_rounds() -> None:
    scheme = rounds("")
    assert (scheme.due, round_on(scheme, date(2026, 6, 1)), round_named(scheme, "2026-1")) == ((), None, None)


@pytest.mark.parametrize(("one", "two", "first"), [
    ("{per: year}", "{per: half-year}", "2026-06-30"),  # the more often
    ("{per: quarter}", "{by: [06-30, 12-31]}", "2026-03-31"),
    ("{by: [07-31, 01-31]}", "{by: [06-20, 12-20]}", "2026-06-20"),  # the sooner
])  # fmt: skip
def test_of_two_rules_on_rounds_the_more_often_and_then_the_sooner_stands(
    one: str, two: str, first: str
) -> None:
    base = made("base", TIMED.format(more=f", round: {one}"), head=GRADES)
    more = made("more", f"- {{id: a.b, rating: timed, round: {two}, cite: {{source: paper, clause: 一}}}}")
    for order in ((base, more), (more, base)):
        scheme = compose(FLOOR, [Adoption(each) for each in order]).ratings(date(2026, 6, 1))["timed"]
        found = round_named(scheme, "2026-1")
        assert found is not None
        assert found.last == date.fromisoformat(first)
