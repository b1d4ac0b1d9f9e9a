"""The floor: the policies that hold everywhere and that nobody can switch off, as one ground for all others.

Each says `floor: true`, declares procedures of its own and every step of theirs; one of all procedures is the default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import TypeVar

import msgspec

from dangwu.errors import PolicyError, nearest
from dangwu.policy.policy import Policy, Procedure

V = TypeVar("V")


class Held(msgspec.Struct, frozen=True):
    """A text of the floor with its time: from `since` (None: always) until `until`, the first day on which it no longer holds."""

    policy: Policy
    since: date | None = None
    until: date | None = None


class Floor(msgspec.Struct, frozen=True, dict=True, eq=False):
    """The floor's policies, in the order of their ids. Make it with `floor_of`, which looks whether they agree.
    It equals none but itself: what is worked out of it is kept by it.

    `history`: where texts have followed each other, all of them with their times; where it is empty `policies` hold always.
    """

    policies: tuple[Policy, ...] = ()
    history: tuple[Held, ...] = ()

    @cached_property
    def held(self) -> tuple[Held, ...]:
        """Every text with its time, the newest first."""
        newest = sorted(self.history, key=lambda one: one.since or date.min, reverse=True)
        return tuple(newest) or tuple(Held(policy) for policy in self.policies)

    @cached_property
    def texts(self) -> tuple[Policy, ...]:
        """The policies, then their earlier texts: what steps and words have been called."""
        earlier = (one.policy for one in self.held if one.policy not in self.policies)
        return (*self.policies, *earlier)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of its policies."""
        return frozenset(policy.id for policy in self.policies)

    @cached_property
    def procedures(self) -> Mapping[str, Procedure]:
        """Every procedure by id, the default one first."""
        found = _first(policy.procedures for policy in self.texts)
        return dict(sorted(found.items(), key=lambda item: not item[1].default))

    @cached_property
    def default(self) -> str:
        """The procedure that is meant where none is named; "" if no policy marks one."""
        return next((name for name, one in self.procedures.items() if one.default), "")

    @cached_property
    def terms(self) -> Mapping[str, str]:
        """Its words with their titles."""
        return _first(policy.terms for policy in self.texts)

    @cached_property
    def tags(self) -> Mapping[str, str]:
        """Its tags with their titles."""
        return _first(policy.tags for policy in self.texts)

    @cached_property
    def _steps(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {name: {} for name in self.procedures}
        for policy in self.texts:
            for rule in policy.rules:
                if rule.kind == "add":
                    found[rule.procedure].setdefault(rule.steps[0])
        return {name: tuple(steps) for name, steps in found.items()}

    def steps(self, procedure: str = "") -> tuple[str, ...]:
        """The ids of a procedure's own steps as the floor lists them (the default one's); none for an unknown one."""
        return self._steps.get(procedure or self.default, ())


def _first(listed: Iterable[Mapping[str, V]]) -> dict[str, V]:
    """All of them as one; what several name is as the first has it."""
    found: dict[str, V] = {}
    for one in listed:
        for name, value in one.items():
            found.setdefault(name, value)
    return found


def floor_of(policies: list[Policy]) -> Floor:
    """These policies as the floor. Raises PolicyError when they cannot stand side by side."""
    floor = Floor(tuple(sorted(policies, key=lambda policy: policy.id)))
    problems = [*_twice(floor), *_defaults(floor), *_shared(floor), *_named(floor)]
    if problems:
        raise PolicyError(problems)
    return floor


def _twice(floor: Floor) -> list[str]:
    declared: dict[str, str] = {}
    return [
        f"流程“{name}”由插件 {declared[name]} 和 {policy.id} 都写明了。一个流程只由一个插件写明，请去掉其中一处。"
        for policy in floor.policies
        for name in policy.procedures
        if declared.setdefault(name, policy.id) != policy.id
    ]


def _defaults(floor: Floor) -> list[str]:
    marked = [name for name, one in floor.procedures.items() if one.default]
    if len(marked) < 2:
        return []
    return [
        f"写了 default: true 的流程有 {'、'.join(sorted(marked))}，只能有一个。请留下一个，其余的删去这一项。"
    ]


def _shared(floor: Floor) -> list[str]:
    """Steps of one name in two procedures: lists and events name a step alone."""
    declared: dict[str, str] = {}
    return [
        f"环节“{step}”在流程 {declared[step]} 和 {name} 中都有。各流程的环节标识不能相同，请改其中一个。"
        for name in floor.procedures
        for step in floor.steps(name)
        if declared.setdefault(step, name) != name
    ]


def _named(floor: Floor) -> list[str]:
    """Procedures that another one's opening names, and where a case of them comes to, which nothing on the floor declares."""
    known = floor.procedures
    reached = [
        f"{name}.{word}" for name, one in known.items() for word in (*one.ends, *(s.id for s in one.states))
    ]
    return [
        f"流程 {name}：opens.{where} 中的“{word}”底线没有写明{nearest(word, choice)}。{how}"
        for name, one in known.items()
        for where, words, choice, how in (
            ("apart", one.opens.apart, [*known], "写成流程的标识。"),
            ("after", one.opens.after, reached, "写成 流程.终止原因 或 流程.状态。"),
        )
        for word in words
        if word not in choice
    ]
