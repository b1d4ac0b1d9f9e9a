"""What this person can do with a step now. Asked of core, never decided here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from core.actor import LEVELS, Actor
from core.casework.levels import (
    BY_LEVEL,
    CONCLUSIVE,
    acting_level,
    own_level,
    platform_level,
    refuse_two_levels,
)
from core.casework.model import EntryView
from core.casework.standing import waits_for
from core.errors import DomainError
from dangwu.effective import StepRules
from dangwu.facet import FORBIDDEN, MISSING
from dangwu.standing import FAILED, StepStanding
from dangwu.vocabulary import rank


class Part(msgspec.Struct, frozen=True):
    """What one level may give in a step: `own` everything but reviews, consents, filings; and of those the `keys` by facet."""

    level: str
    own: bool
    keys: dict[str, tuple[str, ...]]

    @property
    def facets(self) -> frozenset[str]:
        """The facets by level in which it has something to say."""
        return frozenset(facet for facet, keys in self.keys.items() if keys)


def parts(actor: Actor, path: str, rules: StepRules, entries: Sequence[EntryView]) -> list[Part]:
    """The levels at which he could record something in a step, with what; lowest first; [] when it is not his to do."""
    found = []
    for level in LEVELS:
        if _refused(refuse_two_levels, actor, entries, level):
            continue
        own = level == own_level(rules) and not _refused(acting_level, actor, path, rules, {})
        keys = {facet: tuple(_keys(actor, path, rules, facet, level)) for facet in BY_LEVEL}
        if own or any(keys.values()):
            found.append(Part(level, own, keys))
    return found


def _keys(actor: Actor, path: str, rules: StepRules, facet: str, level: str) -> Iterator[str]:
    asked: frozenset[str] = getattr(rules.facets.get(facet), "levels", frozenset())
    for key in sorted({part for one in asked for part in one.split("|")}, key=rank):
        given = {facet: {key: {}} if facet in CONCLUSIVE else [key]}
        if platform_level(key) == level and not _refused(acting_level, actor, path, rules, given):
            yield key


def _refused(ask: Callable[..., object], *given: object) -> bool:
    try:
        ask(*given)
    except DomainError:
        return True
    return False


def can_go_on(step: StepStanding, mine: Sequence[Part]) -> bool:
    """Whether one of his parts gives what the step lacks now (and not only time, or another level)."""
    if step.rules is None or any(one.kind == FORBIDDEN and one.since is not None for one in step.findings):
        return False
    now = [part for part in mine if part.level in waits_for(step)]
    if step.state == FAILED:
        failure = step.rules.on_failure
        return bool(now) and not failure.close and not failure.return_to
    lacking = {one.code.partition(".")[0] for one in step.findings if one.kind == MISSING}
    others = lacking.intersection(BY_LEVEL)
    return any((part.own and (lacking - others or not lacking)) or others & part.facets for part in now)
