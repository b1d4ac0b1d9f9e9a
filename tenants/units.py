"""Changes of the tree in a county, with what follows: roles held at a unit that is gone end, cases are worked out again."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from core.actor import Actor
from core.changes import dissolve as dissolving
from core.changes import merge as merging
from core.changes import move as moving
from core.changes import split as splitting
from core.changes.merge import Merged
from core.changes.split import Divided, Split
from core.organisation.model import UnitView
from tenants.accounts.grants import end_roles_at
from tenants.database.session import current_session
from tenants.policies.news import begin_policy_change
from tenants.policies.standings import recompute_below
from tenants.policies.together import refuse_place
from tenants.queue.outbox import enqueue


class Absorbed(NamedTuple):
    """A merger, and how many roles ended with the old unit."""

    merged: Merged
    roles: int


class Parted(NamedTuple):
    """What was divided, and how many roles ended with the old unit where it is gone."""

    divided: Divided
    roles: int


class Dissolved(NamedTuple):
    """The unit that is gone, and how many roles ended with it."""

    unit: UnitView
    roles: int


async def move(
    actor: Actor, unit_id: UUID, parent_id: UUID, day: date, seen_version: int, today: date
) -> UnitView:
    """Put a unit under another parent (core.changes.move); its cases are worked out again in the background.

    Raises Conflict where its policies and those above its new place cannot be in force together."""
    moved = await moving.move(actor, unit_id, parent_id, day, seen_version, today)
    await begin_policy_change()
    await refuse_place(moved.path)
    await enqueue(recompute_below, path=moved.path, today=today.isoformat())
    return moved


async def merge(
    actor: Actor, unit_id: UUID, into_id: UUID, day: date, seen_version: int, today: date
) -> Absorbed:
    """Merge a unit into another (core.changes.merge); the cases there are worked out again in the background.

    Raises as `move`."""
    merged = await merging.merge(actor, unit_id, into_id, day, seen_version, today)
    await begin_policy_change()
    await refuse_place(merged.into.path)
    ended = await end_roles_at(actor, unit_id, today)
    await enqueue(recompute_below, path=merged.into.path, today=today.isoformat())
    return Absorbed(merged, ended)


async def dissolve(actor: Actor, unit_id: UUID, day: date, seen_version: int, today: date) -> Dissolved:
    """Dissolve an empty unit (core.changes.dissolve)."""
    gone = await dissolving.dissolve(actor, unit_id, day, seen_version, today)
    return Dissolved(gone, await end_roles_at(actor, unit_id, today))


async def split(actor: Actor, unit_id: UUID, plan: Split, seen_version: int, today: date) -> Parted:
    """Divide a unit (core.changes.split); the cases at the new ones are worked out again in the background.

    Raises as `move`."""
    divided = await splitting.split(actor, unit_id, plan, seen_version, today)
    await begin_policy_change()
    for unit in divided.units:
        await refuse_place(unit.path)
        await enqueue(recompute_below, path=unit.path, today=today.isoformat())
    return Parted(divided, await end_roles_at(actor, unit_id, today) if divided.merged else 0)


async def try_split(actor: Actor, unit_id: UUID, plan: Split, seen_version: int, today: date) -> None:
    """Raise whatever would be raised; nothing of it stays."""
    before = await current_session().mark()
    await split(actor, unit_id, plan, seen_version, today)
    await before.undo()
