"""The laws of design §3.2, over generated policies and cases, for every facet, one brought by a plugin included."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from dangwu import FACETS, Adoption, Facet, Finding, Standing, StepStanding, compose, evaluate, refusals
from dangwu.case.case import Case, Record
from dangwu.case.moment import Moment
from dangwu.facets.finding import ADVISORY, IMPOSSIBLE
from dangwu.plugins.plugins import Plugins
from dangwu.policy.policy import Cite, OnFailure, Policy, Rule
from dangwu.regime.effective import join_rules
from dangwu.regime.step import Step
from dangwu.values.lattice import join, joins
from tests.contract.generated import (
    DAYS,
    INSERTED,
    OWN,
    Look,
    adoptions,
    cases,
    composed,
    facets,
    looks,
    policies,
    put_right,
    records,
)
from tests.contract.stamps import Stamps
from tests.examples import examples
from tests.floor import FLOOR

NAMES = sorted({*FACETS, Stamps.name})
DAY = date(2026, 6, 1)
pytestmark = pytest.mark.laws
quick = examples(25)
any_failure = settings(quick, max_examples=3000, phases=[Phase.generate])
thorough = examples(20)


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
    _monotone(name)


class Reached(Exception):
    """Everything has been generated at least once."""


Joining = Callable[[Facet, Facet], Facet]


def _monotone(name: str) -> None:
    @quick
    @given(facets(name), facets(name), looks(name))
    def holds(one: Facet, two: Facet, look: Look) -> None:
        assert not list(_permitted(one, two, look, {"join": join}))

    holds()


def _permitted(one: Facet, two: Facet, look: Look, joinings: Mapping[str, Joining]) -> Iterator[str]:
    """The ways of joining by which the two together permit what the first forbids."""
    made, at = look(one, two)
    for ask in (_judge, _misnamed):
        if not one.advisory and _blocks(ask(one, made, at)):
            wholes = {way: joining(one, two) for way, joining in joinings.items()}
            yield from (
                way for way, whole in wholes.items() if whole.advisory or not _blocks(ask(whole, made, at))
            )


def _judge(one: Facet, made: Sequence[Record], at: Moment) -> list[Finding]:
    return one.judge(made, at)


def _misnamed(one: Facet, made: Sequence[Record], at: Moment) -> list[Finding]:
    """What is refused of each record when it is new."""
    return [found for given in one.of(made) for found in one.misnamed(given, at)]


ONLY_WARN = {
    "appointment.advised", "assessment.every", "assessment.from_", "inquiry.reply_days", "notice.complaint_days",
    "recording.within_days", "serial.allotted", "timing.due", "timing.due_since", "vote.advised",
}  # fmt: skip
"""The parameters that stop nothing, so that nothing is permitted when one is forgotten; that a number is used once the platform
sees to, which alone knows the others."""


def _forgetting(param: str) -> Joining:
    """A join that forgets what the first asks for by one parameter."""
    return lambda one, two: replace(join(one, two), **{param: getattr(two, param)})


PLAIN = st.booleans()


def _advice_wins(one: Facet, two: Facet) -> Facet:
    return replace(join(one, two), advisory=one.advisory or two.advisory)


@pytest.mark.trial
@pytest.mark.parametrize("name", NAMES)
def test_the_law_notices_a_parameter_that_is_forgotten(name: str) -> None:
    """What is generated above reaches every parameter: with any one of them forgotten the law does not hold; nor where advice
    wins over what binds."""
    params = [param for param, _ in joins(FACETS[name]) if param != "advisory"]
    left = {param: _forgetting(param) for param in params if f"{name}.{param}" not in ONLY_WARN}
    harmless = {param: _forgetting(param) for param in params if param not in left}
    left |= {"": _advice_wins}

    @any_failure
    @given(
        facets(name),
        PLAIN.flatmap(lambda plain: st.just(FACETS[name]()) if plain else facets(name)),
        looks(name),
    )
    def forgets(one: Facet, two: Facet, look: Look) -> None:
        assert not list(_permitted(one, two, look, harmless))
        for param in list(_permitted(one, two, look, left)):
            left.pop(param, None)
        if not left:
            raise Reached

    with pytest.raises(Reached):
        forgets()


def _blocks(found: list[Finding]) -> bool:
    return any(one.kind != ADVISORY for one in found)


STEP = Step("any", "任一环节", "", "branch", True, 0, 0, 0, None, {}, "", "", "sending")


def _rule(name: str) -> Rule:
    return Rule(id=name, plugin="p", kind="tighten", cite=Cite("s", "第一条"))


def _stops(found: Sequence[Finding]) -> set[tuple[str, str]]:
    """What stops the step, by code and what is wanting; figures that cannot be are refused whoever asks for them."""
    stops = [one for one in found if one.blocks and one.kind != IMPOSSIBLE]
    return {(one.code, key) for one in stops for key in one.keys or ("",)}


@pytest.mark.parametrize("name", NAMES)
def test_advice_stops_nothing_beside_a_demand_by_the_same_facet(name: str) -> None:
    """Joined with a demand it is still advice: what stops is what the demand alone finds, and nothing is left unsaid."""

    @quick
    @given(facets(name), facets(name), looks(name))
    def holds(one: Facet, two: Facet, look: Look) -> None:
        demand, advice = replace(one, advisory=False), replace(two, advisory=True)
        made, at = look(one, two)
        rules = join_rules(
            STEP, [(_rule("demand"), {name: demand}, False), (_rule("advice"), {name: advice}, True)], {}, DAY
        )
        found = rules.found([rules.facets[name]], made, at)
        assert _stops(found) == _stops(demand.judge(made, at))
        assert {one.code for one in found} >= {one.code for one in rules.facets[name].judge(made, at)}
        for stop in found:
            if stop.blocks and stop.kind != IMPOSSIBLE:
                assert rules.rules_of(stop.facet, stop.param, stop.keys, stops=True) == ("demand",)

    holds()


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


def _adopted(*names: str) -> st.SearchStrategy[tuple[Adoption, ...]]:
    """A dated policy for each name, adopted from a day and until a day."""
    return st.tuples(
        *(policies(name, dated=True).flatmap(lambda one: adoptions(one, dated=True)) for name in names)
    )


@thorough
@given(
    made=_adopted("one", "two", "three"),
    order=st.permutations([0, 1, 2]),
    case=st.one_of(cases(), put_right()),
    day=DAYS,
)
def test_the_order_of_adopting_never_matters(
    plugins: Plugins, made: tuple[Adoption, ...], order: list[int], case: Case, day: date
) -> None:
    """The compiled policy is the same, parameter by parameter, with the same origins; and so is the standing of any case."""
    shuffled = [made[index] for index in order]
    one, two = composed(plugins, *made), composed(plugins, *shuffled, shuffled[0])
    first, second = one.on(day, frozenset({"rural"})), two.on(day, frozenset({"rural"}))
    assert list(first.steps) == list(second.steps)
    assert first.order == second.order
    for step in first.steps:
        mine, theirs = first.steps[step], second.steps[step]
        assert mine.facets == theirs.facets
        assert (mine.origins, mine.firm_origins) == (theirs.origins, theirs.firm_origins)
        assert (mine.on_failure, mine.attaining, mine.firm) == (
            theirs.on_failure, theirs.attaining, theirs.firm,
        )  # fmt: skip
        assert set(mine.absorbed) == set(theirs.absorbed)
    assert _seen(evaluate(one, case, day)) == _seen(evaluate(two, case, day))


def _seen(standing: Standing) -> dict[str, tuple[object, ...]]:
    """What anybody can see of a case's standing."""
    return {
        "": (standing.stage, standing.status, standing.membership, standing.membership_since, standing.due),
        **{
            one.id: (one.state, one.until, one.due, {found.code: found.kind for found in one.findings})
            for one in standing.steps.values()
        },
    }


