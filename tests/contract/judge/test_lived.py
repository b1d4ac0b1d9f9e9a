"""The laws over the real plugins: random subsets, activations, fills, and histories in which things go wrong."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from msgspec.structs import replace

from dangwu import FACETS, Adoption, Facts, Judged, Record, Regime, compose, judged, tried
from dangwu.errors import ConflictError
from dangwu.judge.outcome import carried
from dangwu.plugins.plugins import Plugins
from tests.contract.lived import activations, attempted, lived, numbers, telling

HISTORIES, MANY, POOL = range(900, 975), 20_000, 25
"""Which in the suite (they come to everything), how many in the trial, how many under the same policies."""
PASSED = ("done", "waived")
STAGES = ("application", "activist", "prospect", "admission", "conversion")
RARE = 2
"""How many histories at least, of the suite's, come to each stage and show a finding of each facet that real rules name."""
DONE_ALREADY = {"step.rests", "step.overtaken", "step.motion", "step.completed"}
"""Why nothing more is recorded of what is done. Where more rules leave it undone it can be mended, and is no freer for that."""
NO_FREER = {*DONE_ALREADY, "step.unasked", "step.waived"}
"""The same, and what no rule asks for, or asks for too late: where more rules do, or did earlier, it is no longer ignored."""


class Bound:
    """One unit's regimes: `fewer` rules, and `more`; `again` is `more` adopted in another order, some of it twice."""

    def __init__(self, number: int, plugins: Plugins) -> None:
        rng = Random(f"unit {number}")
        while True:
            listed = activations(rng, plugins, dated=False)
            kept = [thinned(rng, one) for one in listed if rng.random() < 0.7]
            shuffled = rng.sample(listed, len(listed))
            try:
                self.fewer, self.more = compose(plugins.floor, kept), compose(plugins.floor, listed)
                self.again = compose(plugins.floor, [*shuffled, *shuffled[:1]])
            except ConflictError:
                continue
            return


def thinned(rng: Random, one: Adoption) -> Adoption:
    """The same adoption without some of its rules, perhaps."""
    ids = one.policy.rule_ids()
    return replace(
        one, without=one.without | frozenset(rng.sample(ids, min(len(ids), rng.choice((0, 0, 2, 6)))))
    )


def seen(found: Judged) -> object:
    """What anybody can see of a standing, whatever the order in which policies were adopted."""
    one = found.standing
    steps = [
        (step.id, step.state, step.until, step.due, step.began, step.concluded, step.because(), step.cited)
        for step in one.steps.values()
    ]
    return one.stage, one.status, one.membership, one.membership_since, one.due, one.turns, steps


def try_laws(plugins: Plugins, histories: range) -> Counter[str]:
    """Live these histories and hold each law at each act; what they came to is counted."""
    met: Counter[str] = Counter()
    unit, pool = None, -1
    for number in telling(histories):
        if unit is None or number // POOL != pool:
            pool = number // POOL
            unit = Bound(pool, plugins)
        rng, told = Random(number), set[str]()
        regime = rng.choice((unit.fewer, unit.more))
        for made in lived(rng, regime, rng.randint(2, 10)):
            case, day = made.case, made.day
            now = made if regime is unit.more else judged(unit.more, case, day)
            where = f"history {number}, {len(case.entries)} entries, {day}"
            assert seen(judged(unit.again, case, day)) == seen(now), f"order: {where}"
            later = judged(unit.more, case, day + timedelta(days=rng.choice((1, 30, 400))))
            # A revocation that was carried takes effect when its last paper is entered.
            lost = rank(later) < rank(now) and later.standing.status != "closed"
            assert not lost, f"a state was lost by waiting: {where}"
            if rng.random() < 0.5 and claimed(unit.fewer, now):
                fewer = made if regime is unit.fewer else judged(unit.fewer, case, day)
                frees_nothing(rng, fewer, now, where)
                told.add("monotone")
            told |= says(now)
        met.update(told)
    return met


def rank(found: Judged) -> int:
    """How far the states go that the case has reached."""
    states = [one.id for one in found.plan.procedure.states]
    return states.index(found.standing.membership) if found.standing.membership in states else -1


