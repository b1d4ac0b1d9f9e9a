"""A requirement says on which days it will look different: on no other does it. The daily sweep judges a case on those alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given

from dangwu import FACETS, Case, Facet, Moment, Subject, read_record
from dangwu.case.case import Record
from dangwu.facets.reading import decode
from tests.contract.generated import Look, facets, looks
from tests.examples import examples

pytestmark = pytest.mark.laws
ONE_DAY = timedelta(days=1)
AHEAD = 130
"""How many days are looked at: a facet's own times are no longer."""
TURNING = sorted(name for name, kind in FACETS.items() if kind.turns is not Facet.turns)


def day(text: str) -> date:
    """`06-05` of 2026, `2027-06-05`."""
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def seen(facet: Facet, made: Sequence[Record], at: Moment, on: date) -> list[tuple[object, ...]]:
    then = Moment(at.case, on, at.done, at.settled)
    then.opened, then.concluded = at.opened, at.concluded
    return [(one.code, one.kind, one.param, one.keys, one.until) for one in facet.found(made, then)]


def next_turn(facet: Facet, made: Sequence[Record], at: Moment) -> date:
    """The day on which it says that it will look different, at most so many days ahead; until then it must not."""
    turns = {one for one in facet.turns(made, at) if one > at.today}
    before = seen(facet, made, at, at.today)
    for number in range(1, AHEAD):
        on = at.today + number * ONE_DAY
        if on in turns:
            return on
        assert seen(facet, made, at, on) == before, on
    return at.today + AHEAD * ONE_DAY


@pytest.mark.parametrize("name", TURNING)
def test_until_it_turns_it_finds_the_same(name: str) -> None:
    @examples(25)
    @given(facets(name), looks(name))
    def holds(one: Facet, look: Look) -> None:
        next_turn(one, *look(one, one))

    holds()


def test_no_other_looks_at_the_day() -> None:
    """Only those that say so change with time alone."""
    assert set(TURNING) == {"assessment", "eligibility", "listing", "notice", "recording", "timing"}


POSTED: dict[str, Any] = {"places": ["workplace"]}
DONE, LEFT = {"application": "06-01"}, {"departure": "06-02"}


def complaint(received: str, answered: str = "", finding: str = "unfounded") -> dict[str, Any]:
    answer = {"answered": day(answered), "finding": finding} if answered else {}
    return {**POSTED, "objections": [{"received": day(received), **answer}]}


@pytest.mark.parametrize(("name", "asks", "given_", "known", "turns"), [
    ("notice", {"days": 7}, [], {}, []),
    ("notice", {"days": 7}, [POSTED], {}, ["06-09"]),
    ("notice", {"days": 7, "places": ["residence"]}, [POSTED], {}, []),
    ("notice", {"workdays": 5}, [POSTED], {}, ["06-09"]),
    ("notice", {"days": 2}, [complaint("06-20")], {}, ["06-04", "06-20"]),
    ("notice", {"days": 2}, [complaint("06-20", "06-28", "serious")], {}, ["06-04", "06-20", "06-28"]),
    ("notice", {"days": 2, "complaint_days": 5}, [complaint("06-20")], {}, ["06-04", "06-20", "06-26"]),
    ("notice", {"days": 2, "complaint_days": 5}, [complaint("06-20", "06-28")], {}, ["06-04", "06-20", "06-26", "06-28"]),
    ("timing", {"earliest": {"application": {"days": 10}}}, [], {"done": DONE}, ["06-11"]),
    ("timing", {"earliest": {"application": {"days": 10, "workdays": 3}}}, [], {"done": DONE}, ["06-11"]),
    ("timing", {"earliest": {"application": {"days": 10}}}, [], {}, []),
    ("timing", {"due": {"application": {"days": 10}}}, [], {"done": DONE}, ["06-12"]),
    ("timing", {"void": {"application": {"days": 10}}}, [], {"done": DONE}, ["06-12"]),
    ("timing", {"void": {"application": {"days": 20}}, "due": {"application": {"days": 10}}}, [], {"done": DONE},
     ["06-12", "06-22"]),
    ("timing", {"void": {"application": {"days": 10}}}, [], {"done": DONE, "concluded": "06-03"}, []),
    ("timing", {"blackout": {"departure": {"days": 5}}}, [], {"dates": {"departure": "06-20"}}, ["06-15", "06-21"]),
    ("timing", {"elapsed": {"departure": {"days": 5}}}, [], {"dates": LEFT}, ["06-07"]),
    ("timing", {"within": {"departure": {"days": 5}}}, [], {"dates": LEFT}, ["06-08"]),
    ("timing", {"due_since": {"departure": {"days": 5}}}, [], {"dates": LEFT}, ["06-08"]),
    ("timing", {"within": {"departure": {"days": 5}}}, [], {}, []),
    ("assessment", {"count": 2, "every": {"days": 10}}, [{}], {}, ["06-12"]),
    ("assessment", {"count": 2, "every": {"days": 10}}, [], {"opened": "06-03"}, ["06-14"]),
    ("assessment", {"count": 2, "every": {"days": 10}, "from": ["application"]}, [], {"done": {"application": "06-05"}},
     ["06-16"]),
    ("assessment", {"count": 2}, [{}], {}, []),
    ("listing", {"plans": ["plan"]}, [], {}, ["2027-01-01"]),
    ("listing", {}, [], {}, []),
    ("eligibility", {"min_age": 18}, [], {"born": "2008-06-21"}, ["06-21"]),
    ("eligibility", {"min_age": 18}, [], {"born": "2008-05-31"}, []),
])  # fmt: skip
def test_on_these_days(
    name: str, asks: dict[str, Any], given_: list[Any], known: dict[str, Any], turns: list[str]
) -> None:
    """From 1 June on, which is the day of the first record; on each of them something is found otherwise than the day before."""
    facet = decode(name, asks)
    made = [read_record("step", day("06-01"), {name: one}) for one in given_]
    done = {step: day(on) for step, on in known.get("done", {}).items()}
    dates = {fact: day(on) for fact, on in known.get("dates", {}).items()}
    born = day(known["born"]) if "born" in known else None
    at = Moment(Case(Subject(born, dates=dates)), day("06-01"), done, done)
    at.opened, at.concluded = (day(known[one]) if one in known else None for one in ("opened", "concluded"))
    wanted = [day(one) for one in turns]
    assert sorted({one for one in facet.turns(made, at) if one > at.today}) == wanted
    for one in wanted if name != "listing" else ():  # the plan of the new year may have him, too
        assert seen(facet, made, at, one) != seen(facet, made, at, one - ONE_DAY), one
    for start in (at.today, *wanted):
        then = Moment(at.case, start, done, done)
        then.opened, then.concluded = at.opened, at.concluded
        next_turn(facet, made, then)


@pytest.mark.parametrize(("entered", "today", "turns"), [
    ("06-01", "06-01", []), ("06-20", "06-01", ["06-05", "06-20"]), ("06-20", "06-10", ["06-20"]), ("06-20", "06-20", []),
])  # fmt: skip
def test_a_record_that_is_still_to_be_written_down(entered: str, today: str, turns: list[str]) -> None:
    facet = decode("recording", {"within_days": 3})
    made = [read_record("step", day("06-01"), entered=day(entered))]
    at = Moment(Case(), day(today), {}, {})
    found = sorted({one for one in facet.turns(made, at) if one > at.today})
    assert found == [day(one) for one in turns]
    assert next_turn(facet, made, at) in (*found, at.today + AHEAD * ONE_DAY)
