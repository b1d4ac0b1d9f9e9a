"""Whose contact data serve nobody any more: of whom nothing is under way, and who has been gone, or done with, long enough."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.changes.minimise.rule import Rule
from core.database import fetch
from core.extent import Extent, extent
from core.paths import Conditions, unit_of
from core.register.access import AWAITED
from core.register.queries import PLACE
from dangwu import MEMBERSHIPS, add_months

PAGE = 50
_ENDED = """(select max(e.day) from case_file c join case_entry e on e.case_id = c.id
    where c.person_id = p.id and c.confers = 'membership')"""
"""The last day of what was to make a member of `person p`."""
_MEMBERS = ", ".join(f"'{name}'" for name, one in MEMBERSHIPS.items() if one.member)
_WAS_MEMBER = f"""exists (select from person_change f where f.person_id = p.id and (f.kind in ('left', 'returned')
    or f.kind = 'followed' and (f.detail ? 'lapsed' or f.detail ->> 'membership' in ({_MEMBERS}))))"""
"""Whether he was one once: the papers of that stay for ever, and he is here again."""


class Until(msgspec.Struct, frozen=True):
    """The last day on which somebody may have left, or been done with; None: nobody so."""

    gone: date | None
    ended: date | None

    @classmethod
    def by(cls, rule: Rule, today: date) -> Until:
        """By the years of a rule."""
        gone, ended = (add_months(today, -12 * years) if years else None for years in (rule.gone, rule.ended))
        return cls(gone, ended)


class Person(msgspec.Struct, frozen=True):
    """Somebody in a list of them; `left_as` None: he has not left, his case has ended."""

    id: UUID
    name: str
    unit_name: str
    left_on: date | None
    left_as: str | None


def due(until: Until) -> Conditions:
    """Those of `person p` who are to be minimised, and have not been since."""
    where = Conditions()
    gone = f"""(p.left_on <= {where.bind(until.gone)}::date and p.left_as <> '{AWAITED}'
        and (p.minimised is null or p.minimised < p.left_on))"""
    ended = f"""(p.left_on is null and p.membership = 'none' and {_ENDED} <= {where.bind(until.ended)}::date
        and (p.minimised is null or p.minimised < {_ENDED}) and not {_WAS_MEMBER})"""
    where.clauses.append(f"({gone} or {ended})")
    where.add("not exists (select from case_file c where c.person_id = p.id and c.status = 'running')")
    where.add("not exists (select from letter l where l.person_id = p.id and l.state = 'issued')")
    return where


async def due_extent(until: Until) -> Extent:
    """How many, and which."""
    return await extent("p.id", "person p", due(until))


async def due_people(until: Until, after: UUID | None = None) -> list[Person]:
    """`PAGE + 1` of them."""
    where = due(until)
    if after:
        where.add("p.id > {}", after)
    return await _listed("person p", where)


async def people_of(run_id: UUID, after: UUID | None = None) -> list[Person]:
    """`PAGE + 1` of those whom a run names."""
    where = Conditions()
    where.add("m.run_id = {}", run_id)
    if after:
        where.add("p.id > {}", after)
    return await _listed("minimise_person m join person p on p.id = m.person_id", where)


async def _listed(source: str, where: Conditions) -> list[Person]:
    rows = await fetch(
        f"""select p.id, p.name, {PLACE}, p.left_on, p.left_as from {source} {unit_of("p")}
            where {where} order by p.id limit {PAGE + 1}""",
        *where.args,
    )
    return [Person(row["id"], row["name"], row["unit_name"], row["left_on"], row["left_as"]) for row in rows]
