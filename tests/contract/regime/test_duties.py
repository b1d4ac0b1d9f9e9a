"""Duties join like everything else."""

from __future__ import annotations

from datetime import date
from itertools import permutations

from dangwu import Adoption, Period, compose
from dangwu.plugins.plugins import Plugins
from tests.contract.made import made

DAY = date(2026, 6, 1)
QUARTERLY = made(
    "quarterly",
    """
    - id: report.quarterly
      duty:
        {id: work-report, title: 发展党员工作报告, level: committee, every: {months: 3}, evidence: [figures],
         escalates: {department: {days: 10}}}
    """,
    head="terms: {kind: {figures: 数据}}\n",
)
MONTHLY = made(
    "monthly",
    """
    - id: report.monthly
      duty:
        {id: work-report, title: 发展党员工作报告, level: committee, every: {months: 1}, evidence: [minutes],
         escalates: {department: {days: 20}, committee: {days: 5}}}
      until: 2027-01-01
    """,
    head="terms: {kind: {minutes: 会议记录}}\n",
)
RURAL = made(
    "rural",
    """
    - id: report.rural
      duty: {id: work-report, title: 发展党员工作报告, level: committee, every: {days: 20}}
      when: [rural]
    """,
)


def test_duties_of_one_id_join_the_same_in_any_order(plugins: Plugins) -> None:
    for order in permutations((QUARTERLY, MONTHLY, RURAL)):
        regime = compose(plugins.floor, [Adoption(policy) for policy in order])
        (duty,) = regime.duties(DAY).values()
        assert duty.every == Period(months=1)
        assert duty.evidence == {"figures", "minutes"}
        assert duty.escalates == {"department": Period(days=10), "committee": Period(days=5)}
        assert regime.duties(DAY, frozenset({"rural"}))["work-report"].every == Period(months=1, days=20)


def test_a_duty_ends_with_its_rule(plugins: Plugins) -> None:
    regime = compose(plugins.floor, [Adoption(QUARTERLY), Adoption(MONTHLY)])
    assert regime.duties(date(2026, 12, 31))["work-report"].every == Period(months=1)
    assert regime.duties(date(2027, 1, 1))["work-report"].every == Period(months=3)
    assert compose(plugins.floor, [Adoption(QUARTERLY, since=date(2026, 7, 1))]).duties(DAY) == {}
