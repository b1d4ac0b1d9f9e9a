"""A policy that was accepted and kept is the same when it is read again: it compiles to what it was adopted as."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dangwu import Adoption, ConflictError, Floor, Held, Policy, Regime, compose
from tests.contract.generated import policies
from tests.examples import examples
from tests.floor import FLOOR, INSTALLED

DAYS = (date(2020, 1, 1), date(2026, 5, 11), date(2026, 11, 21))
pytestmark = pytest.mark.laws


def kept(policy: Policy) -> Policy:
    """As it comes back from where accepted texts are kept."""
    return msgspec.json.decode(msgspec.json.encode(policy), type=Policy)


def compiled(policy: Policy) -> Regime | str:
    """With every rule switched on; what contradicts the floor says the same each time."""
    try:
        return compose(FLOOR, [Adoption(policy, also=frozenset(policy.rule_ids()))])
    except ConflictError as error:
        return str(error)


def same(one: Regime | str, two: Regime | str) -> bool:
    """Whether two regimes ask for the same of everybody on every day."""
    if isinstance(one, str) or isinstance(two, str):
        return one == two
    tags = [frozenset[str](), *{bound.rule.when for bound in one.bound}]
    return one.breaks == two.breaks and all(
        one.on(day, wanted, name) == two.on(day, wanted, name)
        for name in FLOOR.procedures
        for day in (*DAYS, *one.breaks)
        for wanted in tags
    )


@examples(20)
@given(policies("p", dated=True))
def test_what_is_kept_compiles_to_what_was_adopted(policy: Policy) -> None:
    assert kept(policy) == policy
    assert same(compiled(policy), compiled(kept(policy)))


@pytest.mark.parametrize("policy", INSTALLED.policies.values(), ids=list(INSTALLED.policies))
def test_every_installed_policy_can_be_kept(policy: Policy) -> None:
    assert same(compiled(policy), compiled(kept(policy)))


@settings(deadline=None, max_examples=5)
@given(st.dates(date(2026, 6, 1), date(2026, 12, 31)))
def test_a_floor_of_the_same_text_twice_is_that_floor(since: date) -> None:
    [national] = FLOOR.policies
    twice = Floor((national,), (Held(national, None, since), Held(kept(national), since)))
    one, two = compose(FLOOR), compose(twice)
    for name in FLOOR.procedures:
        for day in (date(2020, 1, 1), since, date(2027, 1, 1)):
            before, after = one.on(day, procedure=name), two.on(day, procedure=name)
            assert list(before.steps) == list(after.steps)
            for step, rules in before.steps.items():
                assert rules.facets == after.steps[step].facets
                assert rules.origins == after.steps[step].origins
