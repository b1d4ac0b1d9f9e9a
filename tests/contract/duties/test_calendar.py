"""One demand over time, day by day: when a window opens and closes, what counts for it, what can still be made up for."""

from __future__ import annotations

from datetime import date

import pytest

from dangwu import Act, Adoption, Ower, compose, occurrences
from tests.contract.made import made
from tests.floor import FLOOR

FOUNDED = date(2020, 1, 1)


def day(text: str) -> date:
    """`03-05` of 2026, `2027-03-05`."""
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def told(
    demand: str,
    *acts: str,
    on: str,
    seen: tuple[str, str] = ("01-01", "12-31"),
    first: date = FOUNDED,
    events: tuple[tuple[str, date], ...] = (),
    times: tuple[str | None, str | None] = (None, None),
) -> list[str]:
    """What touches the days `seen`, as of `on`: `opens/due state`, the day on which it was done; acts as `day` or `day=hours`."""
    rule = f"- id: x.y\n  duty: mass-service\n  owes: {{level: branch}}\n  demand: {demand}\n"
    since, until = (day(one) if one else None for one in times)
    regime = compose(FLOOR, [Adoption(made("one", rule), since, until)])
    made_ = [
        Act(
            id=one,
            day=day(one.partition("=")[0]),
            kinds=frozenset({"mass-service"}),
            hours=float(one.partition("=")[2] or 0),
        )
        for one in acts
    ]
    ower = Ower("branch", first, events=events)
    found = occurrences(regime, ower, made_, day(seen[0]), day(seen[1]), day(on))
    return [
        f"{one.opens:%y-%m-%d}/{one.due:%y-%m-%d} {one.state}{f' {one.on:%y-%m-%d}' if one.on else ''}"
        for one in found
        if one.family == "mass-service"
    ]


@pytest.mark.parametrize(
    ("on", "state"),
    [("12-31", "early"), ("2027-01-01", "owed"), ("2027-03-31", "owed"), ("2027-04-01", "missed")],
)
def test_a_quarter_is_open_on_its_first_and_on_its_last_day(on: str, state: str) -> None:
    assert told("{times: 1, per: quarter}", on=on, seen=("2027-02-01", "2027-02-01")) == [
        f"27-01-01/27-03-31 {state}"
    ]


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        (("01-01", "03-31"), "discharged 26-03-31"),
        (("2025-12-31", "03-31"), "missed"),
        (("01-01", "04-01"), "missed"),
        (("01-01", "01-01", "02-01"), "discharged 26-01-01"),
    ],
)
def test_what_lies_within_the_window_counts_for_it(acts: tuple[str, ...], state: str) -> None:
    """A window of the calendar is never made up for."""
    assert told("{times: 2, per: quarter}", *acts, on="05-01", seen=("01-01", "03-31")) == [
        f"26-01-01/26-03-31 {state}"
    ]


def test_hours_add_up_and_what_is_to_come_is_not_seen() -> None:
    hours = ("02-01=3", "03-01=4.5", "09-01=0.5", "10-01=9")
    year = "26-01-01/26-12-31"
    assert told("{hours: 8, per: year}", *hours, on="08-31") == [f"{year} owed"]
    assert told("{hours: 8, per: year}", *hours, on="09-01") == [f"{year} discharged 26-09-01"]
    assert told("{hours: 17, per: year}", *hours, on="12-31") == [f"{year} discharged 26-10-01"]
    assert told("{hours: 18, per: year}", *hours, on="2027-01-01") == [f"{year} missed"]


BY = "{by: [01-31, 07-31]}"


def test_a_day_of_the_year_is_due_from_the_day_after_the_one_before() -> None:
    assert told(BY, "02-01", "07-31", on="12-31", seen=("02-01", "07-31"), first=date(2026, 2, 1)) == [
        "26-02-01/26-07-31 discharged 26-02-01"
    ]
    assert told(BY, on="02-01", seen=("01-31", "02-01"), first=date(2025, 8, 1)) == [
        "25-08-01/26-01-31 missed",
        "26-02-01/26-07-31 owed",
    ]


@pytest.mark.parametrize(("acts", "states"), [
    ((), ["missed", "missed", "early"]),
    (("01-15",), ["late 26-01-15", "missed", "early"]),  # nothing else was due then
    (("01-15", "05-01"), ["late 26-01-15", "discharged 26-05-01", "early"]),
    (("05-01",), ["missed", "discharged 26-05-01", "early"]),  # its own time first
    (("05-01", "05-02"), ["late 26-05-02", "discharged 26-05-01", "early"]),  # one too many for what was missed
    (("07-31", "08-01"), ["late 26-08-01", "discharged 26-07-31", "early"]),
])  # fmt: skip
def test_an_act_counts_in_its_own_time_first_and_one_too_many_for_the_oldest(
    acts: tuple[str, ...], states: list[str]
) -> None:
    opens = "{by: [12-31, 07-31], opens: {months: 3}}"  # from 30 April, from 30 September
    found = told(opens, *acts, on="08-31", seen=("2025-12-31", "12-31"), first=date(2025, 6, 1))
    windows = ["25-09-30/25-12-31", "26-04-30/26-07-31", "26-09-30/26-12-31"]
    assert found == [f"{window} {state}" for window, state in zip(windows, states, strict=True)]


