"""What a change of activations does to the cases under way. Pure: values in, values out, no database and no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from core.casework.model import Way
from core.casework.standing.budget import late
from core.casework.standing.columns import telling_columns
from dangwu import BLOCKED, FAILED, OPEN, RUNNING, WAITING, Case, Regime, Standing, explain, judged
from tenants.policies.preview.ahead import Ahead
from tenants.policies.preview.found import (
    CONSEQUENCES,
    HOLDING,
    Affected,
    CaseChanges,
    Danger,
    first,
    rank,
    soonest,
)


class CaseSeen(msgspec.Struct, frozen=True):
    """A case under way; `stored` are its standing columns as they are in the database, None if they are not of that day."""

    id: UUID
    name: str
    way: Way
    case: Case
    stored: Mapping[str, object] | None


class _Compared(msgspec.Struct, frozen=True):
    """A case as it will stand, with what is different: effect → steps, and the deadlines that it can no longer meet."""

    one: CaseSeen
    regime: Regime
    standing: Standing
    effects: Mapping[str, tuple[str, ...]]
    danger: tuple[Danger, ...]
    ahead: bool = False


def case_changes(
    seen: Iterable[CaseSeen], before: Mapping[Way, Regime], after: Mapping[Way, Regime], day: date
) -> CaseChanges:
    """Evaluate every case on `day` under its new regime and compare with how it stood; the gravest are listed first.

    A case that will stand as it is stored is not affected, nor is one whose procedure the change does not touch, which is only
    counted; every other is evaluated under its old regime too, so that what
    was stored by an older version of the program never passes for a change.
    """
    ahead, everybody = Ahead(day), list(seen)
    reached = _reached(everybody, before, after)
    compared = [_compared(one, before[one.way], after[one.way], day, ahead) for one in reached]
    affected = [one for one in compared if one.effects]
    affected.sort(key=lambda one: rank(one, one.one.name, one.one.id))
    danger = [item for one in compared for item in one.danger]
    return CaseChanges(
        under_way=len(everybody),
        affected=len(affected),
        held=sum(not HOLDING.isdisjoint(one.effects) for one in affected),
        ahead=sum(one.ahead for one in compared),
        endangered=len(danger),
        counts={effect: sum(effect in one.effects for one in affected) for effect in CONSEQUENCES},
        listed=tuple(_listed(one) for one in first(affected)),
        danger=soonest(danger),
    )


def _reached(
    seen: Iterable[CaseSeen], before: Mapping[Way, Regime], after: Mapping[Way, Regime]
) -> Iterator[CaseSeen]:
    """The cases of procedures that the change touches."""
    known: dict[tuple[Regime, Regime, str], bool] = {}
    for one in seen:
        was, then, procedure = key = before[one.way], after[one.way], one.case.procedure
        if key not in known:
            known[key] = was.alike(then, procedure)
        if not known[key]:
            yield one


def _compared(one: CaseSeen, before: Regime, after: Regime, day: date, ahead: Ahead) -> _Compared:
    found = judged(after, one.case, day)
    standing = found.standing
    columns = telling_columns(standing)
    tight = late(found)
    same = one.stored is not None and _same(columns, one.stored)
    if same and not tight:
        return _Compared(one, after, standing, {}, (), ahead.altered(before, after, one.case, standing))
    stood = judged(before, one.case, day)
    old = telling_columns(stood.standing)
    already = late(stood) if tight else {}
    danger = tuple(
        Danger(one.id, one.name, step, explain.title(after, step), missed.due, missed.soonest)
        for step, missed in tight.items()
        if step not in already
    )
    effects = {} if _same(columns, old) else _effects(old, columns, standing)
    ahead_only = not effects and ahead.altered(before, after, one.case, standing)
    return _Compared(one, after, standing, effects, danger, ahead_only)


def _same(columns: Mapping[str, object], others: Mapping[str, object]) -> bool:
    return all(others[name] == value for name, value in columns.items())


def _effects(
    columns: Mapping[str, Any], after: Mapping[str, Any], standing: Standing
) -> dict[str, tuple[str, ...]]:
    """Effect → steps; `changes` when only requirements differ."""
    was = dict(zip(columns["open_steps"], columns["open_states"], strict=True))
    now = dict(zip(after["open_steps"], after["open_states"], strict=True))
    gone = {
        step: standing.steps[step].state if step in standing.steps else "" for step in was if step not in now
    }
    found = {
        "closes": tuple(now) if standing.status != RUNNING and columns["status"] == RUNNING else (),
        "fails": tuple(step for step, state in now.items() if state == FAILED and was.get(step) != FAILED),
        "blocks": (
            *(step for step, state in gone.items() if state == BLOCKED),
            *(step for step, state in now.items() if state == BLOCKED and was.get(step) != BLOCKED),
        ),
        "waits": tuple(step for step, state in now.items() if state == WAITING and was.get(step) != WAITING),
        "asks": tuple(step for step, state in now.items() if state == OPEN and was.get(step) != OPEN),
        "frees": tuple(step for step, state in gone.items() if state != BLOCKED),
    }
    effects = {effect: steps for effect, steps in found.items() if steps}
    if standing.status != RUNNING and columns["status"] == RUNNING:
        effects.setdefault("closes", ())
    return effects or {"changes": tuple(now)}


def _listed(compared: _Compared) -> Affected:
    one, regime = compared.one, compared.regime
    titles = {
        effect: tuple(explain.title(regime, step) for step in steps)
        for effect, steps in compared.effects.items()
    }
    sentences = {effect: _sentences(compared, effect) for effect in compared.effects}
    return Affected(one.id, one.name, one.way.path, titles, sentences)


def _sentences(compared: _Compared, effect: str) -> tuple[str, ...]:
    """What the steps that feel an effect will say (where steps are blocked or gone, what is open instead); of a mere change of
    requirements nothing: what is lacking was lacking before."""
    if effect == "changes":
        return ()
    steps = compared.standing.open if effect in ("blocks", "frees") else compared.effects[effect]
    return tuple(
        f"{explain.title(compared.regime, step)}：{explain.sentence(compared.regime, finding)}"
        for step in steps
        for finding in explain.worth_saying(compared.standing.steps[step].findings)
    )
