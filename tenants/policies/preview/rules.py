"""What a change of activations does to the rules at a unit: parameters, steps, rules beside them, blanks. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

import msgspec

from dangwu import FACETS, Citation, Effective, Policy, Regime, StepRules, explain, infeasible


class ParameterChange(msgspec.Struct, frozen=True):
    """One requirement that changes: `before` and `after` are its words, None where there is none.

    `when` are the titles of the groups of tags for whose cases alone this holds; `citations` are the rules that set it (before,
    if it goes).
    """

    step: str
    step_title: str
    facet: str
    facet_title: str
    param: str
    key: str
    before: str | None
    after: str | None
    rules: tuple[str, ...]
    citations: tuple[Citation, ...]
    when: tuple[str, ...] = ()


class StepChange(msgspec.Struct, frozen=True):
    """A step that comes in or goes out; `behind` is the title of the step before it in the order."""

    step: str
    title: str
    level: str
    stage: str
    behind: str
    rules: tuple[str, ...]
    when: tuple[str, ...] = ()


class BesideChange(msgspec.Struct, frozen=True):
    """A rule about no step (of a duty, a rating, a yearly plan) that is `new`, `gone` or `changed`."""

    rule: str
    kind: str


class RuleChanges(msgspec.Struct, frozen=True):
    """All of it, as of the day on which the change begins.

    `absorbed` are sentences about rules that change nothing here; `idle` rules on steps that nobody has inserted; `blanks`
    the open ones by `plugin.blank`, with their titles; `infeasible` sentences about what cannot be done any more, or never in
    time, however fast one is.
    """

    parameters: tuple[ParameterChange, ...]
    inserted: tuple[StepChange, ...]
    removed: tuple[StepChange, ...]
    absorbed: tuple[str, ...]
    idle: tuple[str, ...]
    blanks: Mapping[str, str]
    infeasible: tuple[str, ...] = ()
    beside: tuple[BesideChange, ...] = ()


UNCHANGED = RuleChanges((), (), (), (), (), {})
"""Where there is nothing to compare."""


def rule_changes(before: Regime, after: Regime, touched: Sequence[Policy], day: date) -> RuleChanges:
    """Compare two regimes of one unit on `day`, for everybody and then for each group of tags that `touched` speak of."""
    speaking = {rule.when for policy in touched for rule in policy.rules}
    groups = sorted({frozenset[str](), *speaking}, key=lambda tags: (len(tags), sorted(tags)))
    found = [(tags, _changes(before, after, day, tags)) for tags in groups]
    parameters = _each_once(after, ((tags, one[0]) for tags, one in found))
    inserted = _each_once(after, ((tags, one[1]) for tags, one in found))
    removed = _each_once(after, ((tags, one[2]) for tags, one in found))
    effective = [after.on(day, frozenset(), name) for name in after.floor.procedures]
    return RuleChanges(
        tuple(parameters),
        tuple(inserted),
        tuple(removed),
        tuple(_absorbed(after, effective, {policy.id for policy in touched})),
        tuple(sorted({rule for one in effective for rules in one.idle.values() for rule in rules})),
        {name: blank.title for name, blank in after.open_blanks.items()},
        tuple(_infeasible(before, after, {policy.id for policy in touched}, day)),
        tuple(_beside(before, after, day)),
    )


def _beside(before: Regime, after: Regime, day: date) -> Iterable[BesideChange]:
    """What holds beside all steps before and after, for whomever."""
    was, now = (
        {one.rule.id: one for one in regime.bound if not one.rule.steps and one.holds(day, one.rule.when)}
        for regime in (before, after)
    )
    for rule in dict.fromkeys((*was, *now)):
        if rule not in was or rule not in now:
            yield BesideChange(rule, "gone" if rule in was else "new")
        elif (was[rule].rule, was[rule].facets, was[rule].stated, was[rule].rating) != (
            now[rule].rule, now[rule].facets, now[rule].stated, now[rule].rating,
        ):  # fmt: skip
            yield BesideChange(rule, "changed")


def _infeasible(before: Regime, after: Regime, touched: Collection[str], day: date) -> Iterable[str]:
    """In sentences what cannot be done since the change."""
    was = {(one.procedure, one.step, one.why) for one in infeasible(before, day, touched)}
    for one in infeasible(after, day, touched):
        if (one.procedure, one.step, one.why) not in was:
            yield f"{explain.infeasible(after, one)}。"


C = TypeVar("C", ParameterChange, StepChange)


def _each_once(regime: Regime, groups: Iterable[tuple[frozenset[str], list[C]]]) -> list[C]:
    """Each change once, with all the groups whom it concerns (no group where it concerns everybody); the smaller sets of tags
    come first, and a set that holds another adds nothing."""
    found: dict[object, C] = {}
    whom: dict[object, list[frozenset[str]]] = {}
    for tags, changes in groups:
        for one in changes:
            known = whom.setdefault(_identity(one), [])
            if not any(less <= tags for less in known):
                known.append(tags)
            found.setdefault(_identity(one), one)
    return [msgspec.structs.replace(one, when=_named(regime, whom[key])) for key, one in found.items()]


def _named(regime: Regime, groups: Iterable[frozenset[str]]) -> tuple[str, ...]:
    return tuple("且".join(regime.terms.get(tag, tag) for tag in sorted(tags)) for tags in groups if tags)


def _identity(change: ParameterChange | StepChange) -> object:
    if isinstance(change, StepChange):
        return change.step
    return change.step, change.facet, change.param, change.key, change.before, change.after


_Found = tuple[list[ParameterChange], list[StepChange], list[StepChange]]


def _changes(before: Regime, after: Regime, day: date, tags: frozenset[str]) -> _Found:
    found: _Found = [], [], []
    for name in after.floor.procedures:
        old, new = before.on(day, tags, name).steps, after.on(day, tags, name).steps
        for step in new:
            if step in old and new[step] != old[step]:
                found[0].extend(_parameters(before, after, old[step], new[step]))
        found[1].extend(_steps(new, old))
        found[2].extend(_steps(old, new))
    return found


def _steps(here: Mapping[str, StepRules], there: Mapping[str, StepRules]) -> list[StepChange]:
    found, behind = [], ""
    for step in here.values():
        if step.id not in there:
            found.append(StepChange(step.id, step.title, step.level, step.stage, behind, step.rules))
        behind = step.title
    return found


def _parameters(before: Regime, after: Regime, old: StepRules, new: StepRules) -> Iterable[ParameterChange]:
    was = {(line.facet, line.param, line.key): line for line in explain.requirements(before, old)}
    now = {(line.facet, line.param, line.key): line for line in explain.requirements(after, new)}
    for name in dict.fromkeys((*was, *now)):
        one, two = was.get(name), now.get(name)
        if one is not None and two is not None and (one.text, one.advisory) == (two.text, two.advisory):
            continue
        cited = (two or one).citations  # type: ignore[union-attr]
        yield ParameterChange(
            new.id, new.title, name[0], FACETS[name[0]].title, name[1], name[2], _words(one), _words(two),
            tuple(item.rule for item in cited), cited,
        )  # fmt: skip
    if old.on_failure != new.on_failure:
        regime = after if (ids := explain.failing(after, new)) else before
        ids = ids or explain.failing(before, old)
        yield ParameterChange(
            new.id, new.title, "on_failure", "未通过的处理", "", "", _failure(before, old), _failure(after, new), ids,
            tuple(explain.citation(regime, one) for one in ids),
        )  # fmt: skip


def _words(line: explain.Line | None) -> str | None:
    if line is None:
        return None
    return line.text + ("（提示，不作限制）" if line.advisory else "")


def _failure(regime: Regime, rules: StepRules) -> str:
    if rules.on_failure.close:
        return "终止"
    if rules.on_failure.return_to:
        return f"退回到“{explain.title(regime, rules.on_failure.return_to)}”"
    return "可以重新办理"


def _absorbed(regime: Regime, effective: Sequence[Effective], touched: set[str]) -> Iterable[str]:
    for step in (step for one in effective for step in one.steps.values()):
        mine = tuple(one for one in step.absorbed if regime.rules[one.rule].plugin in touched)
        if mine:
            for sentence in explain.absorbed(regime, msgspec.structs.replace(step, absorbed=mine)):
                yield f"{step.title}：{sentence}"
