"""What a judgement rests on that is a plugin's own code: it stays as it was found while that code is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dangwu.facets.absent import met_key
from dangwu.facets.registry import is_foreign
from dangwu.judge.evaluate import Judged
from dangwu.judge.standing import StepStanding
from dangwu.regime.checks import acts, check_key


def relied(found: Judged) -> Mapping[str, int]:
    """For `Case.met`: `step/facet` and `step/check.plugin` → with how many records of the step it was met."""
    pairs = {key: count for one in found.standing.steps.values() for key, count in _met(one, found)}
    return dict(sorted(pairs.items()))


def _met(one: StepStanding, found: Judged) -> Iterator[tuple[str, int]]:
    """What of plugins' code has nothing to say of a step."""
    records = found.records.get(one.id, ())
    lacking = {finding.facet for finding in one.findings}
    for name in one.rules.facets if one.rules is not None and records else ():
        if is_foreign(name) and name not in lacking:
            yield met_key(one.id, name), len(records)
    saying = {finding.plugin for finding in one.findings}
    for plugin, since, until, _ in found.regime.checks:
        if one.began is not None and since <= one.began < until and plugin not in saying:
            yield check_key(one.id, plugin), acts(found.case, one.id)


__all__ = ["relied"]
