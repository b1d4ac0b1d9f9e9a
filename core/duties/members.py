"""What each member of a branch owes (集中学习培训的学时 …), and what each has done of it: by the rolls on which he was there."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.database import fetch
from core.duties.model import Member, Unit, act_of, recorded
from core.ledger.origin import listed
from core.paths import beyond
from dangwu import MEMBERSHIPS, Act, Ower, Regime, add_months, occurrences

MEMBERS = [name for name, one in MEMBERSHIPS.items() if one.member]
BACK = 13
"""Months: of what is owed a year at a time, the last whole one."""


async def members(unit: Unit, regime: Regime, began: date, today: date) -> list[Member]:
    """The members of a unit who owe something, by pinyin; for whoever may see its calendar."""
    if not any(duty.owes.level == "person" for duty in regime.duties):
        return []
    people = await fetch(
        """select p.id, p.name, p.joined, array(select t.tag from person_tag t where t.person_id = p.id
               and t.since <= $4 and (t.ended is null or t.ended > $4)) tags
           from person p where p.path >= $1 and p.path < $2 and p.membership = any($3) and p.left_on is null
           order by p.py, p.id""",
        unit.path, beyond(unit.path), MEMBERS, today,
    )  # fmt: skip
    listed(len(people))
    acts = await _acts([row["id"] for row in people], add_months(today, -2 * BACK))
    found = []
    for row in people:
        first = max(began, row["joined"] or began)
        ower = Ower("person", first, unit.flags | {*row["tags"]})
        known = occurrences(regime, ower, acts.get(row["id"], ()), add_months(today, -BACK), today, today)
        owed = tuple(one for one in recorded(known) if one.due >= today or one.state == "missed")
        if owed:
            found.append(Member(row["id"], row["name"], owed))
    return found


async def _acts(people: list[UUID], first: date) -> dict[UUID, list[Act]]:
    """By person the activities at which he was there, wherever they were held, in the order of their days."""
    rows = await fetch(
        """select t.person_id, a.id, a.day, a.kind, a.also, a.eligible, a.present, a.hours, a.papers, a.themes, a.led_by
           from attendance t join activity a on a.id = t.activity_id
           where t.person_id = any($1) and t.state = 'present' and a.day >= $2 and not a.withdrawn order by a.day, a.id""",
        people,
        first,
    )
    found: dict[UUID, list[Act]] = {}
    for row in rows:
        found.setdefault(row["person_id"], []).append(act_of(row))
    return found
