"""Who takes part in a temporary branch while the task lasts: their files, rights and counts stay where they are registered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import msgspec
from asyncpg import UniqueViolationError

from core.actor import Actor
from core.database import execute, fetch
from core.errors import Conflict, Invalid, NotFound
from core.organisation.access import access_unit
from core.organisation.model import TEMPORARY, UnitView
from core.organisation.service import refuse_dissolved
from core.paths import placed
from core.text import refuse_future
from dangwu import MEMBERSHIPS

MOST = 500
"""People who take part in one temporary branch."""


class Guest(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who takes part since a day; `home` is where he is registered."""

    id: UUID
    person_id: UUID
    name: str
    membership: str
    home: str
    since: date
    ended: date | None
    by_name: str


class Taking(msgspec.Struct, frozen=True):
    """A temporary branch in which somebody takes part."""

    unit_id: UUID
    unit_name: str
    since: date


async def guests(actor: Actor, unit_id: UUID) -> list[Guest]:
    """Who takes part, and who did, by pinyin: of those outside what the actor sees no more than this. Raises NotFound."""
    await access_unit(actor, unit_id)
    rows = await fetch(
        f"""select g.id, g.person_id, p.name, p.membership, {placed()} home, g.since, g.ended, g.by_name
            from unit_guest g join person p on p.id = g.person_id join unit u on u.id = p.unit_id and u.path = p.path
            where g.unit_id = $1 order by g.ended is not null, p.py, g.id limit {MOST}""",
        unit_id,
    )
    return [Guest(**row) for row in rows]


async def taking_part(person_id: UUID) -> Taking | None:
    """Where somebody takes part now; for services that have checked access."""
    rows = await fetch(
        """select g.unit_id, u.name, g.since from unit_guest g join unit u on u.id = g.unit_id
           where g.person_id = $1 and g.ended is null""",
        person_id,
    )
    return Taking(*rows[0]) if rows else None


async def add_guests(
    actor: Actor, unit_id: UUID, person_ids: Collection[UUID], day: date, today: date
) -> int:
    """Let members take part since `day`; how many. Raises NotFound, Forbidden, Invalid by field, and Conflict for whoever takes
    part elsewhere."""
    unit = await _access(actor, unit_id)
    refuse_future("day", "编入日期", day, today)
    if unit.founded and day < unit.founded:
        raise Invalid(
            f"编入日期早于“{unit.name}”的成立日期 {unit.founded}。请核对日期。",
            fields={"day": "早于成立日期。"},
        )
    rows = await fetch(
        "select id, name, membership, path from person where id = any($1) and left_on is null order by id for share",
        list(person_ids),
    )
    if len({row["id"] for row in rows if actor.may("person.view", row["path"])}) < len({*person_ids}):
        raise NotFound("没有找到所选的人，他可能不在您的管理范围内，或者已经离开。请重新选择。")
    if strange := [row["name"] for row in rows if not MEMBERSHIPS[row["membership"]].member]:
        sentence = f"{'、'.join(strange)}不是党员，不能编入临时党支部。请核对人员类别。"
        raise Invalid(sentence, fields={"name": sentence})
    try:
        await execute(
            """insert into unit_guest (unit_id, person_id, since, by_id, by_name)
               select $1, id, $3, $4, $5 from unnest($2::uuid[]) id""",
            unit.id, [row["id"] for row in rows], day, actor.id, actor.name,
        )  # fmt: skip
    except UniqueViolationError:
        sentence = "所选的人已经编入一个临时党支部，一个人同时只编入一个。请先在那里登记退出。"
        raise Conflict(sentence, code="elsewhere", fields={"name": sentence}) from None
    return len(rows)


async def end_guest(actor: Actor, unit_id: UUID, guest_id: UUID, day: date, today: date) -> None:
    """He takes part no more since `day`. Raises NotFound, Forbidden, Invalid by field, Conflict where that is said already."""
    await _access(actor, unit_id)
    refuse_future("day", "退出日期", day, today)
    rows = await fetch(
        "select since, ended from unit_guest where id = $1 and unit_id = $2 for update", guest_id, unit_id
    )
    if not rows:
        raise NotFound("没有找到这一条登记。请刷新页面再看。")
    if rows[0]["ended"]:
        raise Conflict(f"已于 {rows[0]['ended']} 登记退出。请刷新页面再看。")
    if day < rows[0]["since"]:
        raise Invalid(
            f"退出日期早于编入日期 {rows[0]['since']}。请核对日期。", fields={"day": "早于编入日期。"}
        )
    await execute("update unit_guest set ended = $2 where id = $1", guest_id, day)


async def end_guests(unit_id: UUID, day: date) -> None:
    """Nobody takes part any more: the branch is dissolved on `day`. For services that have dissolved it."""
    await execute(
        "update unit_guest set ended = greatest(since, $2) where unit_id = $1 and ended is null", unit_id, day
    )


async def guests_left(person_ids: Sequence[UUID], day: date) -> None:
    """They have left the register on `day`, and take part nowhere any more. For services that have written that down."""
    await execute(
        "update unit_guest set ended = greatest(since, $2) where person_id = any($1) and ended is null",
        list(person_ids), day,
    )  # fmt: skip


async def guest_stayed(person_id: UUID, day: date) -> None:
    """It was written down by mistake that he had left on `day`: he takes part as before, where there still is a branch."""
    await execute(
        """update unit_guest set ended = null where id = (select g.id from unit_guest g join unit u on u.id = g.unit_id
               where g.person_id = $1 and g.ended = greatest(g.since, $2) and u.dissolved is null order by g.id desc limit 1)""",
        person_id, day,
    )  # fmt: skip


async def _access(actor: Actor, unit_id: UUID) -> UnitView:
    unit = await access_unit(actor, unit_id, "org.edit", lock=True)
    refuse_dissolved(unit)
    if unit.kind != TEMPORARY:
        raise Conflict(
            f"“{unit.name}”不是临时党支部，人员直接登记在这里。要调入的，请办理组织关系转接或者党支部调整。"
        )
    return unit
