"""The real practices together: in whatever order they come they ask for the same, and one more frees nobody of anything."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from dangwu import TAGS, Adoption, Occurrence, Ower, Regime, compose, occurrences
from dangwu.values.lattice import join
from tests.floor import FLOOR
from tests.plugins.policies import policy, ruled
from tests.plugins.test_walks import adopted

DAY = date(2026, 9, 1)
LEVELS = ("branch", "committee", "department", "person", "group")
PRACTICES = ruled()


def drawn(seed: int) -> tuple[list[Adoption], frozenset[str], str]:
    """Some practices in some order, each filled or not, with tags and the level of one who owes."""
    rng = random.Random(seed)
    chosen = rng.sample(PRACTICES, rng.randint(2, 7))
    filled = [adopted(policy(one), filled=rng.random() < 0.7) for one in chosen]
    tags = {tag for one in filled for rule in one.policy.rules for tag in rule.when} | {*TAGS}
    return filled, frozenset(rng.sample(sorted(tags), 4)), rng.choice(LEVELS)


def owed(regime: Regime, tags: frozenset[str], level: str) -> list[Occurrence]:
    ower = Ower(level, date(2024, 1, 1), tags)
    return occurrences(regime, ower, (), date(2025, 7, 1), date(2026, 12, 31), DAY)


def told(regime: Regime, tags: frozenset[str], level: str) -> Any:
    """Everything that a regime asks of somebody, as plain values that can be compared."""
    steps = {
        (each, step): (sorted(one.facets.items()), str(one.on_failure), regime.on(DAY, tags, each).order)
        for each in FLOOR.procedures
        for step, one in regime.on(DAY, tags, each).steps.items()
    }
    duties = sorted(
        (one.family, one.due, one.opens, one.need, one.rules) for one in owed(regime, tags, level)
    )
    return steps, duties, regime.ratings(DAY, tags), regime.plans(DAY), sorted(regime.terms.items())


def looser(one: Regime, two: Regime, tags: frozenset[str], level: str) -> Iterator[str]:
    """What the first regime asks for and the second does not, in words; nothing where the second has more policies."""
    for each in FLOOR.procedures:
        less, more = (regime.on(DAY, tags, each) for regime in (one, two))
        for step, rules in less.steps.items():
            for name, facet in rules.facets.items():
                theirs = more.steps[step].facets.get(name) if step in more.steps else None
                if (
                    theirs is None
                    or (not facet.advisory and theirs.advisory)
                    or join(facet, theirs) != theirs
                ):
                    yield f"{each}/{step}.{name}"
    found = owed(two, tags, level)
    for was in owed(one, tags, level):
        if not any(
            now.family == was.family and was.opens <= now.opens and now.due <= was.due for now in found
        ):
            yield f"{was.family} {was.opens} – {was.due}"
    for scheme, rated in one.ratings(DAY, tags).items():
        if not {*rated.items} <= {*two.ratings(DAY, tags)[scheme].items}:
            yield scheme
    for name, plan in one.plans(DAY).items():
        if join(plan.asks, two.plans(DAY)[name].asks) != two.plans(DAY)[name].asks:
            yield name


def check(seed: int) -> None:
    several, tags, level = drawn(seed)
    first = told(compose(FLOOR, several), tags, level)
    assert first == told(compose(FLOOR, several[::-1]), tags, level)
    fewer = compose(FLOOR, several[:-1])
    assert [*looser(fewer, compose(FLOOR, several), tags, level)] == []


@pytest.mark.parametrize("seed", range(5))
def test_any_practices_ask_for_the_same_in_any_order_and_one_more_frees_nobody(seed: int) -> None:
    check(seed)


@pytest.mark.trial
def test_very_many_of_them() -> None:
    for seed in range(5, 1500):
        check(seed)


@pytest.mark.trial
def test_all_at_once() -> None:
    """Each practice beside all others, with all that can be filled and switched on."""
    everything = [adopted(policy(one), filled=True) for one in PRACTICES]
    tags = frozenset(TAGS)
    whole = compose(FLOOR, everything)
    for number in range(len(everything)):
        rest = everything[:number] + everything[number + 1 :]
        for level in LEVELS:
            assert [*looser(compose(FLOOR, rest), whole, tags, level)] == [], everything[number].policy.id
