"""What is settled of a case and carried with it never changes a judgement, whatever happens to case, policies or calendar."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random

import msgspec
import pytest
from chinese_calendar import constants
from msgspec.structs import replace

from dangwu import Adoption, Case, Judged, Regime, Settled, Subject, judged, read_record
from dangwu.plugins.plugins import Plugins
from dangwu.values import days
from tests.contract.lived import composed, lived, numbers, some_day, telling

HISTORIES, MANY, POOL = 75, 20_000, 25
"""How many in the suite, how many in the trial, how many under the same policies."""


def seen(found: Judged) -> object:
    """All that a judgement says."""
    standing = found.standing
    steps = [
        (
            one.id,
            one.state,
            one.findings,
            one.until,
            one.due,
            one.opened,
            one.began,
            one.concluded,
            id(one.rules),
        )
        for one in standing.steps.values()
    ]
    return (*msgspec.structs.astuple(replace(standing, steps={})), steps, found.records)


def again(settled: Settled | None) -> Settled | None:
    """As it comes back from where it was stored."""
    return msgspec.json.decode(msgspec.json.encode(settled), type=Settled | None)


def tell(plugins: Plugins, histories: range) -> Counter[str]:
    """Judge these histories act by act with what was settled before, and afresh; what happened on the way is counted."""
    happened: Counter[str] = Counter()
    regimes, pool = list[Regime](), -1
    for number in telling(histories):
        if not regimes or number // POOL != pool:
            pool = number // POOL
            regimes = [composed(Random(f"unit {pool} {each}"), plugins) for each in range(2)]
        rng, regime = Random(number), regimes[number % 2]
        settled: Settled | None = None
        for made in lived(rng, regime, rng.randint(3, 14)):
            case, day, by = changed(rng, made.case, made.day, happened), made.day, regime
            if rng.random() < 0.08:
                by = rng.choice(regimes)
                happened["policy"] += by is not regime
            if rng.random() < 0.2:
                day += timedelta(days=rng.choice((-40, -3, 1, 30, 400)))
            same = case is made.case and day == made.day and by is regime
            carried, fresh = judged(by, case, day, settled), made if same else judged(by, case, day)
            assert seen(carried) == seen(fresh), f"history {number}, {len(case.entries)} entries, {day}"
            happened["used"] += used(carried)
            happened["judged"] += 1
            happened["steps"] += used(carried) and len(settled.steps) if settled else 0
            if rng.random() < 0.9:
                settled = again(carried.settled) or settled
    return happened


def used(found: Judged) -> bool:
    """Whether what was settled was taken over."""
    return found.run.settled is not None


def changed(rng: Random, case: Case, day: date, happened: Counter[str]) -> Case:
    """The case, sometimes as it is after the file was put right: another birth, other papers, an entry that came in between."""
    chance = rng.random()
    if chance < 0.04:
        happened["facts"] += 1
        return replace(
            case, subject=Subject(date(2009, 1, 1), case.subject.tags, {"graduation": some_day(rng)})
        )
    if chance < 0.08 and case.given:
        happened["given"] += 1
        return replace(case, given=dict(list(case.given.items())[:-1]))
    if chance < 0.12 and case.entries:
        happened["correction"] += 1
        place = rng.randrange(len(case.entries))
        return replace(case, entries=(*case.entries[:place], *case.entries[place + 1 :]))
    return case


def test_carrying_what_is_settled_never_differs(plugins: Plugins) -> None:
    happened = tell(plugins, range(HISTORIES))
    assert happened["used"] > HISTORIES
    assert happened["steps"] > 5 * happened["used"]
    assert min(happened[one] for one in ("policy", "facts", "given", "correction")) > HISTORIES // 40


@pytest.mark.trial
@pytest.mark.timeout(7200)
def test_nor_over_many_histories(plugins: Plugins) -> None:
    """Tries what a stored judgement could do wrong: 20,000 random histories under random subsets of the real plugins."""
    told = numbers(MANY)
    happened = tell(plugins, told)
    print(
        f"\n    已结部分：{len(told):,} 份经历，判断 {happened['judged']:,} 次，沿用 {happened['used']:,} 次：{dict(happened)}"
    )


def test_another_calendar_is_another_mark(plugins: Plugins, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notice counted in workdays ends elsewhere once a year's holidays are announced."""
    regime, day = plugins.compose([]), date(2026, 6, 1)
    case = Case(
        given={"application": day},
        entries=(read_record("applicant-talk", day, {"talk": {"with": ["applicant"]}}),),
    )
    settled = judged(regime, case, day).settled
    assert used(judged(regime, case, day, settled))
    monkeypatch.setitem(constants.holidays, date(2026, 11, 30), "National Day")
    days.calendar_mark.cache_clear()
    try:
        assert not used(judged(regime, case, day, settled))
    finally:
        monkeypatch.undo()
        days.calendar_mark.cache_clear()


def test_a_plugin_that_looks_at_the_whole_case_lets_nothing_settle(plugins: Plugins) -> None:
    policy = next(iter(plugins.policies.values()))
    checked = type(plugins.compose([]))(
        plugins.floor, [Adoption(policy)], [(policy.id, date.min, date.max, lambda **asked: ())]
    )
    case = Case(given={"application": date(2026, 6, 1)})
    assert judged(plugins.compose([]), case, date(2026, 6, 2)).settled is not None
    assert judged(checked, case, date(2026, 6, 2)).settled is None
