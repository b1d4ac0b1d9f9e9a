"""What was recorded at a meeting: one line for each case."""

from __future__ import annotations

from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.model import Evidence
from core.database import fetch, fetchval
from core.paths import Conditions, within


class HeldLine(msgspec.Struct, frozen=True):
    """One record made at it; `evidence` as it was written down then, before what was corrected or `struck` out since."""

    entry_id: UUID
    case_id: UUID
    person_id: UUID
    person_name: str
    step: str
    evidence: Evidence
    corrected: bool
    struck: bool


_decoder = msgspec.json.Decoder(dict[str, object])


def _put_right(*kinds: str) -> str:
    """That one of these acts is about `case_entry e`: at once, or as a request that was granted."""
    listed = ", ".join(f"'{one}'" for one in kinds)
    asked = ", ".join(f"'{one}-request'" for one in kinds)
    return f"""exists (select from case_entry l where l.about = e.id and (l.kind in ({listed}) or l.kind in ({asked})
        and exists (select from case_entry g where g.about = l.id and g.kind = 'correction-granted')))"""


_STRUCK = _put_right("strike")


async def standing_at(activity_id: UUID) -> int:
    """How many records made at it stand, in whoever's cases."""
    return int(
        await fetchval(
            f"select count(*) from case_entry e where e.activity_id = $1 and not {_STRUCK}", activity_id
        )
    )


async def held_at(actor: Actor, activity_id: UUID) -> list[HeldLine]:
    """The records of an activity in the cases that he sees, in the order in which they were made."""
    where = Conditions()
    where.add("e.activity_id = {}", activity_id)
    where.below("c.path", within(actor, "case.view"))
    rows = await fetch(
        f"""select e.id entry_id, e.case_id, c.person_id, c.person_name, e.step, e.evidence,
                   {_put_right("correction", "strike")} corrected, {_STRUCK} struck
            from case_entry e join case_file c on c.id = e.case_id where {where} order by e.id""",
        *where.args,
    )
    return [HeldLine(**{**dict(row), "evidence": _decoder.decode(row["evidence"])}) for row in rows]
