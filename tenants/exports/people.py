"""The roster in its 19 columns: exactly the people of a list."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.extent import Extent
from core.organisation.access import access_unit
from core.register.queries import PeopleFilter, count_people
from core.register.roster.template import people_extent, people_table
from core.register.values import MEMBERSHIP
from core.sheets import Table
from tenants.exports.kinds import people


class PeopleAsked(msgspec.Struct, frozen=True):
    """Which people, and whether with their numbers in full."""

    filter: PeopleFilter
    full_numbers: bool = False


async def people_total(actor: Actor, wanted: PeopleFilter) -> int:
    """How many people are in the list."""
    counts = await count_people(actor, wanted)
    return counts.get(wanted.membership, 0) if wanted.membership else sum(counts.values())


async def _extent(actor: Actor, asked: PeopleAsked) -> Extent:
    return await people_extent(actor, asked.filter, full_numbers=asked.full_numbers)


async def _table(actor: Actor, asked: PeopleAsked, purpose: str, day: date) -> Table:
    return people_table(actor, asked.filter, purpose, full_numbers=asked.full_numbers)


async def _said(actor: Actor, asked: PeopleAsked) -> str:
    wanted = asked.filter
    parts = [
        await place(actor, wanted.unit_id),
        MEMBERSHIP.get(wanted.membership, "") if wanted.membership else "",
        f"查找“{wanted.search}”" if wanted.search else "",
        "流动党员" if wanted.mobile else "",
        "失联党员" if wanted.lost_contact else "",
        "含完整号码" if asked.full_numbers else "号码遮盖",
    ]
    return "；".join(part for part in parts if part)


async def place(actor: Actor, unit_id: UUID | None) -> str:
    """A unit by its name, or all that he sees."""
    return (await access_unit(actor, unit_id)).name if unit_id else "本人管理范围内全部"


PEOPLE = people("党员名册", PeopleAsked, _extent, _table, _said)
