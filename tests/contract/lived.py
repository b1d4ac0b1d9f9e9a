"""Cases as they are lived under the real plugins: random activations with fills and dates, and histories with what goes wrong.

Everything follows from the random numbers that are handed in, so a history can be told again by its seed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from dangwu import (
    Adoption,
    Case,
    Facts,
    Judged,
    Policy,
    Record,
    Regime,
    Return,
    Subject,
    judged,
    misfits,
    not_back_to,
    read_record,
    tried,
)
from dangwu.errors import ConflictError
from dangwu.judge.least import least_by
from dangwu.plugins.plugins import Plugins
from tests.contract.mended import Act, mended

FILLS = (7, 12, 36, ">=1/2", ">=2/3", ["discipline-inspection", "public-security"], "masses", "全体党员")
TAGS = (
    "rural",
    "student",
    "mobile",
    "off-site",
    "private-entrepreneur",
    "failed-before",
    "removed-within-five-years",
)
PACES = (0, 0, 1, 2, 5, 9, 20, 35, 100, 190)
FIRST, LAST = date(2024, 1, 8), date(2027, 4, 1)


def numbers(many: int) -> range:
    """The numbers of the histories of a trial; several processes share one by TRIAL_SEED, the first, and TRIAL_HISTORIES."""
    first = int(os.environ.get("TRIAL_SEED", 0))
    return range(first, first + int(os.environ.get("TRIAL_HISTORIES", many)))


def telling(histories: range) -> Iterator[int]:
    """The numbers one by one; of many it is said now and then how far it is."""
    for told, number in enumerate(histories, 1):
        yield number
        if told % 1000 == 0:
            print(f"    已试 {told:,} 份", flush=True)


def some_day(rng: Random) -> date:
    """A day on which something begins or ends."""
    return FIRST + timedelta(days=rng.randrange((LAST - FIRST).days))


def adopted(rng: Random, policy: Policy, *, dated: bool = True) -> Adoption:
    """A policy as some county might adopt it: from a day and until a day, without some rules, some blanks filled."""
    since, until = (some_day(rng) if rng.random() < 0.4 else None for _ in range(2))
    if not dated or (since and until and since >= until):
        until = None
    ids = policy.rule_ids()
    without = rng.sample(ids, min(len(ids), rng.choice((0, 0, 1, 3))))
    also = [rule.id for rule in policy.rules if rule.off and rng.random() < 0.5]
    fill = {}
    for blank in policy.blanks:
        fits = [one for one in FILLS if not list(misfits(policy, {blank: one}))]
        if fits and rng.random() < 0.7:
            fill[blank] = rng.choice(fits)
    return Adoption(policy, since, until, frozenset(without), frozenset(also), fill)


def activations(rng: Random, plugins: Plugins, *, dated: bool = True) -> list[Adoption]:
    """A random subset of the real plugins, adopted."""
    names = sorted(name for name, policy in plugins.policies.items() if policy.rules)
    chosen = rng.sample(names, rng.randint(0, len(names)))
    return [adopted(rng, plugins.policies[name], dated=dated) for name in chosen]


def composed(rng: Random, plugins: Plugins, *, dated: bool = True) -> Regime:
    """The regime of some activations that can be in force together."""
    while True:
        try:
            return plugins.compose(activations(rng, plugins, dated=dated))
        except ConflictError:
            continue


def begun(rng: Random, regime: Regime) -> tuple[Case, date]:
    """Somebody, and the day: at the very beginning, or some way on with a file on paper."""
    day = some_day(rng)
    tags = frozenset(tag for tag in (*TAGS, *sorted(regime.plan().relevant)) if rng.random() < 0.2)
    dates = {"graduation": some_day(rng)} if rng.random() < 0.3 else {}
    year = rng.choice((rng.randint(1965, 2005), rng.randint(2005, 2010)))
    subject = Subject(date(year, rng.randint(1, 12), rng.randint(1, 28)), tags, dates)
    steps = regime.floor.steps("admission")
    taken = steps[: rng.choice((0, 0, 2, *range(4, len(steps) - 1)))]
    paper = day - timedelta(days=rng.choice((5, 40, 200, 400)))
    return Case(subject, given={step: paper + timedelta(days=at // 8) for at, step in enumerate(taken)}), day


def lived(rng: Random, regime: Regime, acts: int) -> Iterator[Judged]:
    """A case after each of so many acts, judged afresh as of the day that is then."""
    now = judged(regime, *begun(rng, regime))
    yield now
    for _ in range(acts):
        entry, turns = _act(rng, now), now.standing.turns
        if entry is not None:
            now = judged(regime, now.case.with_entry(entry), now.day)
            yield now
        waits = entry is None and turns is not None and turns < date(2190, 1, 1)
        day = turns if waits and turns and rng.random() < 0.8 else now.day + timedelta(days=rng.choice(PACES))
        now = now if day == now.day else judged(regime, now.case, day)


def _act(rng: Random, now: Judged) -> Record | Return | Facts | Act | None:
    if rng.random() < 0.15 or now.standing.ended:
        return mended(rng, now, _spoiled)
    kind = rng.random()
    if kind < 0.06:
        tags = frozenset(tag for tag in TAGS if rng.random() < 0.25)
        dates = {"graduation": some_day(rng)} if rng.random() < 0.2 else None
        plans = dict.fromkeys(now.regime.plans(now.day), (now.day.year,)) if rng.random() < 0.5 else None
        return Facts(now.day, tags, dates, plans)
    if kind < 0.12:
        step = rng.choice(now.plan.steps).id
        return Return(step, now.day) if not not_back_to(now, step) else None
    if kind < 0.2:
        return _further(rng, now)
    live = list(now.standing.open)
    return _recorded(rng, now, rng.choice(live)) if live else None


def _further(rng: Random, now: Judged) -> Record | None:
    """Something more on a step that was recorded before, perhaps as of an earlier day."""
    if not now.records:
        return None
    step = rng.choice(sorted(now.records))
    day = now.day - timedelta(days=rng.choice((0, 0, 3, 30)))
    at = judged(now.regime, now.case, day)
    return _recorded(rng, at, step)


def attempted(rng: Random, now: Judged) -> Record | None:
    """A record that somebody might try, whether it is taken or not."""
    steps = list(now.standing.steps)
    return _made(rng, now, rng.choice(steps)) if steps else None


def _recorded(rng: Random, now: Judged, step: str) -> Record | None:
    record = _made(rng, now, step)
    return record if not tried(now, record).refusals or rng.random() < 0.05 else None


def _made(rng: Random, now: Judged, step: str) -> Record:
    evidence = rng.choice(least_by(now, step))
    if rng.random() < 0.35:
        evidence = _spoiled(rng, evidence)
    if "vote" in evidence and now.plan.by_id[step].outcomes and rng.random() < 0.4:
        motion = rng.choice(list(now.plan.by_id[step].outcomes))
        evidence["vote"] = {**evidence["vote"], "motion": motion, "months": 6 if motion == "extend" else 0}
    entered = now.day + timedelta(days=rng.choice((0, 0, 0, 1, 20)))
    return read_record(step, now.day, evidence, entered=entered, id=str(len(now.case.entries)))


def _spoiled(rng: Random, evidence: dict[str, Any]) -> dict[str, Any]:
    """The same with one thing that is wanting or says no."""
    if not evidence:
        return evidence
    name = rng.choice(sorted(evidence))
    spoil = SPOILED.get(name)
    if spoil is None or rng.random() < 0.2:
        return {one: given for one, given in evidence.items() if one != name}
    return {**evidence, name: spoil(rng, evidence[name])}


def _answers(words: Sequence[str]) -> Any:
    return lambda rng, given: {key: rng.choice(words) for key in given}


SPOILED: dict[str, Any] = {
    "vote": lambda rng, given: {
        **given, **rng.choice(({"for": 0, "against": 1}, {"secret": False}, {"present": 1, "for": 1}, {"observers": []}))
    },
    "poll": lambda rng, given: {group: {**one, "for": 0} for group, one in given.items()},
    "review": lambda rng, given: {
        level: {**one, **rng.choice(({"conclusion": "return"}, {"conclusion": "fail"}, {"aspects": []}))}
        for level, one in given.items()
    },
    "inquiry": _answers(("clear", "concern", "object")),
    "consent": _answers(("granted", "refused")),
    "training": lambda rng, given: {**given, **rng.choice(({"exam": "failed"}, {"hours": 1, "days": 0}))},
    "assessment": lambda rng, given: {**given, **rng.choice(({"mark": 1}, {"items": []}))},
    "serial": lambda rng, given: {"state": rng.choice(("exhausted", "duplicate"))},
    "documents": lambda rng, given: given[:-1],
    "filing": lambda rng, given: [],
    "appointment": lambda rng, given: given[:-1],
    "talk": lambda rng, given: {"with": [], "by": []},
    "signoff": lambda rng, given: {},
    "notice": lambda rng, given: {**given, "channels": [], "places": given.get("places", [])},
}  # fmt: skip
