"""The changes of a policy: in each of its rules one value at a time, and each rule as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

import msgspec

from dangwu.author.altering.other import GONE, Other, Words, others
from dangwu.facets.registry import FACETS
from dangwu.policy.duty import Duty
from dangwu.policy.known import Known
from dangwu.policy.load_rule import VERBS
from dangwu.policy.plan import Wording
from dangwu.policy.policy import Policy, Rule, StepFacts
from dangwu.policy.rating import Rating
from dangwu.policy.spelled import ruled
from dangwu.regime.regime import Regime
from dangwu.shapes.faults import Path
from dangwu.shapes.short import Plain
from dangwu.text.reader import like, line_of
from dangwu.values.vocabulary import LEVELS
from dangwu.values.word import typed_fields

ABOUT: Mapping[str, type[msgspec.Struct]] = {"duty": Duty, "rating": Rating, "plan": Wording}
"""What a rule about no step says, by its verb."""
CALLED = frozenset({"id", "title", "note", "cite", "basis", "checked", "was", "corrects", "blanks", *VERBS})
"""The fields of a rule that only name and explain it. Of several steps that it tightens each is one that is wanted."""
DECLARING = frozenset({"tag", "term"})


class Change(NamedTuple):
    """One value of a rule changed: at `path` within the rule (none: all of it) from `was` to `now`; `whole` is the policy's file
    with it, as read."""

    rule: str
    title: str
    line: int
    named: tuple[str, ...]
    """The words by which a rehearsal may speak of the rule: its id, its steps, its duty, scheme or plan."""
    path: Path
    was: Plain
    now: Plain
    whole: Plain


def changes(raw: Plain, policy: Policy, regime: Regime) -> Iterator[Change]:
    """All of a policy that was read from `raw`, whose words and steps are those of `regime`."""
    listed, known = ruled(raw), Known([*regime.floor.policies, policy])
    for number, rule in enumerate(listed):
        verb = next(one for one in VERBS if one in rule)
        for one in _of_a_rule(rule, verb, _words(rule[verb], known, regime)) if verb not in DECLARING else ():
            kept = [] if one.whole is GONE else [like(rule, one.whole)]
            whole = like(raw, {**raw, "rules": [*listed[:number], *kept, *listed[number + 1 :]]})
            name = f"{policy.id}.{rule['id']}"
            title, named = str(rule.get("title", name)), (name, *_about(rule[verb]))
            yield Change(name, title, line_of(rule), named, one.path, one.was, one.now, whole)


def _of_a_rule(rule: Mapping[str, Plain], verb: str, words: Words) -> Iterator[Other]:
    yield Other((), rule, GONE, GONE)
    told = {
        key: one for key, one in rule.items() if key not in CALLED or (isinstance(one, list) and key == verb)
    }
    for one in others(_typed(verb), told, words):
        yield one._replace(whole={**{key: rule[key] for key in rule if key not in told}, **one.whole})


@cache
def _typed(verb: str) -> Mapping[str, object]:
    """The types of what is written beside a verb, by field."""
    structs = (Rule, StepFacts, *((ABOUT[verb],) if verb in ABOUT else ()))
    return {**FACETS, **{name: kind for one in structs for name, kind in typed_fields(one)}, verb: object}


def _words(about: Plain, known: Known, regime: Regime) -> Words:
    """The words of each category; of steps and stages those of the procedure that the rule is about, in its order."""
    procedure = _steps(about)[0].partition("/")[0]
    plan = regime.plan(procedure) if procedure in regime.floor.procedures else None
    steps = {"step": [one.id for one in plan.steps], "stage": [*plan.stages]} if plan else {}
    return {
        "level": [*LEVELS],
        **steps,
        **{name: [*found] for name, found in known.by.items() if name not in steps},
    }


def _about(about: Plain) -> Iterator[str]:
    """The steps, the duty, the scheme or the plan that a rule is about."""
    return (one.rpartition("/")[2] for one in _steps(about))


def _steps(about: Plain) -> list[str]:
    return [about] if isinstance(about, str) else [*about]


__all__ = ["Change", "changes"]
