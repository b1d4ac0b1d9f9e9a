"""What somebody is told of letters of introduction: from another county to be taken, running out, answered."""

from __future__ import annotations

from datetime import date

from core.actor import Actor
from core.database import fetch
from core.notices.model import Found
from core.transfers.queries import Line, letters, takes

ANSWERED_DAYS = 30


async def from_letters(actor: Actor, today: date, days: int) -> list[Found]:
    """What waits for who takes letters of other counties; of those that he has issued what runs out, and what was answered."""
    offered = (await letters(actor, "offered", today)).lines if takes(actor) else ()
    return [
        *(_offered(one) for one in offered if not one.letter.over(today)),
        *await _issued(actor, today, days),
    ]


def _offered(line: Line) -> Found:
    one = line.letter
    return Found(
        kind="letter", occasion=f"letter:{one.id}", subject=one.id, what=one.number, day=one.valid_until,
        by_name=one.issuer,
    )  # fmt: skip


async def _issued(actor: Actor, today: date, days: int) -> list[Found]:
    rows = await fetch(
        """select l.id, l.case_id, l.number, l.valid_until, l.state, l.ended_on, l.answered_by, c.unit_id
           from letter l join case_entry e on e.id = l.entry_id join case_file c on c.id = l.case_id
           where l.tenant_id = session_county() and e.by_id = $1
             and ((l.state = 'issued' and l.valid_until between $2::date and $2::date + $3::int)
               or (l.state in ('received', 'refused') and l.ended_on >= $2::date - $4::int))""",
        actor.id, today, days, ANSWERED_DAYS,
    )  # fmt: skip
    found = []
    for row in rows:
        waits = row["state"] == "issued"
        kind = "letter-due" if waits else "letter-answered"
        found.append(
            Found(
                kind=kind, occasion=f"{kind}:{row['id']}:{row['state']}", subject=row["case_id"], unit_id=row["unit_id"],
                what=row["number"], day=row["valid_until"] if waits else None, by_name="" if waits else row["answered_by"],
            )
        )  # fmt: skip
    return found
