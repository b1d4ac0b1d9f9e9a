"""The roster in its 19 columns: exactly the people of a list."""

from __future__ import annotations

from datetime import date

import msgspec

from core.actor import Actor
from core.register.queries import PeopleFilter, count_people
from core.register.roster.template import people_table
from core.sheets import Table
from tenants.exports.kinds import Kind, workbook


class PeopleAsked(msgspec.Struct, frozen=True):
    """Which people, and whether with their numbers in full."""

    filter: PeopleFilter
    full_numbers: bool = False


async def people_total(actor: Actor, wanted: PeopleFilter) -> int:
    """How many people are in the list."""
    counts = await count_people(actor, wanted)
    return counts.get(wanted.membership, 0) if wanted.membership else sum(counts.values())


async def _total(actor: Actor, asked: PeopleAsked) -> int:
    return await people_total(actor, asked.filter)


async def _table(actor: Actor, asked: PeopleAsked, purpose: str, day: date) -> Table:
    return await people_table(actor, asked.filter, purpose, full_numbers=asked.full_numbers)


PEOPLE = Kind("党员名册", PeopleAsked, _total, workbook(_table))
