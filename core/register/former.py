"""历史党员: those who have left, by whom they were seen before; the latest first."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.database import fetch
from core.ledger.origin import listed
from core.organisation.access import access_unit
from core.paths import Conditions, unit_of, within
from core.register.finding import add_search
from core.register.queries import PAGE, PLACE


class FormerFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What the list is narrowed to: how they left, from when, until when, who."""

    unit_id: UUID | None = None
    kind: str | None = None
    since: date | None = None
    until: date | None = None
    search: str = ""


class FormerLine(msgspec.Struct, frozen=True):
    """Somebody who has left, with the membership that he had, and where he was."""

    id: UUID
    name: str
    sex: str | None
    born: date | None
    membership: str
    unit_id: UUID
    unit_name: str
    left_on: date
    left_as: str
    left_reason: str
    left_paper: str


class FormerPage(msgspec.Struct, frozen=True):
    """One page; `after` continues behind its last line."""

    lines: tuple[FormerLine, ...]
    after: tuple[date, UUID] | None


async def former(
    actor: Actor, wanted: FormerFilter, *, after: tuple[date, UUID] | None = None, limit: int = PAGE
) -> FormerPage:
    """Those whom he may see. Raises NotFound for a unit that he does not."""
    where = await _conditions(actor, wanted)
    if after:
        where.add("(p.left_on, p.id) < ({}, {})", *after)
    rows = await fetch(
        f"""select p.id, p.name, p.sex, p.born, p.membership, p.unit_id, {PLACE}, p.left_on, p.left_as, p.left_reason,
                   p.left_paper
            from person p {unit_of("p")}
            where {where} order by p.left_on desc, p.id desc limit {int(limit) + 1}""",
        *where.args,
    )
    lines = tuple(FormerLine(**dict(row)) for row in rows[:limit])
    listed(len(lines))
    return FormerPage(lines, (lines[-1].left_on, lines[-1].id) if len(rows) > limit else None)


async def count_former(actor: Actor, wanted: FormerFilter) -> dict[str, int]:
    """How many have left in each way, narrowed to the rest of `wanted`."""
    where = await _conditions(actor, msgspec.structs.replace(wanted, kind=None))
    rows = await fetch(f"select p.left_as, count(*) n from person p where {where} group by 1", *where.args)
    return {row["left_as"]: row["n"] for row in rows}


async def _conditions(actor: Actor, wanted: FormerFilter) -> Conditions:
    top = (await access_unit(actor, wanted.unit_id, "person.view")).path if wanted.unit_id else None
    where = Conditions()
    where.below("p.path", within(actor, "person.view", top))
    where.add("p.left_on is not null and p.left_as <> 'awaited'")
    for clause, value in (
        ("p.left_as = {}", wanted.kind), ("p.left_on >= {}", wanted.since), ("p.left_on <= {}", wanted.until),
    ):  # fmt: skip
        if value is not None:
            where.add(clause, value)
    add_search(where, wanted.search, alias="p", name="name")
    return where
