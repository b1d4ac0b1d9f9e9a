"""Activations in the database: read as values, written as new rows only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Record, UniqueViolationError

from core.actor import Actor
from core.errors import Stale
from tenants.database.session import current_session
from tenants.policies.changes import Activation, Choice
from tenants.policies.lineage import Move

_SELECT = """
    select a.id, a.unit_id, u.name as unit_name, u.path, a.plugin, a.since, a.until, a.without, a.also, a.fill, a.basis,
           a.text, a.pinned_on, a.level, a.act, a.supersedes, a.by_name, a.at
    from activation a join unit u on u.tenant_id = a.tenant_id and u.id = a.unit_id
"""
_LIVE = " where not exists (select from activation n where n.tenant_id = a.tenant_id and n.supersedes = a.id)"


async def live_activations() -> tuple[Activation, ...]:
    """All versions in the county that nothing supersedes, those that have ended too: old steps are judged by them."""
    return tuple(
        _activation(row) for row in await current_session().fetch(_SELECT + _LIVE + " order by a.id")
    )


async def activations_known(at: datetime) -> tuple[Activation, ...]:
    """The versions that nothing had superseded at a moment: what the county had decided until then."""
    superseded = (
        "select from activation n where n.tenant_id = a.tenant_id and n.supersedes = a.id and n.at <= $1"
    )
    sql = f"{_SELECT} where a.at <= $1 and not exists ({superseded}) order by a.id"
    return tuple(_activation(row) for row in await current_session().fetch(sql, at))


async def moves() -> tuple[Move, ...]:
    """Every move of a unit that may have come under other policies by it."""
    rows = await current_session().fetch(
        """
        select u.path, c.day, p.path as was from unit_change c
        join unit u on u.tenant_id = c.tenant_id and u.id = c.unit_id
        join unit p on p.tenant_id = c.tenant_id and p.id = (c.detail ->> 'was')::uuid
        where c.kind = 'moved' order by c.day, c.id
        """
    )
    return tuple(Move(row["path"], row["day"], row["was"]) for row in rows)


async def versions_at(unit_id: UUID) -> tuple[Activation, ...]:
    """Every version ever written at one unit, newest first."""
    rows = await current_session().fetch(
        _SELECT + " where a.unit_id = $1 order by a.at desc, a.id desc", unit_id
    )
    return tuple(_activation(row) for row in rows)


async def write(actor: Actor, added: Iterable[Activation]) -> None:
    """Add new versions, signed by the actor. Raises Stale when somebody else has superseded the same version before."""
    async with current_session().savepoint() as session:
        try:
            for item in added:
                await session.execute(
                    "insert into activation (id, unit_id, plugin, since, until, without, also, fill, basis, supersedes,"
                    " level, act, by_id, by_name, text, pinned_on)"
                    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
                    item.id, item.unit_id, item.plugin, item.since, item.until, *_json(item.choice), item.choice.basis,
                    item.supersedes, item.level, item.act, actor.id, actor.name,
                    item.text, item.pinned_on,
                )  # fmt: skip
        except UniqueViolationError:
            raise Stale(
                "这项政策刚刚被其他人调整过，您的改动没有保存。请刷新页面，查看最新的设定后再试。"
            ) from None


def _json(choice: Choice) -> tuple[str, str, str]:
    parts = (sorted(choice.without), sorted(choice.also), choice.fill)
    without, also, fill = (msgspec.json.encode(part).decode() for part in parts)
    return without, also, fill


def _activation(row: Record) -> Activation:
    values = dict(row)
    choice = Choice(
        without=frozenset(msgspec.json.decode(values.pop("without"))),
        also=frozenset(msgspec.json.decode(values.pop("also"))),
        fill=msgspec.json.decode(values.pop("fill")),
        basis=values.pop("basis"),
    )
    return Activation(choice=choice, **values)