def test_the_generators_reach_everything() -> None:
    """Every facet is in some policy (its parameters: see above), and every kind of rule and entry occurs."""
    said: set[str] = set()

    def reach(made: st.SearchStrategy[Any], words: Callable[[Any], Iterable[str]], wanted: set[str]) -> None:
        @settings(thorough, max_examples=200, phases=[Phase.generate])
        @given(made)
        def look(one: Any) -> None:
            said.update(words(one))
            if said >= wanted:
                raise Reached

        with pytest.raises(Reached):
            look()

    kinds = {
        "since",
        "until",
        "from",
        "to",
        "order",
        "close",
        "return_to",
        "add",
        "tighten",
        "exception",
        "rural",
        "student",
    }
    reach(_adopted("one"), lambda made: _said(made[0]), {*NAMES, *kinds, *INSERTED, OWN})
    entries = {"Record", "Return", "Facts", "Exemption", "End", "Reopening"}
    reach(cases(), lambda case: (type(one).__name__ for one in case.entries), entries)
    reach(
        put_right(),
        lambda case: (code for one in _judged(case) for code in one.because()),
        {"step.unfounded"},
    )


def _judged(case: Case) -> Iterable[StepStanding]:
    return evaluate(compose(FLOOR), case, date(2026, 12, 31)).steps.values()


