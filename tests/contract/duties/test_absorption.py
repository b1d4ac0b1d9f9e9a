"""What absorbs what, and when: implication, full windows, demands that follow each other."""

from __future__ import annotations

from datetime import date

import pytest

from dangwu import Adoption, Ower, Period, Policy, compose, occurrences
from dangwu.duties.windows import Window, implies, sure
from dangwu.plugins.plugins import Plugins
from dangwu.policy.duty import Demand
from tests.contract.made import made

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
OWER = Ower("branch", date(2020, 1, 1))


def times(number: int, per: str) -> Demand:
    return Demand(times=number, per=per)  # type: ignore[arg-type]


def every(**period: int) -> Demand:
    return Demand(every=Period(**period))


@pytest.mark.parametrize(
    ("one", "two", "holds"),
    [
        (times(1, "month"), times(3, "quarter"), True),
        (times(1, "month"), times(4, "quarter"), False),
        (times(12, "year"), times(1, "month"), False),
        (times(1, "week"), times(3, "month"), True),
        (times(1, "week"), times(4, "month"), False),  # of a month's weeks only the full ones count
        (times(1, "week"), times(51, "year"), True),
        (every(months=2), times(6, "year"), True),
        (every(months=2), times(1, "quarter"), True),
        (every(months=2), times(2, "quarter"), False),
        (times(1, "month"), every(months=2), True),
        (times(1, "month"), every(months=1), False),  # the 1st of one and the last of the next
        (every(months=1), every(months=3), True),
        (every(months=3), every(months=1), False),
        (every(days=30), every(months=1), False),  # February
        (Demand(by=("01-31", "07-31")), times(1, "year"), True),
        (Demand(by=("01-31", "07-31")), times(2, "year"), False),  # the one of January may be done the year before
        (Demand(by=("06-30", "12-31")), times(1, "half-year"), True),
        (Demand(by=("02-28", "03-05"), opens=Period(months=1)), times(2, "year"), False),  # one act does for both
        (times(1, "half-year"), Demand(by=("06-30",)), True),
        (Demand(hours=8, per="quarter"), Demand(hours=32, per="year"), True),
        (Demand(hours=32, per="year"), times(1, "year"), False),
        (Demand(after="founding", within=Period(days=10)), Demand(after="founding", within=Period(months=1)), True),
        (Demand(after="founding", within=Period(days=29)), Demand(after="founding", within=Period(months=1)), False),
    ],
)  # fmt: skip
def test_who_meets_one_meets_the_other(one: Demand, two: Demand, holds: bool) -> None:
    assert implies(one, two) is holds


def test_only_what_lies_wholly_within_is_sure() -> None:
    february = Window(date(2027, 2, 1), date(2027, 2, 28))  # from a Monday to a Sunday
    assert [sure(times(1, per), february) for per in ("week", "month", "quarter")] == [4, 1, 0]
    assert sure(every(days=14), february) == 2


def claim(plugin: str, demand: str, more: str = "") -> Policy:
    return made(
        plugin, f"- id: x.y\n  duty: mass-service\n  owes: {{level: branch}}\n  demand: {demand}\n{more}"
    )


def owed(plugins: Plugins, *adoptions: Adoption) -> list[tuple[str, date, date]]:
    """(plugin, opens, due) of what is owed in the year."""
    found = occurrences(compose(plugins.floor, adoptions), OWER, (), *YEAR, YEAR[0])
    return [
        (one.rules[0].partition(".")[0], one.opens, one.due)
        for one in found
        if one.family == "mass-service" and one.due >= YEAR[0]
    ]


QUARTER = claim("quarter", "{times: 1, per: quarter}")
MONTH = claim("month", "{times: 1, per: month}")


def test_a_weaker_demand_stands_where_the_stricter_one_does_not_hold_all_the_time(plugins: Plugins) -> None:
    found = owed(plugins, Adoption(QUARTER), Adoption(MONTH, since=date(2026, 2, 1), until=date(2026, 9, 15)))
    assert [due for plugin, _, due in found if plugin == "quarter"] == [
        date(2026, 3, 31), date(2026, 9, 30), date(2026, 12, 31),
    ]  # fmt: skip
    assert [due.month for plugin, _, due in found if plugin == "month"] == [2, 3, 4, 5, 6, 7, 8]


def test_a_demand_that_gets_stricter_in_mid_year_frees_nobody_of_the_year(plugins: Plugins) -> None:
    once, twice = claim("once", "{times: 1, per: year}"), claim("twice", "{times: 2, per: year}")
    turned = (Adoption(once, until=date(2026, 7, 1)), Adoption(twice, since=date(2026, 7, 1)))
    assert owed(plugins, *turned) == [("once", *YEAR)]
    laxer = (Adoption(twice, until=date(2026, 7, 1)), Adoption(once, since=date(2026, 7, 1)))
    assert owed(plugins, *laxer) == [("once", *YEAR)]


@pytest.mark.parametrize(
    "more",
    ["  evidence: {attendance: '>=2/3'}\n", "  evidence: {documents: [talk-record]}\n", "  escalate: {committee: {days: 5}}\n"],
)  # fmt: skip
def test_what_asks_for_more_evidence_is_not_absorbed(plugins: Plugins, more: str) -> None:
    asking = claim("asking", "{times: 1, per: year}", more)
    assert ("asking", *YEAR) in owed(plugins, Adoption(asking), Adoption(MONTH))
    stricter = claim("stricter", "{times: 1, per: month}", more)
    assert {plugin for plugin, _, _ in owed(plugins, Adoption(asking), Adoption(stricter))} == {"stricter"}


def test_of_two_ways_to_say_the_same_one_stands(plugins: Plugins) -> None:
    june = claim("june", "{by: [06-30, 12-31]}")
    halves = claim("halves", "{times: 1, per: half-year}")
    assert len(owed(plugins, Adoption(june), Adoption(halves))) == 2
