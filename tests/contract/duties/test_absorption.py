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


def claim(plugin: str, demand: str, more: str = "", head: str = "") -> Policy:
    rule = f"- id: x.y\n  duty: mass-service\n  owes: {{level: branch}}\n  demand: {demand}\n{more}"
    return made(plugin, rule, head=head)


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


def asked(
    plugins: Plugins, *policies: Policy, events: tuple[tuple[str, date], ...] = ()
) -> list[tuple[str, str]]:
    """(plugin, due day) of what is owed of the year while nothing was done, seen at its end."""
    ower = Ower("branch", YEAR[0], events=events)
    regime = compose(plugins.floor, [Adoption(one) for one in policies])
    return [
        (one.rules[0].partition(".")[0], f"{one.due:%m-%d}")
        for one in occurrences(regime, ower, (), *YEAR, YEAR[1])
        if one.family == "mass-service"
    ]


TWO_MONTHS = claim("chain", "{every: {months: 2}}")
AFTERWARDS = claim("afterwards", "{after: founding, within: {months: 1}}")
SOON = claim("soon", "{after: founding, within: {days: 10}}")
FOUNDING = (("founding", date(2026, 4, 1)),)


def test_hours_are_no_times(plugins: Plugins) -> None:
    """Whoever studies for so many hours has not met so often, and the other way round."""
    hours, often = claim("hours", "{hours: 40, per: year}"), claim("often", "{times: 1, per: year}")
    assert asked(plugins, hours, often) == [("hours", "12-31"), ("often", "12-31")]
    fewer = claim("fewer", "{hours: 10, per: quarter}")
    assert {plugin for plugin, _ in asked(plugins, hours, fewer)} == {"fewer"}
    assert {plugin for plugin, _ in asked(plugins, claim("more", "{hours: 41, per: year}"), fewer)} == {
        "more",
        "fewer",
    }


def test_a_chain_is_absorbed_by_what_comes_round_often_enough(plugins: Plugins) -> None:
    assert asked(plugins, TWO_MONTHS) == [("chain", "02-28")]  # the next waits for what was missed
    assert {plugin for plugin, _ in asked(plugins, TWO_MONTHS, MONTH)} == {"month"}
    assert ("chain", "02-28") in asked(plugins, TWO_MONTHS, QUARTER)
    assert {plugin for plugin, _ in asked(plugins, TWO_MONTHS, claim("sooner", "{every: {months: 1}}"))} == {
        "sooner"
    }


def test_of_two_times_after_an_event_the_shorter_stands(plugins: Plugins) -> None:
    assert asked(plugins, AFTERWARDS, events=FOUNDING) == [("afterwards", "05-01")]
    assert asked(plugins, AFTERWARDS, SOON, events=FOUNDING) == [("soon", "04-11")]
    # what comes round anyhow is not done because of the event
    assert ("afterwards", "05-01") in asked(plugins, AFTERWARDS, MONTH, events=FOUNDING)


def test_days_of_the_year_are_not_the_halves_unless_they_end_them(plugins: Plugins) -> None:
    halves, more = claim("halves", "{times: 1, per: half-year}"), claim("more", "{times: 2, per: half-year}")
    june, may = claim("june", "{by: [06-30, 12-31]}"), claim("may", "{by: [05-31, 11-30]}")
    assert len(asked(plugins, june, halves)) == 2
    assert {plugin for plugin, _ in asked(plugins, june, more)} == {"more"}
    assert {plugin for plugin, _ in asked(plugins, may, halves)} == {"may", "halves"}


@pytest.mark.parametrize(
    ("stricter_", "laxer", "stands"),
    [
        ("{themes: [law]}", "{}", {"stricter"}),
        ("{}", "{themes: [law]}", {"stricter", "laxer"}),
        ("{by: [branch-secretary]}", "{by: [branch-secretary, committee-secretary]}", {"stricter"}),
        ("{by: [branch-secretary, committee-secretary]}", "{by: [branch-secretary]}", {"stricter", "laxer"}),
        ("{by: [branch-secretary]}", "{}", {"stricter"}),
        ("{}", "{by: [branch-secretary]}", {"stricter", "laxer"}),
        ("{attendance: '>1/2'}", "{attendance: '>=1/2'}", {"stricter"}),
        ("{attendance: '>=1/2'}", "{attendance: '>1/2'}", {"stricter", "laxer"}),
        ("{attendance: '>=1/2'}", "{}", {"stricter"}),
        ("{activity: [mass-service]}", "{activity: [mass-service, party-day]}", {"stricter"}),
        ("{activity: [mass-service, party-day]}", "{}", {"stricter", "laxer"}),
    ],
)
def test_what_counts_for_the_stricter_counts_for_the_other(
    plugins: Plugins, stricter_: str, laxer: str, stands: set[str]
) -> None:
    """Only then is the other absorbed: monthly beside once a year, each shown in its own way."""
    two = (("stricter", "{times: 1, per: month}", stricter_), ("laxer", "{times: 1, per: year}", laxer))
    policies = (
        claim(
            plugin,
            demand,
            f"  evidence: {shown}\n",
            "terms: {theme: {law: 法规}}\n" if "law" in shown else "",
        )
        for plugin, demand, shown in two
    )
    assert {plugin for plugin, _ in asked(plugins, *policies)} == stands


@pytest.mark.parametrize(
    ("sooner", "later", "stands"),
    [
        ("{committee: {days: 5}}", "{committee: {days: 5}}", {"stricter"}),
        ("{committee: {days: 6}}", "{committee: {days: 5}}", {"stricter", "laxer"}),
        ("{department: {days: 5}}", "{committee: {days: 5}}", {"stricter", "laxer"}),
        ("{committee: {days: 0}, department: {days: 0}}", "{committee: {days: 5}}", {"stricter"}),
        ("{committee: {days: 28}}", "{committee: {months: 1}}", {"stricter"}),
        (
            "{committee: {days: 30}}",
            "{committee: {months: 1}}",
            {"stricter", "laxer"},
        ),  # from the end of January it is later
    ],
)
def test_whoever_hears_of_the_one_hears_of_the_other_as_soon(
    plugins: Plugins, sooner: str, later: str, stands: set[str]
) -> None:
    monthly = claim("stricter", "{times: 1, per: month}", f"  escalate: {sooner}\n")
    yearly = claim("laxer", "{times: 1, per: year}", f"  escalate: {later}\n")
    assert {plugin for plugin, _ in asked(plugins, monthly, yearly)} == stands
