"""The laws of design §3.2, over generated policies and cases, for every facet, one brought by a plugin included."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dangwu import FACETS, Adoption, Facet, Finding, compose, evaluate, refusals
from dangwu.case import Case, Record, Subject
from dangwu.facet import ADVISORY
from dangwu.lattice import join, joins
from dangwu.moment import Moment
from dangwu.plugins import Plugins
from dangwu.policy import Policy
from tests.contract.generated import ANCHORS, DAYS, cases, facets, policies, records, subjects
from tests.contract.stamps import Stamps

NAMES = sorted({*FACETS, Stamps.name})
quick = settings(max_examples=30, deadline=None, derandomize=True)
thorough = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", NAMES)
def test_join_is_a_semilattice(name: str) -> None:
    """Associative, commutative, idempotent: the order of enabling never matters."""

    @quick
    @given(facets(name), facets(name), facets(name))
    def holds(one: Facet, two: Facet, three: Facet) -> None:
        assert join(one, one) == one
        assert join(one, two) == join(two, one)
        assert join(join(one, two), three) == join(one, join(two, three))

    holds()


@pytest.mark.parametrize("name", NAMES)
def test_join_is_monotone(name: str) -> None:
    """What a facet forbids, its join with any other forbids: whatever was recorded, on whatever day."""

    @quick
    @given(
        st.data(),
        facets(name),
        facets(name),
        records("admission-meeting", (name, "consent")),
        subjects(),
        DAYS,
    )
    def holds(
        data: st.DataObject, one: Facet, two: Facet, made: tuple[Record, ...], who: Subject, today: date
    ) -> None:
        at = Moment(Case(who), today, *_anchors(data))
        at.opened = data.draw(DAYS)
        at.concluded = data.draw(st.none() | DAYS)
        alone = [] if one.advisory else one.judge(made, at)
        both = join(one, two).judge(made, at)
        assert not _blocks(alone) or _blocks(both), (one, two, alone, both)

    holds()


def _anchors(data: st.DataObject) -> tuple[dict[str, date], dict[str, date]]:
    days = {step: data.draw(DAYS) for step in ANCHORS if data.draw(st.booleans())}
    return days, days


def _blocks(found: list[Finding]) -> bool:
    return any(one.kind != ADVISORY for one in found)


@pytest.mark.parametrize("name", NAMES)
def test_every_part_of_a_join_comes_from_one_of_the_two(name: str) -> None:
    """So each number has a rule that attains it."""

    @quick
    @given(facets(name), facets(name))
    def holds(one: Facet, two: Facet) -> None:
        whole = join(one, two)
        for param, how in joins(type(one)):
            mine, theirs = how.parts(getattr(one, param)), how.parts(getattr(two, param))
            for key, value in how.parts(getattr(whole, param)).items():
                assert value in (mine.get(key), theirs.get(key))

    holds()


@thorough
@given(
    made=st.tuples(policies("one"), policies("two"), policies("three")),
    order=st.permutations([0, 1, 2]),
    day=DAYS,
)
def test_the_order_of_adopting_never_matters(
    plugins: Plugins, made: tuple[Policy, ...], order: list[int], day: date
) -> None:
    """The compiled policy is the same, parameter by parameter, with the same origins."""
    adoptions = [Adoption(policy) for policy in made]
    first = compose(plugins.national, adoptions).on(day, frozenset({"rural"}))
    shuffled = [adoptions[index] for index in order]
    second = compose(plugins.national, [*shuffled, shuffled[0]]).on(day, frozenset({"rural"}))
    assert list(first.steps) == list(second.steps)
    for step in first.steps:
        assert first.steps[step].facets == second.steps[step].facets
        assert first.steps[step].origins == second.steps[step].origins
        assert set(first.steps[step].absorbed) == set(second.steps[step].absorbed)


@thorough
@given(policies("one"), policies("two"), DAYS)
def test_every_parameter_is_traced_to_a_rule(plugins: Plugins, one: Policy, two: Policy, day: date) -> None:
    """And a rule that attains nothing is reported as absorbed, never silently dropped."""
    regime = compose(plugins.national, [Adoption(one), Adoption(two)])
    effective = regime.on(day, frozenset({"rural"}))
    for step in effective.steps.values():
        for rules in step.origins.values():
            assert rules
            assert all(rule in regime.rules for rule in rules)
        said = {absorbed.rule for absorbed in step.absorbed} | set(step.attaining)
        silent = {
            bound.rule.id
            for bound in regime.bound
            if not bound.floor and bound.holds(day, frozenset({"rural"})) and step.id in bound.rule.steps
            if any(
                how.parts(getattr(own, param))
                for own in bound.facets.values()
                for param, how in joins(type(own))
            )
        }
        assert silent <= said


@thorough
@given(cases(), policies("one"), policies("two"), DAYS)
def test_adding_a_policy_never_permits_anything(
    plugins: Plugins, case: Case, one: Policy, two: Policy, today: date
) -> None:
    """Monotone on whole cases: where P finds something against a facet of a step, P with Q does too."""
    alone = compose(plugins.national, [Adoption(one)])
    both = compose(plugins.national, [Adoption(one), Adoption(two)])
    first, second = evaluate(alone, case, today), evaluate(both, case, today)
    for step, standing in first.steps.items():
        if standing.state in ("open", "waiting", "failed", "blocked"):
            assert second.steps[step].state in ("open", "waiting", "failed", "blocked"), step
        found = {one.code.partition(".")[0] for one in standing.findings if one.blocks}
        assert found <= {one.code.partition(".")[0] for one in second.steps[step].findings if one.blocks}, (
            step
        )


@thorough
@given(cases(), policies("one"), policies("two"), st.data())
def test_what_one_policy_refuses_to_record_more_policies_refuse(
    plugins: Plugins, case: Case, one: Policy, two: Policy, data: st.DataObject
) -> None:
    """Refusals only grow."""
    made = data.draw(
        records(
            data.draw(st.sampled_from(("pre-review", "admission-meeting"))), ("vote", "review", "poll"), 1
        )
    )
    if not made:
        return
    alone = compose(plugins.national, [Adoption(one)])
    both = compose(plugins.national, [Adoption(one), Adoption(two)])
    if refusals(alone, case, made[0]):
        assert refusals(both, case, made[0])
