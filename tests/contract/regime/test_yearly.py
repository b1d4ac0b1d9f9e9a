"""Rules about a yearly plan join like all others: the order never matters, one more practice never frees anybody of a gate."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dangwu import INSERTED, Adoption, Case, Facts, Policy, Regime, compose, read_record, refusals
from dangwu.plugins.plugins import Plugins
from dangwu.policy.plan import Asks
from dangwu.values.lattice import joins
from tests.contract.judge.test_least import listed
from tests.examples import examples
from tests.floor import FLOOR, STEPS

DAY = date(2026, 6, 1)
BEFORE = STEPS[: STEPS.index("prospect-consent")]
pytestmark = pytest.mark.laws
quick = examples(20)


@pytest.fixture(scope="module")
def about_plans(plugins: Plugins, trial: Plugins) -> list[Policy]:
    """The practices that say something of a plan: the real ones, and two that disagree."""
    known = {**trial.policies, **plugins.policies}
    return [one for one in known.values() if any(rule.plan for rule in one.rules)]


def regime(policies: list[Policy]) -> Regime:
    """The floor with all that these say, what is off by default included."""
    every = (Adoption(one, also=frozenset(rule.id for rule in one.rules if rule.off)) for one in policies)
    return compose(FLOOR, every)


def test_there_are_practices_with_a_gate_and_some_that_disagree(about_plans: list[Policy]) -> None:
    found = regime(about_plans).plans(DAY)["admission-plan"]
    assert {"yakeshi", "jinhua-2014"} < {one.id for one in about_plans}
    assert found.gates == ("admission/prospect-consent", "admission/prospect-selection")
    assert found.conflict == (
        ("measured-county.plan.women",),
        ("guided-county.plan.no-figures", "sixteen-character.quota.no-hard-split"),
    )


def test_the_order_of_practices_never_matters(about_plans: list[Policy]) -> None:
    @quick
    @given(st.permutations(range(len(about_plans))), st.integers(0, len(about_plans)))
    def holds(order: list[int], most: int) -> None:
        some = [about_plans[one] for one in order[:most]]
        assert regime(some).plans(DAY) == regime(some[::-1]).plans(DAY)

    holds()


def test_one_more_practice_never_frees_anything(about_plans: list[Policy]) -> None:
    """Each part of the plan only grows, its gates and what is torn stay, and whoever was refused a place is refused still."""

    @quick
    @given(st.permutations(range(len(about_plans))), st.integers(0, len(about_plans) - 1), st.booleans())
    def holds(order: list[int], most: int, stands: bool) -> None:
        policies = [about_plans[one] for one in order[: most + 1]]
        few, more = regime(policies[:most]), regime(policies)
        for name, one in few.plans(DAY).items():
            two = more.plans(DAY)[name]
            for part, how in joins(Asks):
                assert how.join(getattr(one.asks, part), getattr(two.asks, part)) == getattr(two.asks, part)
            assert {*one.gates} <= {*two.gates}
            assert (one.conflict is None) or two.conflict is not None
        assert _unlisted(few, stands) <= _unlisted(more, stands)
        assert stands is False or not _unlisted(more, stands)

    holds()


def _unlisted(rules: Regime, stands: bool) -> set[str]:
    """The plans for want of which the consent is refused."""
    entries = (listed(rules, DAY),) if stands else (Facts(DAY, plans={"admission-plan": (2025,)}),)
    case = Case(entries=entries, given=dict.fromkeys((*BEFORE, *INSERTED["admission"]), DAY))
    why = refusals(rules, case, read_record("prospect-consent", DAY))
    return {key for one in why if one.code == "listing.unlisted" for key in one.keys}
