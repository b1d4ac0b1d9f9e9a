"""Adopting, adjusting and ending policies at a unit: checked, signed, versioned, and known everywhere within a second."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.actor import LEVELS, Actor
from core.errors import Forbidden, NotFound
from core.events import Happening, tell
from core.ledger.note import note
from core.organisation.access import access_unit
from core.organisation.service import refuse_dissolved
from dangwu import rank
from tenants.accounts.capabilities import ROLES
from tenants.policies.allowance import allowance
from tenants.policies.changes import (
    NO_SUCH_ACTIVATION,
    Activation,
    Adjust,
    Adopt,
    Change,
    End,
    Place,
    after,
    plan,
)
from tenants.policies.check import (
    check_basis,
    check_choice,
    check_composition,
    check_overlap,
    check_plugin,
    check_steps,
    full_ids,
)
from tenants.policies.lineage import Move
from tenants.policies.news import begin_policy_change
from tenants.policies.regimes import CountyPolicies, county_policies, read_texts
from tenants.policies.rows import live_activations, moves, versions_at, write
from tenants.policies.seen import refuse_changed
from tenants.policies.standings import recompute_below
from tenants.policies.supplement import chosen, is_supplement
from tenants.policies.texts import keep, load
from tenants.policies.updates import text_of
from tenants.queue.outbox import enqueue

_VERBS = {
    "adopt": "policy.adopted",
    "change": "policy.changed",
    "end": "policy.ended",
    "withdraw": "policy.withdrawn",
}


class Planned(msgspec.Struct, frozen=True):
    """A change that has been checked and not been written: the county's live activations before and after it."""

    place: Place
    before: tuple[Activation, ...]
    after: tuple[Activation, ...]
    added: tuple[Activation, ...]
    moves: tuple[Move, ...]


async def prepare(actor: Actor, unit_id: UUID, change: Change) -> Planned:
    """Check a change at a unit and say what it makes of the county's activations; writes nothing.

    Raises NotFound, Forbidden, Invalid (fields), Conflict. `Adjust` and `End` find their unit by the activation.
    """
    check_basis(change.basis if isinstance(change, End) else change.choice.basis)
    live = await live_activations()
    await read_texts(live)
    place = await _place(actor, unit_id, change, live)
    if isinstance(change, Adopt | Adjust):
        change = await _checked(change, live)
    added = plan(live, change, place)
    then, moved = after(live, added), await moves()
    if isinstance(change, Adopt | Adjust):
        check_overlap(then, added)
        check_steps(then, added)
        await check_composition(CountyPolicies(0, live, moved), CountyPolicies(0, then, moved), added)
    return Planned(place, live, then, added, moved)


async def apply(
    actor: Actor, unit_id: UUID, change: Change, today: date, *, seen: str | None = None
) -> tuple[Activation, ...]:
    """Write a change; returns the new versions. Raises as `prepare`, and Stale when somebody was faster.

    `seen` is what the preview rested on (`preview.Previewed`); None for a change that was not looked at before.

    The county's version grows in the same transaction; after the commit every process hears of it, and the standings of the
    cases below the unit are computed anew in the background, as of `today`.
    """
    unit = await access_unit(actor, unit_id, "policy.activate")
    await begin_policy_change()
    if seen is not None:
        refuse_changed(await live_activations(), unit.path, seen)
    planned = await prepare(actor, unit_id, change)
    await write(actor, planned.added)
    for item in planned.added:
        chosen = item.choice
        await note(
            actor, _VERBS[item.act], "activation", item.id, item.unit_id,
            plugin=item.plugin, text=item.text, since=item.since, until=item.until,
            without=sorted(chosen.without), also=sorted(chosen.also), fill=chosen.fill, basis=chosen.basis,
        )  # fmt: skip
    await tell(
        Happening(
            kind="policy-changed",
            today=today,
            day=today,
            path=planned.place.path,
            unit=planned.place.unit_id,
            plugin=name,
        )
        for name in sorted({item.plugin for item in planned.added})
    )
    await enqueue(recompute_below, path=planned.place.path, today=today.isoformat())
    return planned.added


async def _checked(change: Adopt | Adjust, live: tuple[Activation, ...]) -> Adopt | Adjust:
    """The change with full rule ids and the text that it adopts; raises unless plugin and choices fit."""
    if isinstance(change, Adopt) and is_supplement(change.plugin):
        policy = await chosen(change.plugin, change.text)
    elif isinstance(change, Adopt):
        policy = check_plugin(change.plugin)
        change = msgspec.structs.replace(change, text=await keep(policy))
    elif is_supplement((old := _version(live, change.activation_id)).plugin) and change.text:
        policy = await chosen(old.plugin, change.text)
    else:
        policy = text_of(old, change)
        if change.text and change.text != old.text:
            change = msgspec.structs.replace(change, text=await keep(policy), plugin=policy.id)
    choice = full_ids(policy, change.choice)
    check_choice(policy, choice)
    return msgspec.structs.replace(change, choice=choice)


def _version(live: tuple[Activation, ...], activation_id: UUID) -> Activation:
    found = next((item for item in live if item.id == activation_id), None)
    if found is None:
        raise NotFound(NO_SUCH_ACTIVATION)
    return found


async def _place(actor: Actor, unit_id: UUID, change: Change, live: tuple[Activation, ...]) -> Place:
    """The unit, and the level at which the actor decides there. Raises NotFound, Forbidden."""
    unit = await access_unit(actor, unit_id, "policy.activate")
    refuse_dissolved(unit)
    level = max(actor.levels(unit.path, "policy.activate"), key=rank, default=LEVELS[0])
    if level != "department" and level not in await allowance():
        raise Forbidden("县委组织部没有开放本级自行增加政策。如确有需要，请报县委组织部办理。")
    if not isinstance(change, Adopt):
        old = _version(live, change.activation_id)
        if old.unit_id != unit.id:
            raise NotFound(NO_SUCH_ACTIVATION)
        if rank(old.level) > rank(level):
            raise Forbidden("这项政策由上级组织启用，本级不能调整或停用；可以在此基础上增加更严的政策。")
    return Place(unit.id, unit.name, unit.path, level)


async def in_force(actor: Actor, unit_id: UUID) -> tuple[Activation, ...]:
    """The live activations that reach a unit, from the county down, past and future ones too. Raises NotFound, Forbidden."""
    unit = await access_unit(actor, unit_id, "policy.view")
    return (await county_policies()).reaching(unit.path)


async def history(actor: Actor, unit_id: UUID) -> tuple[Activation, ...]:
    """Every version ever written at the unit itself, newest first, with who wrote it and when. Raises NotFound, Forbidden."""
    unit = await access_unit(actor, unit_id, "policy.view")
    versions = await versions_at(unit.id)
    await load(item.text for item in versions)
    return versions


async def who_decides() -> list[str]:
    """The titles of the roles that may adopt policies in this county."""
    levels = {"department", *await allowance()}
    return [one.title for one in ROLES.values() if one.at in levels and "policy.activate" in one.capabilities]


async def may_decide(actor: Actor, path: str) -> bool:
    """Whether he may adopt policies at the unit at `path` (for showing the button; `apply` checks again)."""
    levels = actor.levels(path, "policy.activate")
    return "department" in levels or bool(levels & await allowance())
