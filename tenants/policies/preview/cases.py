"""What a change of activations does to the cases under way. Pure: values in, values out, no database and no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from core.casework.model import Way
from core.casework.standing.budget import late
from core.casework.standing.columns import standing_columns
from dangwu import BLOCKED, FAILED, OPEN, RUNNING, WAITING, Case, Regime, Standing, explain, judged
from tenants.policies.preview.ahead import Ahead

EFFECTS = ("closes", "fails", "blocks", "waits", "asks", "changes", "frees")
"""Of the effects on one case, the gravest is the first of these:

closes (终止)、fails (有环节不再通过)、blocks (正在办的环节被挡住)、waits (须等期限)、asks (要补办或重新办)、changes (要求有变)、
frees (不再需要的环节)."""

HOLDING = frozenset({"closes", "fails", "blocks", "waits"})
"""The effects by which a case that could go on cannot."""

COMPARED = ("status", "stage", "open_steps", "open_states", "reasons", "next_due")
MOST_LISTED = 200


class CaseSeen(msgspec.Struct, frozen=True):
    """A case under way; `stored` are its standing columns as they are in the database, None if they are not of that day."""

    id: UUID
    name: str
    way: Way
    case: Case
    stored: Mapping[str, object] | None


class Affected(msgspec.Struct, frozen=True):
    """A case that stands otherwise after the change: effect → titles of the steps concerned, and what they will say."""

    case_id: UUID
    name: str
    path: str
    effects: Mapping[str, tuple[str, ...]]
    sentences: Mapping[str, tuple[str, ...]]

    @property
    def effect(self) -> str:
        """The gravest effect."""
        return next(effect for effect in EFFECTS if effect in self.effects)

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that feel the gravest effect."""
        return self.effects[self.effect]


class Danger(msgspec.Struct, frozen=True):
    """A deadline that can be met now and no more after the change: due on `due`, possible from `soonest` on."""

    case_id: UUID
    name: str
    step: str
    step_title: str
    due: date
    soonest: date


class CaseChanges(msgspec.Struct, frozen=True):
    """`under_way` cases were looked at; `counts` says how many have each effect (a case may have several).

    `held` cannot go on as they could: they end, fail, are blocked or wait. `ahead` stand as they did, but steps that they have
    still to begin will ask for something else, or fall away.
    `listed` has, of each effect, the first MOST_LISTED cases.
    """

    under_way: int
    affected: int
    held: int
    ahead: int
    counts: Mapping[str, int]
    listed: tuple[Affected, ...]
    danger: tuple[Danger, ...]


class _Compared(msgspec.Struct, frozen=True):
    """A case as it will stand, with what is different: effect → steps, and the deadlines that it can no longer meet."""

    one: CaseSeen
    regime: Regime
    standing: Standing
    effects: Mapping[str, tuple[str, ...]]
    danger: tuple[Danger, ...]
    ahead: bool = False

    @property
    def gravest(self) -> str:
        return next(effect for effect in EFFECTS if effect in self.effects)


def case_changes(
    seen: Iterable[CaseSeen], before: Mapping[Way, Regime], after: Mapping[Way, Regime], day: date
) -> CaseChanges:
    """Evaluate every case on `day` under its new regime and compare with how it stood; the gravest are listed first.

    A case that will stand as it is stored is not affected; every other is evaluated under its old regime too, so that what
    was stored by an older version of the program never passes for a change.
    """
    ahead = Ahead(day)
    compared = [_compared(one, before[one.way], after[one.way], day, ahead) for one in seen]
    affected = [one for one in compared if one.effects]
    affected.sort(key=lambda one: (EFFECTS.index(one.gravest), one.one.name, str(one.one.id)))
    danger = sorted((item for one in compared for item in one.danger), key=lambda item: (item.due, item.name))
    return CaseChanges(
        under_way=len(compared),
        affected=len(affected),
        held=sum(not HOLDING.isdisjoint(one.effects) for one in affected),
        ahead=sum(one.ahead for one in compared),
        counts={effect: sum(effect in one.effects for one in affected) for effect in EFFECTS},
        listed=tuple(_listed(one) for one in _first(affected)),
        danger=tuple(danger),
    )


def _compared(one: CaseSeen, before: Regime, after: Regime, day: date, ahead: Ahead) -> _Compared:
    found = judged(after, one.case, day)
    standing = found.standing
    columns = standing_columns(standing, day)
    tight = late(found)
    same = one.stored is not None and _same(columns, one.stored)
    if same and not tight:
        return _Compared(one, after, standing, {}, (), ahead.altered(before, after, one.case, standing))
    stood = judged(before, one.case, day)
    old = standing_columns(stood.standing, day)
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
    return all(columns[name] == others[name] for name in COMPARED)


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


def _first(affected: Iterable[_Compared]) -> Iterator[_Compared]:
    """Those that are among the first MOST_LISTED of one of their effects."""
    seen = dict.fromkeys(EFFECTS, 0)
    for one in affected:
        if any(seen[effect] < MOST_LISTED for effect in one.effects):
            yield one
        for effect in one.effects:
            seen[effect] += 1


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
