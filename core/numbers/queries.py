"""What can be asked of numbers of forms."""

from __future__ import annotations

from uuid import UUID

from core.actor import Actor
from core.database import fetch
from core.numbers.model import NumberLine
from core.paths import Conditions, placed, unit_of, within

PAGE = 50


async def numbers(
    actor: Actor, state: str = "", *, after: UUID | None = None, limit: int = PAGE
) -> list[NumberLine]:
    """`limit + 1` numbers of units that he sees, in the order in which they were given."""
    where = Conditions()
    where.below("f.path", within(actor, "plan.view"))
    if state:
        where.add("f.state = {}", state)
    if after:
        where.add("f.id > {}", after)
    rows = await fetch(
        f"""select f.id, f.step, f.number, f.state, f.by_hand, f.case_id, c.person_name as name, {placed()} unit_name, f.path,
                   f.paper, f.note, f.changed, f.by_name, f.at
            from form_number f {unit_of("f")} left join case_file c on c.id = f.case_id
            where {where} order by f.id limit {int(limit) + 1}""",
        *where.args,
    )
    return [NumberLine(**row) for row in rows]


async def counted(actor: Actor) -> dict[str, int]:
    """How many there are by state."""
    where = Conditions()
    where.below("f.path", within(actor, "plan.view"))
    rows = await fetch(
        f"select state, count(*) n from form_number f where {where} group by state", *where.args
    )
    return {row["state"]: row["n"] for row in rows}
