"""What must be held to go on with an open step now: a level, and a right at it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from core.actor import LEVELS, Actor, Capability
from core.casework.levels import levels_asked, own_level, platform_level
from core.casework.standing.steps import goes_back_to, is_void, waits_for
from dangwu import FAILED, MISSING, StepRules, StepStanding, kind_of

RIGHTS: dict[Capability, str] = {"case.record": "record", "case.review": "review", "case.return": "return"}
"""The capabilities by which somebody goes on with a case, as a turn names them: `committee.review`."""


def turns_of(step: StepStanding) -> frozenset[str]:
    """The turns of a step as it stands, any of which is enough to do something about it: `level.right`.

    Empty while only time, or somebody outside, can change it. What has failed for good is sent back by the step's own level.
    """
    own, side = own_level(step.rules), step.rules.side if step.rules is not None else "sending"
    if is_void(step) or (step.state == FAILED and goes_back_to(step)):
        return frozenset({f"{own}.return"}) if goes_back_to(step) else frozenset()
    if step.rules is None or (step.state == FAILED and step.follows.close):
        return frozenset()
    return frozenset(
        turn(level, right, side)
        for level in waits_for(step)
        for right in _rights_at(step, step.rules, level, level == own)
    )


def turn(level: str, right: str, side: str) -> str:
    """A turn as it is written: `committee.review`, and `committee.review.there` of a step on the receiving side."""
    return f"{level}.{right}.there" if side == "receiving" else f"{level}.{right}"


def _rights_at(step: StepStanding, rules: StepRules, level: str, own: bool) -> Iterator[str]:
    lacking = {one.facet for one in step.findings if one.kind == MISSING}
    others = {facet for facet in lacking if kind_of(facet).by_level}
    if own and (step.state == FAILED or lacking - others or not lacking):
        yield "record"
    for facet in rules.facets if step.state == FAILED else others:
        if any(platform_level(key) == level for key in _asked(rules, facet)):
            yield "review" if kind_of(facet).concludes else "record"


def _asked(rules: StepRules, facet: str) -> Iterable[str]:
    return levels_asked(rules, facet) if kind_of(facet).by_level else ()


def turns_at(
    actor: Actor, path: str, acted: Iterable[str] = (), to_path: str | None = None
) -> frozenset[str]:
    """The turns that are his in a case of the unit at `path`, whose person goes to the one at `to_path`. `acted`
    (`level:account`) are those who have acted in the case: who has at one level, or his deputy or whose deputy he is, does not
    act at another."""
    his = {str(one) for one in actor.accounts}
    before = {level for level, _, by in (one.partition(":") for one in acted) if by in his}
    return frozenset(
        turn(level, right, side)
        for capability, right in RIGHTS.items()
        for side, place in (("sending", path), ("receiving", to_path))
        if place
        for level in actor.levels(place, capability)
        if before <= {level}
    )


def turns_held(actor: Actor) -> Mapping[tuple[str, str], list[str]]:
    """Level and path of each of his holdings → the turns that it gives him; those without any are left out."""
    found: dict[tuple[str, str], set[str]] = {}
    for held in actor.holdings:
        turns = {f"{held.level}.{right}" for word, right in RIGHTS.items() if word in held.capabilities}
        if turns:
            found.setdefault((held.level, held.path), set()).update(turns)
    return {key: sorted(turns) for key, turns in sorted(found.items())}


def others_than(level: str) -> list[str]:
    """All levels but one."""
    return [one for one in LEVELS if one != level]
