"""A roster on its way into the register, with what it meets there: cases that go along, and those that are worked out again."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.casework.carry import begun_with, follow_people, people_with_cases
from core.casework.model import RegimeFor
from core.register.model import Ties
from core.register.roster import undo as undoing_of
from core.register.roster.batch import Batch
from core.register.roster.parse import parse
from core.register.roster.undo import Tied, Undoing
from core.register.roster.write import write
from core.transfers.settle import settle_people, taken_up

TIES = Ties(people_with_cases, taken_up)
TIED = Tied(begun_with, taken_up)


async def read(batch_id: UUID, today: date) -> Batch:
    """From the uploaded workbook to a preview; see register.roster.parse."""
    return await parse(batch_id, today, TIES)


async def apply(batch_id: UUID, today: date, regime_for: RegimeFor) -> Batch:
    """Write a confirmed roster, all of it or nothing (register.roster.write). Cases go along with people who are shown at another
    branch; those that go by a corrected birth date are worked out again; a letter to another county follows, as after
    a correction on the page (changes.correct)."""
    applied = await write(batch_id, today, TIES)
    if applied.changes:
        assert applied.batch.confirmed_id is not None
        confirmer = Actor(applied.batch.confirmed_id, applied.batch.confirmed_name or "")
        await follow_people(confirmer, applied.changed("unit"), applied.changed("born"), today, regime_for)
        await settle_people([*applied.changes], regime_for)
    return applied.batch


async def undoing(actor: Actor, batch_id: UUID) -> Undoing:
    """What undoing an applied roster would do, and what prevents it (register.roster.undo.undoing)."""
    return await undoing_of.undoing(actor, batch_id, TIED)


async def ask_undo(actor: Actor, batch_id: UUID) -> Batch:
    """Say that it is to be undone (register.roster.undo.ask)."""
    return await undoing_of.ask(actor, batch_id, TIED)


async def undo(batch_id: UUID, today: date, regime_for: RegimeFor) -> Batch:
    """Undo it (register.roster.undo.undo); what follows for the cases of its people is as after applying it."""
    undone = await undoing_of.undo(batch_id, today, TIED)
    asked = undone.batch.undone_by
    if asked is not None and (undone.moved or undone.born):
        await follow_people(asked, undone.moved, undone.born, today, regime_for)
    await settle_people(undone.again, regime_for)
    return undone.batch
