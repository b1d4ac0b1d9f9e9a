"""Adopting a policy: from a day, to a day, without some of its rules, with others that are off by default."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dangwu import Adoption, Case, ConflictError, Regime, compose, explain, judged
from dangwu.plugins.plugins import Plugins
from tests.contract.made import made

DAY = date(2026, 6, 1)
TWO = made(
    "county",
    """
    - id: notice.ten
      tighten: admission/prospect-notice
      notice: {days: 10}
    - id: notice.website
      tighten: admission/prospect-notice
      off: true
      notice: {channels: [website]}
    """,
)


def notice(regime: Regime, day: date = DAY) -> Any:
    return regime.on(day).steps["prospect-notice"].facets["notice"]


def test_rules_are_on_unless_they_are_off_by_default(plugins: Plugins) -> None:
    regime = compose(plugins.floor, [Adoption(TWO)])
    assert (notice(regime).days, notice(regime).channels) == (10, frozenset())


def test_rules_can_be_left_out_and_switched_on_by_either_name(plugins: Plugins) -> None:
    for without, also in (("notice.ten", "notice.website"), ("county.notice.ten", "county.notice.website")):
        adoption = Adoption(TWO, without=frozenset({without}), also=frozenset({also}))
        regime = compose(plugins.floor, [adoption])
        assert (notice(regime).days, notice(regime).channels) == (0, {"website"})
        assert "county.notice.ten" not in regime.rules


def test_a_rule_both_left_out_and_switched_on_is_left_out(plugins: Plugins) -> None:
    both = frozenset({"notice.website"})
    assert notice(compose(plugins.floor, [Adoption(TWO, without=both, also=both)])).channels == frozenset()


def test_nothing_can_be_left_out_of_the_floor(plugins: Plugins) -> None:
    """Adopting the floor itself, without its rules, changes nothing."""
    every = frozenset(plugins.floor.policies[0].rule_ids())
    regime = compose(
        plugins.floor, [Adoption(plugins.floor.policies[0], until=date(2020, 1, 1), without=every)]
    )
    assert notice(regime).workdays == 5


def test_the_first_day_counts_and_the_last_is_the_day_before_the_end(plugins: Plugins) -> None:
    regime = compose(plugins.floor, [Adoption(TWO, since=date(2026, 6, 1), until=date(2026, 7, 1))])
    days = [date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [notice(regime, day).days for day in days] == [0, 10, 10, 0]


def test_county_and_committee_may_adopt_the_same_policy_differently(plugins: Plugins) -> None:
    county = Adoption(TWO, since=date(2026, 1, 1))
    committee = Adoption(TWO, since=date(2026, 6, 1), also=frozenset({"notice.website"}))
    regime = compose(plugins.floor, [committee, county])
    assert notice(regime, date(2026, 5, 20)).channels == frozenset()
    assert (notice(regime).days, notice(regime).channels) == (10, {"website"})


def test_a_time_that_is_empty_adopts_nothing(plugins: Plugins) -> None:
    regime = compose(plugins.floor, [Adoption(TWO, since=date(2026, 6, 1), until=date(2026, 6, 1))])
    assert "county.notice.ten" not in regime.rules
    assert notice(regime).days == 0


def visit(title: str) -> str:
    """A step of one's own, called so."""
    return f"""
            - id: visit.home
              add: admission/home-visit
              title: {title}
              stage: prospect
              level: branch
              after: [prospect-notice]
              before: [pre-review]
              talk: {{with: [applicant]}}"""


def test_a_text_to_come_names_nothing_before_its_day(plugins: Plugins) -> None:
    """What the plugin and its words, steps and blanks are called is said by the text of the day."""
    old, new = (
        made(
            "county",
            visit(title)
            + f"""
            - id: training.hours
              tighten: admission/intensive-training
              training: {{hours: {{blank: {blank}}}}}
            """,
            title=f"{title}办法",
            head=f"blanks: {{{blank}: {{type: number, title: 学时}}}}\n",
        )
        for title, blank in (("家访", "first"), ("走访", "second"))
    )
    regime = compose(plugins.floor, [Adoption(old, None, DAY), Adoption(new, DAY)])
    for day, title, blank in ((date(2026, 5, 31), "家访", "first"), (DAY, "走访", "second")):
        read = regime.read_on(day)
        said = (read.policies["county"].title, explain.title(read, "home-visit"), [*read.open_blanks])
        assert said == (f"{title}办法", title, [f"county.{blank}"])
        assert judged(regime, Case(), day).regime is read
    assert regime.read_on(date(2027, 1, 1)) is regime


def test_a_plugin_with_another_name_may_call_its_step_otherwise(plugins: Plugins) -> None:
    """One follows the other: they hold on no day together."""
    one, two = (made(name, visit(title)) for name, title in (("one", "家访"), ("two", "走访")))
    regime = compose(plugins.floor, [Adoption(one, None, DAY), Adoption(two, DAY)])
    named = [explain.title(regime.read_on(day), "home-visit") for day in (date(2026, 5, 31), DAY)]
    assert named == ["家访", "走访"]
    with pytest.raises(ConflictError, match="名称不同（“走访”与“家访”），不能同时启用"):
        compose(plugins.floor, [Adoption(one), Adoption(two, DAY)])
