"""People who can be picked into a record: found by name, pinyin or initials, each with what the register knows on that day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.organisation.access import access_unit
from core.register.rights.day import membership_on
from core.register.rights.pick import Candidate, find, picked
from dangwu import MEMBERSHIPS

OUTSIDER = "-"
"""What stands in the place of an id for somebody whom the register does not know."""


class Pick(msgspec.Struct, frozen=True):
    """One of them: `told` are his branch, what he is on that day, his posts, and what limits his rights."""

    id: str
    name: str
    told: tuple[str, ...]


async def picks(actor: Actor, unit_id: UUID, text: str, day: date) -> list[Pick]:
    """Those who can be picked for something of this unit by these words."""
    unit = await access_unit(actor, unit_id, "org.view")
    return [_pick(actor, one, day) for one in await find(actor, text, unit.path, day)]


async def picks_of(actor: Actor, unit_id: UUID, ids: list[UUID], day: date) -> Mapping[str, Pick]:
    """These, by id. Raises NotFound for one whom he may not pick."""
    unit = await access_unit(actor, unit_id, "org.view")
    found = await picked(actor, ids, unit.path, day)
    return {str(one): _pick(actor, candidate, day) for one, candidate in found.items()}


def _pick(actor: Actor, one: Candidate, day: date) -> Pick:
    known, rights = one.known, one.rights
    begins = membership_on(known, day)
    title = next((held.title for held in MEMBERSHIPS.values() if held.begins and held.begins == begins), "")
    sees = actor.may("sanction.view", known.path)
    told = [known.unit_name, title or MEMBERSHIPS[known.membership].title]
    told += [f"{post.unit_name}{post.title}" for post in rights.posts]
    told += [lack.title for lack in rights.lacks if lack.limited and sees]
    return Pick(str(known.id), known.name, tuple(dict.fromkeys(told)))