def claimed(fewer: Regime, more: Judged) -> bool:
    """Whether the law of monotony claims anything of a history: not where a tag fell away, nor where something was recorded of a
    step that the fewer rules ask for only later, so that it began under none of them, nor where a step is waived because one that
    only more rules ask for had begun before."""
    case, plan = more.case, fewer.plan()
    tags = case.subject.tags
    for entry in case.entries:
        if isinstance(entry, Facts) and entry.tags is not None:
            if not tags <= entry.tags:
                return False
            tags = entry.tags
        elif isinstance(entry, Record) and entry.step in plan.by_id:
            asked_for = plan.on(entry.day, case.tags_on(entry.day)).steps
            if entry.step not in asked_for:
                return False
    waived = (more.plan.by_id[name] for name, one in more.standing.steps.items() if one.state == "waived")
    begun = more.run.counted.begun
    only_more = sum(1 << one.index for one in more.plan.steps if one.id not in plan.by_id)
    return not any(one.overtaken & begun & only_more for one in waived)


def _held_before(found: Judged, step: str) -> bool:
    """Whether a step that must come right before this one is not done."""
    index = found.plan.by_id[step].index
    before = found.run.counted.held(index).order.before[index]
    return any(found.run.found[one].state not in PASSED for one in before)


def frees_nothing(rng: Random, fewer: Judged, more: Judged, where: str) -> None:
    """Nothing is done, waived, reached or accepted under more rules that is not under fewer, what only they ask for aside, and
    what stands behind a step that they hold: nothing goes on from there until it is done anew, and then it is dated by that."""
    extended, further = fewer.standing.extended_months, more.standing.extended_months
    if extended != further:  # an extension carried under fewer rules has begun another round
        assert extended > further, f"extended: {where}"
        return
    for name, one in more.standing.steps.items():
        before = fewer.standing.steps.get(name)
        if before is not None and one.state in PASSED and not _held_before(more, name):
            assert before.state in PASSED, f"{name} is {one.state}, with fewer rules {before.state}: {where}"
    taken = carried(fewer.run)
    if (
        taken is not None and taken[1].then == "close"
    ):  # a revocation that more rules keep before the committee
        return
    assert rank(more) <= rank(fewer), f"reached: {where}"
    record = attempted(rng, fewer)
    refused = {one.code for one in tried(fewer, record).refusals} if record is not None else set()
    if record is not None and refused - NO_FREER:
        assert tried(more, record).refusals, f"{record.step} accepted: {where}"


def says(found: Judged) -> set[str]:
    """The stage and what is found, by facet."""
    facets = {one.facet for step in found.standing.steps.values() for one in step.findings}
    states = {f"state {step.state}" for step in found.standing.steps.values()}
    return {
        found.standing.stage,
        found.standing.status,
        f"membership {found.standing.membership}",
        *facets,
        *states,
    }


def asked(plugins: Plugins) -> set[str]:
    """The facets that any real rule asks for in admissions, of which the histories are."""
    rules = (rule for policy in plugins.everything for rule in policy.rules if rule.procedure == "admission")
    named = (name for rule in rules for name in rule.facets)
    return {name for name in named if name in FACETS}


def test_the_laws_hold_over_real_plugins(plugins: Plugins) -> None:
    """And they are put to the proof: enough histories come to each stage and state, with findings of each facet."""
    met = try_laws(plugins, HISTORIES)
    states = {f"state {one}" for one in ("done", "waived", "open", "waiting", "failed", "blocked")}
    memberships = {f"membership {one.id}" for one in plugins.floor.procedures["admission"].states}
    seldom = {one: met[one] for one in (*STAGES, *states, *memberships, *asked(plugins)) if met[one] < RARE}
    assert not seldom
    assert met["monotone"] > len(HISTORIES) // 3


@pytest.mark.trial
@pytest.mark.timeout(7200)
def test_nor_do_many_histories_break_one(plugins: Plugins) -> None:
    """Tries the laws over 20,000 random histories under random subsets of the real plugins."""
    told = numbers(MANY)
    met = try_laws(plugins, told)
    print(
        f"\n    规律：{len(told):,} 份经历，到过的阶段、状态和出现过的结论（份）：{dict(sorted(met.items()))}"
    )
