"""The cases of others in which somebody had a part: as a sponsor or mentor, as one who talked, signed, observed, visited."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.database import fetch
from core.paths import Conditions, within

MOST = 100


class Acted(msgspec.Struct, frozen=True):
    """In which step of whose case; `facet` says as what."""

    case_id: UUID
    person_name: str
    procedure: str
    step: str
    facet: str
    day: date


async def acted(actor: Actor, person_id: UUID) -> list[Acted]:
    """Those that somebody may see, the latest first. What was corrected or struck out counts no more, a request not before it is
    granted."""
    where = Conditions()
    where.below("c.path", within(actor, "case.view"))
    where.add("n.person_id = {}", person_id)
    rows = await fetch(
        f"""select distinct c.id case_id, c.person_name, c.procedure, e.step, n.facet, e.day
            from case_named n join case_file c on c.id = n.case_id join case_entry e on e.id = n.entry_id
            where {where} and not exists (
                select from case_entry k left join case_entry r on k.kind = 'correction-granted' and r.id = k.about
                where k.case_id = e.case_id and k.seq > e.seq and k.kind in ('correction', 'strike', 'correction-granted')
                  and coalesce(r.about, k.about) = coalesce(e.about, e.id) and coalesce(r.id, k.id) <> e.id)
              and (e.kind <> 'correction-request' or exists (
                select from case_entry g where g.case_id = e.case_id and g.kind = 'correction-granted' and g.about = e.id))
            order by e.day desc, c.id limit {MOST}""",
        *where.args,
    )
    return [Acted(**dict(row)) for row in rows]
