"""The least evidence that satisfies a step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dangwu.case.case import Case
from dangwu.case.moment import Moment
from dangwu.facets.registry import FACETS, kind_of
from dangwu.judge.evaluate import Judged, judged
from dangwu.judge.settled import Settled
from dangwu.policy.policy import Outcome
from dangwu.regime.regime import Regime
from dangwu.shapes.short import Plain


def least(
    regime: Regime,
    case: Case,
    step: str,
    day: date,
    given: Mapping[str, Plain] | None = None,
    settled: Settled | None = None,
) -> list[dict[str, Plain]]:
    """The least evidence (plain builtins, by facet) that satisfies what `given` leaves open on that day.

    Usually one record's; as many as a step asks for where each assessment is a record of its own; `settled` as for `judged`.
    Raises EvidenceError for what is given in a wrong form.
    """
    return least_by(judged(regime, case, day, settled), step, given)


def least_by(now: Judged, step: str, given: Mapping[str, Plain] | None = None) -> list[dict[str, Plain]]:
    """The same of a case that has been judged on the day."""
    given = {name: FACETS[name].part(one) if _recorded(name) else one for name, one in (given or {}).items()}
    place, run = now.plan.by_id.get(step), now.run
    rules = run.found[place.index].rules if place is not None else None
    if place is None or rules is None:
        return [dict(given)]
    records = run.counted.records.get(place.index, [])
    moment = Moment(now.case, now.day, {}, {})
    evidence = dict(given)
    for name, facet in rules.facets.items():
        if facet.evidence is not None:
            one = facet.least(given.get(name), records, moment)
            if one is not None:
                evidence[name] = one
    if place.outcomes:
        _put(evidence, place.outcomes)
    further = [
        {name: evidence[name]}
        for name, facet in rules.facets.items()
        for _ in range(facet.more(records) if name in evidence else 0)
    ]
    return [evidence, *further]


def _put(evidence: dict[str, Any], outcomes: Mapping[str, Outcome]) -> None:
    """Put the regular motion where none is named, and the shortest time of one that begins another round."""
    for name in [name for name in evidence if kind_of(name).moves]:
        kind = kind_of(name)
        given = kind.put(evidence[name], next(iter(outcomes)), 0)
        motion = outcomes.get(kind.motion(kind.read(given))[0])
        months = motion.months[0] if motion is not None and motion.then == "repeat" else 0
        evidence[name] = kind.put(given, "", months)


def _recorded(name: str) -> bool:
    return name in FACETS and FACETS[name].evidence is not None
