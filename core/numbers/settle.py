"""What becomes of numbers when a case is written into: what its record gives is used, what no longer counts is void."""

from __future__ import annotations

from datetime import date

from core.actor import Actor
from core.database import execute, fetch, fetchrow, fetchval
from core.errors import Conflict, Invalid
from core.numbers.model import Used

REDONE = "退回、更正或撤销以后不再使用"


async def settle(actor: Actor, used: Used, today: date) -> None:
    """Bring the numbers of a locked case in line with its records.

    Raises Conflict for a number that was used or is void, Invalid for one that is allotted to other units, or to nobody where
    numbers are allotted.
    """
    rows = await fetch(
        "select id, step, number from form_number where case_id = $1 and state = 'used'", used.case_id
    )
    had = {(row["step"], row["number"]): row["id"] for row in rows}
    for gone in sorted(had.keys() - used.given):
        await execute(
            "update form_number set state = 'void', note = $2, changed = $3 where id = $1", had[gone], REDONE, today
        )  # fmt: skip
    for step, number in used.asked:
        if (step, number) not in had:
            await _use(actor, used, step, number, today)


async def _use(actor: Actor, used: Used, step: str, number: str, today: date) -> None:
    row = await fetchrow(
        "select id, state, path from form_number where step = $1 and number = $2 for update", step, number
    )
    if row is None:
        await _by_hand(actor, used, step, number, today)
        return
    if row["state"] != "allotted":
        said = "已经作废" if row["state"] == "void" else "已经用过，一号只用于一人"
        raise Conflict(f"编号 {number} {said}。请从核发的编号中另取一个。", code="number")
    if not used.path.startswith(row["path"]):
        raise Invalid(f"编号 {number} 不是核发给这个党组织的。请从核发给本级的编号中取号。", code="number")
    await execute(
        "update form_number set state = 'used', case_id = $2, changed = $3 where id = $1", row["id"], used.case_id, today
    )  # fmt: skip


async def _by_hand(actor: Actor, used: Used, step: str, number: str, today: date) -> None:
    """A number that nobody allotted here: right where numbers are given on paper, noted so that it is not used twice."""
    if await fetchval(
        "select exists (select from form_number where step = $1 and not by_hand and starts_with($2, path))",
        step,
        used.path,
    ):
        raise Invalid(f"没有核发过编号 {number}。请核对，或者请组织部先核发。", code="number")
    made = await fetchval(
        """insert into form_number (step, number, state, by_hand, case_id, changed, unit_id, path, by_id, by_name)
           values ($1, $2, 'used', true, $3, $4, $5, $6, $7, $8) on conflict (tenant_id, step, number) do nothing returning id""",
        step, number, used.case_id, today, used.unit_id, used.path, actor.id, actor.name,
    )  # fmt: skip
    if made is None:
        raise Conflict(f"编号 {number} 已经用过，一号只用于一人。请另取一个。", code="number")
