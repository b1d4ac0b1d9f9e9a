"""Schemes of one id join, whatever the order, and nothing that is added makes a round easier; others stand side by side."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dangwu import (
    Adoption,
    ConflictError,
    Mark,
    Policy,
    PolicyError,
    Rated,
    Regime,
    Scheme,
    compose,
    not_rated,
    progress,
    read_mark,
    round_named,
    round_on,
)
from dangwu.plugins.plugins import Plugins
from tests.contract.made import made

DAY = date(2026, 6, 1)
HEAD = "terms: {grade: {low: 低, middle: 中, high: 高}}\n"
BASE = made(
    "base",
    """
    - id: star.base
      title: 星级
      rating: stars
      of: members
      scale: [low, middle, high]
      round: {by: [07-31, 01-31]}
      propose: {level: branch, poll: {among: [members]}}
      decide: {level: branch, notice: {days: 3}}
      exempt: {when: [rural], on: own-application}
      follows: {low: guidance}
    """,
    head=HEAD,
)
LONGER = made(
    "longer",
    "- {id: a.longer, rating: stars, decide: {level: committee, notice: {days: 7}}, cite: {source: paper, clause: 一}}",
)
POLLED = made(
    "polled",
    """
    - id: a.polled
      rating: stars
      propose: {level: branch, poll: {among: [masses], share: ">1/2"}}
    """,
)
WAITING = made(
    "waiting",
    "- {id: a.waiting, rating: stars, pending: {when: [mobile], until: proof}, cite: {source: paper, clause: 一}}",
    head="terms: {kind: {proof: 证明}}\n",
)
CAPPED = made(
    "capped",
    """
    - id: a.capped
      rating: stars
      share: {high: "<=1/3"}
      follows: {low: early-warning}
    """,
    head="terms: {grade: {low: 低, high: 高}}\n",
)
NOBODY = made(
    "nobody",
    """
    - id: star.again
      title: 星级
      rating: stars
      of: members
      scale: [low, middle, high]
    """,
    head="terms: {grade: {low: 低, middle: 中, high: 高}}\n",
)
ADDED = (LONGER, POLLED, WAITING, CAPPED, NOBODY)
RANKS = ("ungraded", "pending", "applied", "owed", "proposed", "decided", "announced", "closed", "exempt")


@cache
def regime(plugins: Plugins, *names: str) -> Regime:
    policies = {one.id: one for one in (BASE, *ADDED)}
    return compose(plugins.floor, [Adoption(policies[name]) for name in names])


def scheme(plugins: Plugins, *policies: Policy, tags: frozenset[str] = frozenset()) -> Scheme:
    return regime(plugins, *(one.id for one in policies)).ratings(DAY, tags)["stars"]


def test_the_order_never_matters_and_all_that_is_asked_is_joined(plugins: Plugins) -> None:
    found = {repr(scheme(plugins, *order)) for order in permutations((BASE, LONGER, POLLED, WAITING, CAPPED))}
    assert len(found) == 1
    joined = scheme(plugins, BASE, *ADDED)
    assert joined.decide is not None
    assert joined.propose is not None
    assert joined.decide.level == "committee"
    assert "7 天" in str(joined.decide.facets["notice"].describe())
    assert set(joined.propose.facets["poll"].keys()) == {"members", "masses"}
    assert joined.follows == {"low": ("early-warning", "guidance")}
    assert joined.rules_of("decide.notice") == ("base.star.base", "longer.a.longer")
    assert joined.rules_of("follows.low") == ("base.star.base", "capped.a.capped")
    assert "capped.a.capped" not in joined.rules_of("decide", "follows.high")


def test_schemes_of_other_names_stand_beside_and_only_the_national_grades_are_formal(
    plugins: Plugins,
) -> None:
    found = compose(plugins.floor, [Adoption(BASE)]).ratings(DAY)
    assert {name: one.formal for name, one in found.items()} == {"stars": False, "democratic-appraisal": True}


def test_an_exemption_ends_where_a_plugin_that_gives_the_scale_knows_none(plugins: Plugins) -> None:
    assert scheme(plugins, BASE, LONGER).exempt == {frozenset({"rural"})}
    assert scheme(plugins, BASE, NOBODY).exempt == frozenset()


def test_two_scales_of_one_name_and_ceilings_that_force_together_are_refused(plugins: Plugins) -> None:
    other = made(
        "other",
        "- {id: a.b, title: 星级, rating: stars, of: members, scale: [low, high], cite: {source: paper, clause: 一}}",
        head="terms: {grade: {low: 低, high: 高}}\n",
    )
    with pytest.raises(ConflictError, match="等次或评定对象不同"):
        compose(plugins.floor, [Adoption(BASE), Adoption(other)])
    middle = made(
        "middle",
        '- {id: a.b, rating: stars, share: {middle: "<=1/3"}, cite: {source: paper, clause: 一}}',
        head="terms: {grade: {middle: 中}}\n",
    )
    with pytest.raises(ConflictError, match="按比例定人的等次"):
        compose(plugins.floor, [Adoption(BASE), Adoption(CAPPED), Adoption(middle)])


def test_a_round_has_its_days(plugins: Plugins) -> None:
    stars = scheme(plugins, BASE)
    first, second = round_named(stars, "2026-1"), round_named(stars, "2026-2")
    assert first is not None
    assert second is not None
    assert (first.first, first.last) == (date(2026, 2, 1), date(2026, 7, 31))
    assert (second.first, second.last) == (date(2026, 8, 1), date(2027, 1, 31))
    assert round_on(stars, date(2027, 1, 31)) == second
    assert round_named(stars, "2026-3") is None


def test_a_fill_of_the_wrong_type_is_refused(plugins: Plugins) -> None:
    jinhua = plugins.policies["jinhua-2014"]
    with pytest.raises(PolicyError, match="星级公布的天数"):
        compose(plugins.floor, [Adoption(jinhua, fill={"star-notice-days": "七"})])
    blanks = compose(plugins.floor, [Adoption(jinhua)]).ratings(DAY)["five-stars"].blanks
    assert "每颗星的含义和评分标准" in blanks


def acts(days: list[int]) -> list[Mark]:
    """An honest life of somebody in a round, on these days one after the other."""
    poll = {"poll": {"members": {"invited": 4, "present": 4, "for": 4}}}
    told = [
        read_mark("propose", DAY, grade="low", evidence=poll),
        read_mark("decide", DAY, grade="low"),
        read_mark("announce", DAY, evidence={"notice": {"places": ["workplace"]}}),
        read_mark("close", DAY),
    ]
    ordered = sorted(days)
    return [
        Mark(one.act, date(2026, 6, day), one.grade, evidence=one.evidence)
        for one, day in zip(told, ordered, strict=True)
    ]


@settings(deadline=None)
@given(
    st.lists(st.integers(1, 20), min_size=4, max_size=4),
    st.integers(1, 28),
    st.sampled_from([frozenset(), frozenset({"mobile"}), frozenset({"rural"})]),
)
def test_adding_a_plugin_frees_nothing_in_a_round(
    plugins: Plugins, days: list[int], today: int, tags: frozenset[str]
) -> None:
    subject, on, marks = Rated(tags, "full"), date(2026, 6, today), acts(days)
    alone = scheme(plugins, BASE, tags=tags)
    before = progress(alone, subject, marks, on)
    for number in (1, 2):
        for added in combinations(ADDED, number):
            more = scheme(plugins, BASE, *added, tags=tags)
            after = progress(more, subject, marks, on)
            assert RANKS.index(after.state) <= RANKS.index(before.state)
            for known in range(len(marks)):
                if not_rated(alone, subject, marks[:known], marks[known]):
                    assert not_rated(more, subject, marks[:known], marks[known])
