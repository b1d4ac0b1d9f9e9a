"""Claims on one who owes stand side by side, in an order that does not depend on that of the plugins."""

from __future__ import annotations

from datetime import date
from itertools import permutations

from dangwu import Adoption, Policy, Regime, compose
from dangwu.plugins.plugins import Plugins
from tests.contract.made import made

DAY = date(2026, 6, 1)
REPORT = """
- id: report.often
  duty: work-report
  owes: {{level: committee}}
  demand: {{every: {{months: {months}}}}}
  escalate: {{department: {{days: {days}}}}}
  until: {until}
"""
QUARTERLY = made("quarterly", REPORT.format(months=3, days=10, until="2030-01-01"))
MONTHLY = made("monthly", REPORT.format(months=1, days=20, until="2027-01-01"))
SAME = made("same", REPORT.format(months=1, days=20, until="2028-01-01"))
BLANK = made(
    "blank",
    """
    - id: report.filled
      duty: work-report
      owes: {level: committee}
      demand: {every: {months: {blank: months}}}
    """,
    head="blanks: {months: {type: number, title: 几个月报告一次}}\n",
)


SHOWN = made(
    "shown",
    """
    - id: report.written
      duty: work-report
      owes: {level: committee}
      evidence: {documents: [talk-record]}
      since: 2026-06-01
    """,
)


def reports(regime: Regime) -> list[tuple[int, tuple[str, ...], tuple[tuple[date, date], ...]]]:
    """(months, rules, spans) of the claims on a committee's report."""
    (found,) = (one for one in regime.duties if (one.family, one.owes.level) == ("work-report", "committee"))
    return [(one.demand.every.months, one.rules, one.spans) for one in found.claims if one.demand.every]


def adopted(plugins: Plugins, *policies: Policy) -> Regime:
    return compose(plugins.floor, [Adoption(policy) for policy in policies])


def test_claims_are_the_same_in_any_order_and_the_same_demand_is_one(plugins: Plugins) -> None:
    wanted = [
        (1, ("monthly.report.often", "same.report.often"), ((date.min, date(2028, 1, 1)),)),
        (3, ("quarterly.report.often",), ((date.min, date(2030, 1, 1)),)),
    ]
    for order in permutations((QUARTERLY, MONTHLY, SAME)):
        assert sorted(reports(adopted(plugins, *order))) == wanted


def test_choices_that_change_do_not_break_a_claim(plugins: Plugins) -> None:
    twice = [Adoption(MONTHLY, until=DAY), Adoption(MONTHLY, since=DAY, without=frozenset({"x"}))]
    ((_, _, spans),) = reports(compose(plugins.floor, twice))
    assert spans == ((date.min, date(2027, 1, 1)),)


def test_what_the_source_leaves_open_is_owed_once_it_is_filled_in(plugins: Plugins) -> None:
    assert not any(
        one.owes.level == "committee" and one.family == "work-report"
        for one in adopted(plugins, BLANK).duties
    )
    filled = compose(plugins.floor, [Adoption(BLANK, fill={"months": 6})])
    assert reports(filled) == [(6, ("blank.report.filled",), ((date.min, date.max),))]


def test_how_it_is_shown_is_asked_of_every_demand_while_the_rule_holds(plugins: Plugins) -> None:
    for order in permutations((QUARTERLY, MONTHLY, SHOWN)):
        (found,) = (
            one for one in adopted(plugins, *order).duties if one.owes.level == "committee" and one.showing
        )
        claims = {(one.rules, *sorted(one.evidence.papers)): one.spans for one in found.of(frozenset())}
        assert claims == {
            (("quarterly.report.often",),): ((date.min, date(2030, 1, 1)),),
            (("monthly.report.often",),): ((date.min, date(2027, 1, 1)),),
            (("quarterly.report.often", "shown.report.written"), "talk-record"): ((DAY, date(2030, 1, 1)),),
            (("monthly.report.often", "shown.report.written"), "talk-record"): ((DAY, date(2027, 1, 1)),),
        }
