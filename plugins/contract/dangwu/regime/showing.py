"""Rules on how what is demanded is to be shown, whatever demands it: joined into every demand of their family and ower.

The demand itself stays beside what comes of it: where such a rule holds through a window the stricter absorbs it, where it
does not the window is owed as it was. So such a rule frees nothing, and asks nothing of what had begun before it. Where rules
name different people to give or lead it, of whom nobody is named by all, it is owed beside each other by each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import reduce

import msgspec

from dangwu.policy.duty import Duty
from dangwu.regime.adoption import merged
from dangwu.regime.claim import Claim, Spans, claim
from dangwu.values.period import Period
from dangwu.values.share import Share

_NONE, _DAY = Share(">0/1"), date(2027, 1, 1)


def shown(demand: Claim, rules: Sequence[Claim]) -> Iterator[Claim]:
    """A demand as these rules have it: one claim for all that hold at the same time, by their times."""
    for together in _together(demand, rules):
        times = reduce(_both, (one.spans for one in together), demand.spans)
        duty = reduce(_joined, (one.duty for one in together), demand.duty)
        when = demand.when.union(*(one.when for one in together))
        for posts in _led([one.evidence.by for one in (demand, *together) if one.evidence.by]):
            evidence = msgspec.structs.replace(duty.evidence, by=posts)
            led = msgspec.structs.replace(duty, evidence=evidence)
            yield claim(led, when, (rule for one in (demand, *together) for rule in one.rules), times)


def _led(said: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """By one of which posts: those that all name; where there are none, those that as many as possible name, each such set."""
    naming = {frozenset(one for one in said if post in one) for post in frozenset[str]().union(*said)}
    most = [one for one in naming if not any(one < other for other in naming)]
    return sorted((frozenset.intersection(*one) for one in most), key=sorted) or [frozenset()]


def _together(demand: Claim, rules: Sequence[Claim]) -> list[list[Claim]]:
    """The rules that hold on some day of the demand, each set of them once."""
    turns = {day for one in (demand, *rules) for span in one.spans for day in span}
    found: list[list[Claim]] = []
    for day in sorted(turns):
        holding = [one for one in rules if one.covers(day, day)] if demand.covers(day, day) else []
        if holding and holding not in found:
            found.append(holding)
    return found


def _both(one: Spans, two: Spans) -> Spans:
    times = (
        (max(since, other), min(until, end))
        for since, until in one
        for other, end in two
        if max(since, other) < min(until, end)
    )
    return tuple(merged(times))


def _joined(duty: Duty, rule: Duty) -> Duty:
    mine, theirs = duty.evidence, rule.evidence
    shares = [one for one in (mine, theirs) if one.share is not None]
    evidence = msgspec.structs.replace(
        mine,
        attendance=max(shares, key=lambda one: one.share or _NONE).attendance if shares else "",
        papers=mine.papers | theirs.papers,
        themes=mine.themes | theirs.themes,
    )
    sooner = {**duty.escalate, **{level: _sooner(duty, rule, level) for level in rule.escalate}}
    return msgspec.structs.replace(duty, evidence=evidence, escalate=dict(sorted(sooner.items())))


def _sooner(one: Duty, two: Duty, level: str) -> Period:
    known = [each.escalate[level] for each in (one, two) if level in each.escalate]
    return min(known, key=lambda period: period.latest(_DAY))


__all__ = ["shown"]
