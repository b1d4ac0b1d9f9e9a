"""Allotting numbers to a unit, one after the other, and declaring one void that was spoilt."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.database import execute, fetch, fetchrow
from core.errors import Conflict, Invalid, NotFound
from core.numbers.model import MOST_AT_ONCE
from core.numbers.series import series
from core.organisation.access import access_unit
from core.organisation.service import refuse_dissolved
from core.text import one_line


def _allotted(first: str, count: int) -> list[str]:
    """The numbers, all as wide as the first. Raises Invalid."""
    if not 1 <= count <= MOST_AT_ONCE:
        sentence = f"一次核发 1 至 {MOST_AT_ONCE} 个。"
        raise Invalid(sentence, code="count", fields={"count": sentence})
    numbers = series(first, count)
    if len(numbers[-1]) != len(first):
        sentence = f"从 {first} 起 {count} 个，位数不够。请把起始编号的位数写够。"
        raise Invalid(sentence, code="first", fields={"first": sentence})
    return numbers


async def allot(
    actor: Actor, unit_id: UUID, step: str, first: str, count: int, paper: str, today: date
) -> list[str]:
    """Allot numbers of a step's form to a unit; they are good there and below. Raises NotFound, Forbidden, Invalid, Conflict
    where one of them has been given before: then none is."""
    unit = await access_unit(actor, unit_id, "number.allot")
    refuse_dissolved(unit)
    numbers, paper = _allotted(first, count), one_line("paper", "核发的依据", paper, most=200)
    made = await fetch(
        """insert into form_number (step, number, state, paper, changed, unit_id, path, by_id, by_name)
           select $1, n, 'allotted', $3, $4, $5, $6, $7, $8 from unnest($2::text[]) n
           on conflict (tenant_id, step, number) do nothing returning number""",
        step, numbers, paper, today, unit.id, unit.path, actor.id, actor.name,
    )  # fmt: skip
    if len(made) != count:
        lacking = sorted({*numbers} - {row["number"] for row in made})
        raise Conflict(
            f"编号 {'、'.join(lacking[:3])} {f'等 {len(lacking)} 个' if len(lacking) > 3 else ''}已经核发过或者用过，没有核发。"
            "请换起始编号。",
            code="number",
        )
    return numbers


async def void(actor: Actor, number_id: UUID, note: str, today: date) -> str:
    """Declare a number void that is not used: a form was spoilt or lost; the number. Raises NotFound, Forbidden, Conflict."""
    row = await fetchrow("select number, state, path from form_number where id = $1 for update", number_id)
    if row is None or not actor.may("plan.view", row["path"]):
        raise NotFound("没有找到这个编号，它可能不在您的管理范围内。请从列表中重新选择。")
    actor.require("number.allot", row["path"])
    note = one_line("note", "作废的原因", note, most=200)
    if row["state"] != "allotted":
        raise Conflict("这个编号已经用过或者已经作废。用过的，档案退回重办时自动作废。", code="number")
    await execute(
        "update form_number set state = 'void', note = $2, changed = $3 where id = $1", number_id, note, today
    )
    return str(row["number"])