def test_what_was_missed_is_shown_until_it_was_made_up_for() -> None:
    """And no longer: what can still be made up for is overdue on every later day, for more than a year."""
    missed = "25-08-01/26-01-31 missed"
    since = date(2025, 8, 1)
    assert told(BY, on="06-15", seen=("06-01", "06-30"), first=since)[0] == missed
    assert missed not in told(
        BY, on="06-15", seen=("06-16", "06-30"), first=since
    )  # nobody knows further than today
    assert told(BY, on="2027-02-20", seen=("2027-02-20", "2027-02-28"), first=since)[1:3] == [
        "26-02-01/26-07-31 missed",
        "26-08-01/27-01-31 missed",
    ]
    later = ("05-20", "05-21", "05-22")
    made_up = ["25-08-01/26-01-31 late 26-05-21", "26-02-01/26-07-31 discharged 26-05-20"]
    assert told(BY, *later, on="06-15", seen=("05-21", "05-22"), first=since) == made_up
    assert told(BY, *later, on="06-15", seen=("05-22", "05-22"), first=since) == made_up[1:]


def test_what_is_owed_so_long_after_the_last_counts_from_each_act() -> None:
    """The first from the day on which the unit is there; the last day is still in time; the next waits for what was missed."""
    monthly = "{every: {months: 1}}"
    assert told(monthly, "01-31", "02-10", on="03-15", first=date(2026, 1, 1)) == [
        "26-01-01/26-01-31 discharged 26-01-31",
        "26-02-01/26-02-28 discharged 26-02-10",
        "26-02-11/26-03-10 missed",
    ]
    assert told(monthly, "02-01", on="02-20", first=date(2026, 1, 1)) == [
        "26-01-01/26-01-31 late 26-02-01",
        "26-02-02/26-03-01 owed",
    ]
    assert told("{every: {days: 10, workdays: 3}}", on="06-01", first=date(2026, 6, 1)) == [
        "26-06-01/26-06-03 owed"
    ]


def test_a_chain_begins_anew_with_its_rule_and_ends_with_it() -> None:
    """What was done before the rule, or after it, is not of it; what would be due when it has ended is not owed."""
    monthly = "{every: {months: 1}}"
    held = ("03-02", "05-15")
    assert told(monthly, "03-01", "03-20", on="12-31", times=held) == [
        "26-03-02/26-04-01 discharged 26-03-20",
        "26-03-21/26-04-20 missed",
    ]
    assert told(monthly, "03-20", "04-15", on="12-31", times=held) == [
        "26-03-02/26-04-01 discharged 26-03-20",
        "26-03-21/26-04-20 discharged 26-04-15",
    ]
    assert told(monthly, "03-20", "04-14", "05-15", on="12-31", times=held)[2:] == [
        "26-04-15/26-05-14 missed"
    ]


@pytest.mark.parametrize(
    ("times", "owed"),
    [
        (("01-01", "04-01"), True),
        (("01-02", "04-01"), False),
        (("01-01", "03-31"), False),
        ((None, None), True),
    ],
)
def test_a_rule_that_does_not_hold_through_a_window_does_not_ask_for_it(
    times: tuple[str | None, str | None], owed: bool
) -> None:
    found = told("{times: 1, per: quarter}", on="04-10", seen=("03-31", "03-31"), times=times)
    assert found == (["26-01-01/26-03-31 missed"] if owed else [])


@pytest.mark.parametrize(("first", "owed"), [(date(2026, 1, 1), True), (date(2026, 1, 2), False)])
def test_nor_does_a_unit_owe_a_window_in_which_it_came_to_be(first: date, owed: bool) -> None:
    for demand in ("{times: 1, per: quarter}", "{by: [03-31, 12-31]}"):
        found = told(demand, on="04-10", seen=("03-01", "03-31"), first=first)
        assert found == (["26-01-01/26-03-31 missed"] if owed else []), demand


def test_what_is_owed_after_an_event_counts_from_its_day() -> None:
    after = "{after: founding, within: {days: 30}}"
    events = (("founding", date(2026, 3, 1)), ("renamed", date(2026, 4, 1)), ("founding", date(2019, 12, 31)))
    assert told(after, on="03-31", events=events) == ["26-03-01/26-03-31 owed"]
    assert told(after, on="04-01", events=events) == ["26-03-01/26-03-31 missed"]
    assert told(after, "03-01", on="04-01", events=events) == ["26-03-01/26-03-31 discharged 26-03-01"]
    assert told(after, "02-28", "05-01", on="06-01", events=events) == ["26-03-01/26-03-31 late 26-05-01"]
    assert told(after, on="06-01", events=events, times=("03-02", None)) == []
    assert told(after, on="06-01", events=events, times=(None, "04-01")) == ["26-03-01/26-03-31 missed"]


def test_what_is_due_first_comes_first() -> None:
    found = told("{times: 1, per: week}", on="01-20", seen=("01-05", "01-25"))
    assert found == ["26-01-05/26-01-11 missed", "26-01-12/26-01-18 missed", "26-01-19/26-01-25 owed"]
