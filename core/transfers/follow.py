"""Letters hear of what happens in cases (core/events.py): in its transaction, so that neither is ever without the other."""

from __future__ import annotations

from collections.abc import Sequence

from core.casework.acts.going import LEAVING
from core.casework.acts.transfer import ARRIVED, PROCEDURE
from core.casework.model import RegimeFor
from core.database import fetch
from core.events import Happening
from core.transfers.along import bring_along, leave_behind
from core.transfers.settle import settle

TURNS = frozenset({"state-reached", "ended", "person-moved"})
"""What a letter says is otherwise after these, whatever the procedure."""


async def follow(happenings: Sequence[Happening], regime_for: RegimeFor) -> None:
    """Bring letters in line with what has happened. Raises Conflict, by which it has not happened."""
    heard = [one for one in happenings if one.procedure == PROCEDURE or one.kind in TURNS]
    if not heard:
        return
    cases = {one.case for one in heard if one.case}
    people = {one.person for one in heard if one.person}
    rows = await fetch(
        """select id, person_id, beyond, $3 = any(tags) leaves from case_file where id = any($1) and confers = 'unit'
           union select c.id, c.person_id, c.beyond, false from letter l join case_file c on c.id = l.case_id
           where l.person_id = any($2) and l.state = 'issued' and l.to_county is not null and not c.id = any($1)""",
        list(cases), list(people), LEAVING,
    )  # fmt: skip
    known = {row["id"]: row for row in rows}
    for case_id in sorted(known):
        await settle(case_id, regime_for)
    for one in heard:
        row = known.get(one.case) if one.case else None
        if row is not None and row["leaves"] and (one.kind, one.state) == ("state-reached", ARRIVED):
            await leave_behind(row["person_id"], row["beyond"], one.today, regime_for)
        if one.kind == "person-moved" and one.person:
            await bring_along(one.person, one.today, regime_for)
