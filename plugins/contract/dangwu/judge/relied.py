"""What a judgement rests on that is a plugin's own code: it stays as it was found while that code is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dangwu.facets.absent import met_key
from dangwu.facets.registry import is_foreign
from dangwu.judge.evaluate import Judged
from dangwu.judge.run import Run
from dangwu.judge.standing import DONE, StepStanding
from dangwu.regime.checks import acts, check_key


def relied(found: Judged) -> Mapping[str, int]:
    """For `Case.met`: `step/facet` and `step/check.plugin` → with how many records of the step it was met, in each round."""
    pairs = {
        f"{number}:{key}" if number else key: count
        for number, run in enumerate(found.rounds)
        for one in run.found
        for key, count in _met(one, run)
    }
    return dict(sorted(pairs.items()))


def _met(one: StepStanding, run: Run) -> Iterator[tuple[str, int]]:
    """What of plugins' code has nothing to say of a step."""
    step = run.plan.by_id.get(one.id)
    records = run.counted.records.get(step.index, ()) if step is not None else ()
    lacking = {finding.facet for finding in one.findings}
    for name in one.rules.facets if one.rules is not None and records else ():
        if is_foreign(name) and name not in lacking:
            yield met_key(one.id, name), len(records)
    saying = {finding.plugin for finding in one.findings}
    asked = one.began or (
        run.today if one.state == DONE else None
    )  # done without a record: all of it was excused
    for plugin, since, until, _ in run.checks:
        if asked is not None and since <= asked < until and plugin not in saying:
            yield check_key(one.id, plugin), acts(run.case, one.id, run.today)


__all__ = ["relied"]
