"""Rules on how whatever is demanded is to be shown: papers, themes, attendance, who leads, who hears of it. No further rule frees
anybody, whoever else it names."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dangwu import Act, Adoption, Ower, Policy, compose, occurrences
from dangwu.duties.occurrences import Occurrence
from tests.contract.made import made
from tests.examples import examples
from tests.floor import FLOOR

pytestmark = pytest.mark.laws
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
AFTER = date(2027, 2, 1)
OWER = Ower("branch", date(2020, 1, 1))
RULE = "- id: x.y\n  duty: mass-service\n  owes: {level: branch}\n"
YEARLY = made("yearly", f"{RULE}  demand: {{times: 1, per: year}}\n")
POSTS = ("branch-secretary", "committee-secretary", "organization-commissioner")
NAMED = ("one", "two", "three")


def led(name: str, *posts: str) -> Policy:
    """That it is given by one of these posts."""
    return made(name, f"{RULE}  evidence: {{by: [{', '.join(posts)}]}}\n")


def act(day: date = date(2026, 5, 1), *by: str, **more: object) -> Act:
    """An activity of the family, led by these."""
    return Act(id=str(day), day=day, kinds=frozenset({"mass-service"}), by=frozenset(by), **more)  # type: ignore[arg-type]


def owed(acts: list[Act], *policies: Policy) -> list[Occurrence]:
    """What the year comes to, seen afterwards."""
    regime = compose(FLOOR, [Adoption(one) for one in policies])
    found = occurrences(regime, OWER, acts, *YEAR, AFTER)
    return [one for one in found if one.family == "mass-service"]


def states(acts: list[Act], *policies: Policy) -> list[str]:
    return sorted(one.state for one in owed(acts, *policies))


def test_posts_that_two_rules_name_alike_lead_it() -> None:
    """Of several posts of which one is enough, those that every rule names."""
    either, one = led("either", *POSTS[:2]), led("one", POSTS[1], POSTS[2])
    for order in permutations((YEARLY, either, one)):
        assert states([act(date(2026, 5, 1), POSTS[1])], *order) == ["discharged"]
        assert states([act(date(2026, 5, 1), POSTS[0])], *order) == ["missed"]


def test_where_rules_name_nobody_alike_each_is_owed_his_own() -> None:
    """A rule that somebody else leads it does not take the first rule's place: one activity led by both does for both."""
    first, second = led("first", POSTS[0]), led("second", POSTS[1])
    assert states([act(date(2026, 5, 1), POSTS[1])], YEARLY, first) == ["missed"]
    for order in permutations((YEARLY, first, second)):
        assert states([act(date(2026, 5, 1), POSTS[1])], *order) == ["discharged", "missed"]
        assert states([act(date(2026, 5, 1), *POSTS[:2])], *order) == ["discharged", "discharged"]
        both = [act(date(2026, 5, 1), POSTS[1]), act(date(2026, 9, 1), POSTS[0])]
        assert states(both, *order) == ["discharged", "discharged"]


def test_a_demand_that_names_who_leads_it_keeps_him() -> None:
    own = made("own", f"{RULE}  demand: {{times: 1, per: year}}\n  evidence: {{by: [{POSTS[0]}]}}\n")
    papers = made("papers", f"{RULE}  evidence: {{documents: [talk-record]}}\n")
    other = led("other", POSTS[1])
    kept = frozenset({"talk-record"})
    assert states([act(date(2026, 5, 1), POSTS[0])], own, papers) == ["missed"]
    assert states([act(date(2026, 5, 1), POSTS[0], papers=kept)], own, papers) == ["discharged"]
    without = [act(date(2026, 5, 1), POSTS[0]), act(date(2026, 6, 1), POSTS[1], papers=kept)]
    assert "missed" in states(without, own, papers, other)


def test_the_stricter_share_and_the_sooner_word_count() -> None:
    more = "  evidence: {{attendance: '{share}'}}\n  escalate: {{committee: {{days: {days}}}{also}}}\n"
    half = made("half", RULE + more.format(share=">=1/2", days=10, also=", department: {days: 40}"))
    most = made("most", RULE + more.format(share=">=2/3", days=20, also=""))
    for order in permutations((YEARLY, half, most)):
        assert states([act(eligible=12, present=8)], *order) == ["discharged"]
        assert states([act(eligible=12, present=7)], *order) == ["missed"]
        regime = compose(FLOOR, [Adoption(one) for one in order])
        told = {
            day: sorted(
                level
                for one in occurrences(regime, OWER, [], *YEAR, day)
                if one.family == "mass-service"
                for level in one.escalated
            )
            for day in (date(2027, 1, 10), date(2027, 1, 11), date(2027, 2, 9), date(2027, 2, 10))
        }
        assert list(told.values()) == [[], ["committee"], ["committee"], ["committee", "department"]]


SHOWING = st.sampled_from(
    [
        f"{{by: [{POSTS[0]}]}}",
        f"{{by: [{POSTS[1]}]}}",
        f"{{by: [{POSTS[0]}, {POSTS[2]}]}}",
        f"{{by: [{POSTS[1]}, {POSTS[2]}], documents: [talk-record]}}",
        "{documents: [talk-record]}",
        "{attendance: '>=2/3'}",
    ]
)
ACTS = st.lists(
    st.builds(
        act,
        st.dates(*YEAR),
        st.sampled_from(POSTS),
        eligible=st.just(12),
        present=st.sampled_from([7, 9]),
        papers=st.sampled_from([frozenset(), frozenset({"talk-record"})]),
    ),
    min_size=1,
    max_size=3,
)


@examples(60)
@given(st.lists(SHOWING, min_size=2, max_size=3, unique=True), ACTS)
def test_a_further_rule_never_makes_good_what_was_missed(said: list[str], acts: list[Act]) -> None:
    rules = [made(name, f"{RULE}  evidence: {text}\n") for name, text in zip(NAMED, said, strict=False)]
    before = {one.due for one in owed(acts, YEARLY, *rules[:-1]) if one.state == "missed"}
    after = {one.due for one in owed(acts, YEARLY, *rules) if one.state == "missed"}
    assert before <= after
