"""The order of plugins makes no difference; what is missed under some plugins is missed under more of them, too."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dangwu import Act, Adoption, Ower, compose, occurrences
from dangwu.duties.occurrences import Occurrence
from dangwu.duties.overdue import BACK, closed, overdue
from dangwu.regime.regime import Regime
from dangwu.values.days import add_months
from tests.contract.made import made
from tests.examples import examples
from tests.floor import FLOOR

pytestmark = pytest.mark.laws
FIRST, LAST = date(2025, 9, 1), date(2027, 6, 30)
TODAY = date(2027, 7, 1)
DAYS = st.dates(date(2025, 6, 1), LAST)
DEMANDS = st.one_of(
    st.builds(
        "{{times: {}, per: {}}}".format,
        st.integers(1, 4), st.sampled_from(["week", "month", "quarter", "half-year", "year"]),
    ),
    st.builds("{{every: {{{}: {}}}}}".format, st.sampled_from(["months", "days"]), st.integers(1, 40)),
    st.sampled_from(["{by: [01-31, 07-31]}", "{by: [12-31]}", "{by: [06-30, 12-31], opens: {months: 1}}"]),
    st.builds("{{hours: {}, per: {}}}".format, st.integers(1, 9), st.sampled_from(["month", "quarter", "year"])),
    st.builds("{{after: founding, within: {{{}: {}}}}}".format, st.sampled_from(["months", "days"]), st.integers(1, 40)),
)  # fmt: skip
EVIDENCE = st.sampled_from(
    [
        "{}",
        "{attendance: '>=1/2'}",
        "{attendance: '>=2/3'}",
        "{documents: [talk-record]}",
        "{by: [branch-secretary]}",
        "{by: [committee-secretary]}",
        "{by: [branch-secretary, committee-secretary]}",
    ]
)


@st.composite
def adoptions(draw: st.DrawFn, name: str) -> Adoption:
    """A plugin with one demand, or a rule on how any is shown, for a time."""
    shows = draw(st.sampled_from([False, False, True]))
    evidence = draw(EVIDENCE.filter(lambda one: one != "{}") if shows else EVIDENCE)
    demand = "" if shows else f"  demand: {draw(DEMANDS)}\n"
    rule = f"- id: x.y\n  duty: mass-service\n  owes: {{level: branch}}\n{demand}  evidence: {evidence}\n"
    since, until = draw(st.none() | DAYS), draw(st.none() | DAYS)
    if since and until and since >= until:
        until = None
    return Adoption(made(name, rule), since, until)


SETS = st.tuples(*(adoptions(name) for name in ("one", "two", "three", "four")))
ACTS = st.lists(
    st.builds(
        lambda day, present, kept, led, hours: Act(
            id="", day=day, kinds=frozenset({"mass-service"}), eligible=12, present=present,
            papers=frozenset({"talk-record"} if kept else ()), by=frozenset({led}), hours=hours,
        ),
        DAYS, st.sampled_from([5, 7, 9]), st.booleans(), st.sampled_from(["branch-secretary", "committee-secretary", "other"]),
        st.sampled_from([0, 1.5, 4]),
    ),
    max_size=25,
)  # fmt: skip


FOUNDED = (("founding", date(2025, 9, 20)), ("founding", date(2026, 2, 3)))
OWER = Ower("branch", date(2025, 9, 10), events=FOUNDED)


def named(acts: list[Act]) -> list[Act]:
    return [replace(one, id=str(number)) for number, one in enumerate(acts)]


def seen(regime: Regime, acts: list[Act]) -> list[Occurrence]:
    found = occurrences(regime, OWER, named(acts), FIRST, LAST, TODAY)
    return [one for one in found if one.family == "mass-service"]


@examples(20)
@given(SETS, st.permutations(range(4)), ACTS)
def test_the_order_of_plugins_makes_no_difference(
    listed: tuple[Adoption, ...], order: list[int], acts: list[Act]
) -> None:
    one = seen(compose(FLOOR, listed), acts)
    assert one == seen(compose(FLOOR, [listed[number] for number in order]), acts)


@examples(30)
@given(SETS, st.integers(1, 3), ACTS)
def test_another_plugin_frees_nobody_of_a_duty(
    listed: tuple[Adoption, ...], fewer: int, acts: list[Act]
) -> None:
    """For each that is not done in time there is, under more plugins, one that is not either: within its time, or (of
    a chain) due by then and not made up for before."""
    more = seen(compose(FLOOR, listed), acts)
    for one in seen(compose(FLOOR, listed[:fewer]), acts):
        if one.state in ("missed", "late"):
            assert any(behind(two, one) for two in more), told(one, *more)


def told(*listed: Occurrence) -> list[str]:
    """What a failure shows."""
    return [
        f"{one.claim.key} {one.claim.spans}: {one.opens} {one.due} {one.state} {one.on}" for one in listed
    ]


def behind(two: Occurrence, one: Occurrence) -> bool:
    """Whether `two` shows at least what `one` does."""
    if two.state not in ("missed", "late") or two.due > one.due:
        return False
    chained = two.claim.demand.every is not None and (two.on is None or two.on >= one.opens)
    return chained or two.opens >= one.opens


@examples(20)
@given(SETS, ACTS, DAYS)
def test_another_activity_never_makes_a_window_worse(
    listed: tuple[Adoption, ...], acts: list[Act], day: date
) -> None:
    """Of windows of fixed days: a chain counts from the last, so that it goes on elsewhere."""
    regime = compose(FLOOR, listed)
    better = Act(
        id="", day=day, kinds=frozenset({"mass-service"}), eligible=12, present=12, papers=frozenset({"talk-record"}), hours=2,
    )  # fmt: skip
    before, after = (
        {(one.claim.key, one.due): min(one.amount, one.need) for one in seen(regime, made) if one.claim.demand.per}
        for made in (acts, [*acts, better])
    )  # fmt: skip
    assert before.keys() == after.keys()
    assert all(after[key] >= amount for key, amount in before.items())


@examples(30)
@given(SETS, ACTS, st.dates(date(2025, 10, 1), date(2027, 7, 1)))
def test_who_is_behind_is_who_missed_the_last_that_closed(
    listed: tuple[Adoption, ...], acts: list[Act], today: date
) -> None:
    """The list of those who are behind, which looks at many units at once, says what the calendar of each of them says."""
    regime, done = compose(FLOOR, listed), sorted(named(acts), key=lambda one: one.day)
    past: dict[str, Occurrence] = {}
    for one in occurrences(regime, OWER, done, add_months(today, -BACK), today, today):
        if one.due < today:
            past[one.claim.key] = one
    missed = [one for one in past.values() if one.state == "missed"]
    known = closed(regime, "branch", OWER.tags, today)
    done = [one for one in done if one.day <= today]
    assert overdue(known, OWER, done, today) == sorted(
        missed, key=lambda one: (one.due, one.family, one.claim.key)
    )
