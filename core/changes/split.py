"""Dividing a unit in one act: new ones beside it, with who and what goes to each; the old one stays, or goes into one of them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.carry import carry_with_people, running_of, tell_moved
from core.changes.merge import Merged, merge
from core.changes.move import move
from core.database import execute, fetch
from core.errors import Conflict, Invalid
from core.organisation.access import access_unit, lock_tree
from core.organisation.history import note_change
from core.organisation.model import KINDS, UnitView, has_members
from core.organisation.service import (
    UnitDraft,
    check_day,
    check_place,
    create,
    refuse_dissolved,
    refuse_root,
    refuse_stale,
    refuse_temporary,
)
from core.register.carry import move_people
from core.register.rights.spans import end_posts
from core.text import one_line

MOST_PARTS = 9
MOST_PEOPLE = 1_000
STAY = frozenset({"unit", "register"})
"""What cases confer during which nobody is taken elsewhere: another branch, a way out of the register."""

People = Annotated[frozenset[UUID], msgspec.Meta(max_length=MOST_PEOPLE)]


class Part(msgspec.Struct, frozen=True):
    """A new unit: what is typed about it (`founded` is the day of the act), which of the divided unit's own people go there, and
    which of the units directly below it, with everybody in them."""

    draft: UnitDraft
    people: People = frozenset()
    units: People = frozenset()


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done as of `day`, by the `paper` that approves it. `rest` counts the parts from 0: the one into which goes
    whatever is left, after which the old unit is no more; None: it stays with what is left."""

    parts: Annotated[tuple[Part, ...], msgspec.Meta(min_length=1, max_length=MOST_PARTS)]
    day: date
    paper: str
    rest: int | None = None


class Divided(msgspec.Struct, frozen=True):
    """The new units, how many people were chosen for them and posts ended; what went along at last where the old one is gone.
    The caller has the cases below the new paths worked out again, as after a move."""

    units: tuple[UnitView, ...]
    people: int
    posts: int
    merged: Merged | None


async def split(actor: Actor, unit_id: UUID, plan: Split, seen_version: int, today: date) -> Divided:
    """Divide a unit. Raises NotFound, Forbidden, Stale, Invalid, and Conflict for whom something under way keeps where he is."""
    await lock_tree()
    unit = await checked_split(actor, unit_id, plan, seen_version, today)
    paper = one_line("paper", "批准的文件", plan.paper, most=120)
    made, posts = [], 0
    for part in plan.parts:
        new = await _found(actor, unit, part, plan.day, today)
        posts += await _bring(actor, unit, new, part, plan.day, paper, today)
        made.append(await access_unit(actor, new.id))
    people = sum(len(part.people) for part in plan.parts)
    await note_change(
        actor, unit.id, "split", plan.day, into=[one.id for one in made], into_names=[one.name for one in made],
        people=people, units=sum(len(part.units) for part in plan.parts), paper=paper,
    )  # fmt: skip
    await execute("update unit set version = version + 1 where id = $1", unit.id)
    merged = None
    if plan.rest is not None:
        into = made[plan.rest].id
        merged = await merge(actor, unit.id, into, plan.day, unit.version + 1, today)
    return Divided(tuple(made), people, posts, merged)


async def checked_split(actor: Actor, unit_id: UUID, plan: Split, seen_version: int, today: date) -> UnitView:
    """The unit, kept from others until the transaction ends, if it can be divided so. Raises as `split`."""
    unit = await access_unit(actor, unit_id, "org.edit", lock=True)
    await refuse_stale(unit, seen_version)
    refuse_root(unit, "拆分")
    refuse_temporary(unit, "拆分")
    refuse_dissolved(unit)
    await check_day(unit, plan.day, today, "拆分日期")
    assert unit.parent_id is not None
    above = await access_unit(actor, unit.parent_id, "org.edit")
    for part in plan.parts:
        check_place(part.draft.kind, above)
        _check_part(part)
    _check_rest(unit, plan)
    await _refuse_strangers(unit, plan)
    await _refuse_under_way(plan)
    return unit


def _check_part(part: Part) -> None:
    if part.people and not has_members(part.draft.kind):
        raise Invalid(
            f"人员登记在党支部，不能划入{KINDS[part.draft.kind]}“{part.draft.name}”。请改选类别，或者只划入下级党组织。"
        )


def _check_rest(unit: UnitView, plan: Split) -> None:
    if plan.rest is None:
        empty = next((part.draft.name for part in plan.parts if not part.people and not part.units), None)
        if empty is not None:
            raise Invalid(f"没有人员、也没有下级党组织划入“{empty}”。请选择划入的人员，或者去掉这个新组织。")
    elif not 0 <= plan.rest < len(plan.parts):
        raise Invalid("请选择由哪一个新组织接收其余的人员和事项。", fields={"rest": "请从新组织中选择。"})
    elif plan.parts[plan.rest].draft.kind != unit.kind:
        kind, name = KINDS[unit.kind], plan.parts[plan.rest].draft.name
        sentence = (
            f"“{unit.name}”是{kind}，撤销以后其余的人员和事项须由{kind}接收，“{name}”不是。请另选一个新组织。"
        )
        raise Invalid(sentence, fields={"rest": sentence})


async def _refuse_strangers(unit: UnitView, plan: Split) -> None:
    """Raise Invalid for whoever is chosen twice, or is not there."""
    for title, table, column, chosen in (
        ("人员", "person", "unit_id", [one for part in plan.parts for one in part.people]),
        ("下级党组织", "unit", "parent_id", [one for part in plan.parts for one in part.units]),
    ):
        if any(count > 1 for count in Counter(chosen).values()):
            raise Invalid(f"同一{title}划入了两个新组织。请只选一个。")
        gone = "left_on" if table == "person" else "dissolved"
        known = await fetch(
            f"select id from {table} where id = any($1) and {column} = $2 and {gone} is null", chosen, unit.id
        )
        if len(known) < len(chosen):
            raise Invalid(
                f"选中的{title}里有 {len(chosen) - len(known)} 个现在不直接属于“{unit.name}”，可能刚刚变动。"
                "请按现在列出的重新选择。",
                code="strangers",
            )


async def _refuse_under_way(plan: Split) -> None:
    those = [one for part in plan.parts for one in part.people]
    names = sorted({one.name for one in await running_of(those) if one.confers in STAY})
    if names:
        raise Conflict(
            f"{'、'.join(names[:10])}{'等' if len(names) > 10 else ''}正在办理组织关系转移或者处置等事项，不能同时划出。"
            "请先办结或者终止，或者让他们留在原来的党组织。",
            code="under-way",
        )


async def _found(actor: Actor, unit: UnitView, part: Part, day: date, today: date) -> UnitView:
    assert unit.parent_id is not None
    return await create(actor, unit.parent_id, msgspec.structs.replace(part.draft, founded=day), today)


async def _bring(
    actor: Actor, unit: UnitView, new: UnitView, part: Part, day: date, paper: str, today: date
) -> int:
    """Take along who and what was chosen; how many posts at the old unit ended."""
    rows = await fetch("select id, version from unit where id = any($1) order by path", list(part.units))
    for row in rows:
        await move(actor, row["id"], new.id, day, row["version"], today)
    people = list(part.people)
    await move_people(actor, people, new, day, paper)
    await carry_with_people(actor, people, day)
    await tell_moved(people, day, today)
    await note_change(
        actor, new.id, "parted", day, unit=unit.id, name=unit.name, people=len(people), units=len(rows)
    )
    return await end_posts(actor, unit.id, people, day)