def _said(one: Adoption) -> Iterator[str]:
    yield from (word for word, day in (("from", one.since), ("to", one.until)) if day)
    for rule in one.policy.rules:
        yield from (rule.kind, *rule.steps, *rule.when, *rule.facets)
        yield from (word for word in ("since", "until") if getattr(rule, word))
        yield from ("order",) if rule.kind == "tighten" and (rule.step.after or rule.step.before) else ()
        yield from ("exception",) if rule.exceptions else ()
        yield from ("close",) if rule.on_failure.close else ()
        yield from ("return_to",) if rule.on_failure.return_to else ()


@thorough
@given(policies("one"), policies("two"), DAYS)
def test_every_parameter_is_traced_to_a_rule(plugins: Plugins, one: Policy, two: Policy, day: date) -> None:
    """And a rule that attains nothing is reported as absorbed, never silently dropped."""
    regime = composed(plugins, Adoption(one), Adoption(two))
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
        }
        assert silent <= said


@thorough
@given(cases(), policies("one"), policies("two"), DAYS)
def test_adding_a_policy_never_permits_anything(
    plugins: Plugins, case: Case, one: Policy, two: Policy, today: date
) -> None:
    """Monotone on whole cases: where P finds something against a facet of a step, P with Q does too."""
    _only_adds(plugins, case, today, Adoption(one), Adoption(two))


@thorough
@given(cases(), _adopted("one", "two"), DAYS)
def test_nor_does_one_that_comes_and_goes(
    plugins: Plugins, case: Case, made: tuple[Adoption, ...], today: date
) -> None:
    """The same with rules and adoptions that begin and end."""
    _only_adds(plugins, case, today, *made)


NOT_PASSED = ("open", "waiting", "failed", "blocked")


def _only_adds(plugins: Plugins, case: Case, today: date, one: Adoption, two: Adoption) -> None:
    first = evaluate(composed(plugins, one), case, today)
    second = evaluate(composed(plugins, one, two), case, today)
    for step, standing in first.steps.items():
        if standing.state not in NOT_PASSED:
            continue
        after = second.steps[step]
        assert after.state in NOT_PASSED, step
        found = {one.code.partition(".")[0] for one in standing.findings if one.blocks}
        assert found <= {one.code.partition(".")[0] for one in after.findings if one.blocks}, step
        if standing.state == "failed" and standing.rules and after.rules:
            assert _sterner(after.rules.on_failure, standing.rules.on_failure), step


def _sterner(one: OnFailure, two: OnFailure) -> bool:
    """Whether one is at least as strict as the other: retry < return to a step < to an earlier one < close."""
    order = ("application", "applicant-talk", "")
    ranks = [-1 if failure.close else order.index(failure.return_to) for failure in (one, two)]
    return ranks[0] <= ranks[1]


@thorough
@given(cases(), policies("one"), policies("two"), st.data())
def test_what_one_policy_refuses_to_record_more_policies_refuse(
    plugins: Plugins, case: Case, one: Policy, two: Policy, data: st.DataObject
) -> None:
    """Refusals only grow; but what a step does not ask for may be asked by more policies, and is then no longer ignored."""
    step = data.draw(st.sampled_from(("pre-review", "political-review", "admission-meeting", *INSERTED, OWN)))
    made = data.draw(records(step, ("vote", "review", "poll", "appointment"), 1))
    alone = composed(plugins, Adoption(one))
    both = composed(plugins, Adoption(one), Adoption(two))
    if made and step in alone.plan().by_id:
        refused = {found.code for found in refusals(alone, case, made[0])} - {"step.unasked"}
        assert not refused or refusals(both, case, made[0])
