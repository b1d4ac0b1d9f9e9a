"""What would come back, in sentences, and bringing it back: as one transaction with its entry in the ledger."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

import asyncpg
import msgspec

from core.ledger.note import note
from core.register.kept import KEPT
from deploy.backup.person.hanging import (
    PERSON,
    Reference,
    Row,
    Rows,
    Shape,
    by_key,
    named,
    references,
    same_keys,
    shapes,
)
from deploy.opening import OPERATOR
from deploy.problem import Problem
from tenants.database.session import Session


class Coming(msgspec.Struct, frozen=True):
    """Of a table, the rows that are gone, and those that are other than in the backup (as they are there)."""

    gone: list[Row]
    other: list[Row]


class Plan(msgspec.Struct, frozen=True):
    """What was shown: by table how many rows are gone and how many other; `mark` is that of their content."""

    county: UUID
    person: UUID
    tables: dict[str, tuple[int, int]]
    mark: str


async def compared(connection: asyncpg.Connection, before: Rows) -> dict[str, Coming]:
    """The rows of a backup that are not so here. Raises Problem where all are."""
    known, found = await shapes(connection), dict[str, Coming]()
    for table, rows in before.items():
        shape = known[table]
        have = {named(row, shape): row for row in await same_keys(connection, table, shape, rows)}
        gone = [row for row in rows if named(row, shape) not in have]
        other = [row for row in rows if have.get(named(row, shape), row) != row]
        if gone or other:
            found[table] = Coming(gone, other)
    if not found:
        raise Problem("这个人和名下的各项记载与备份里的完全相同，没有什么要恢复。")
    return found


def planned(county: UUID, person: UUID, coming: dict[str, Coming]) -> Plan:
    """In numbers."""
    numbers = {table: (len(one.gone), len(one.other)) for table, one in coming.items()}
    return Plan(county, person, numbers, sha256(msgspec.json.encode(coming, order="sorted")).hexdigest())


def said(plan: Plan) -> list[str]:
    """A sentence a table."""
    return [f"  {_title(table)}：{_numbers(*numbers)}" for table, numbers in plan.tables.items()]


def _numbers(gone: int, other: int) -> str:
    back = [f"补回 {gone} 行"] if gone else []
    return "，".join(back + ([f"改回 {other} 行（现在的内容会被备份里的取代）"] if other else []))


def _title(table: str) -> str:
    if table == PERSON:
        return "名册"
    kept = KEPT.elsewhere.get(table)
    return f"{kept.title if kept else '名下的其他记载'}（{table}）"


async def put_back(session: Session, plan: Plan, coming: dict[str, Coming], made_at: str) -> None:
    """Bring it back in the session, which is the administrator's. Raises Problem where what it refers to is no more."""
    connection = session.connection
    known = await shapes(connection)
    # What triggers did at that time comes along as rows; references are looked at below.
    await connection.execute("set local session_replication_role = replica")
    for table, one in coming.items():
        await _write(connection, table, known[table], one)
    await connection.execute("set local session_replication_role = origin")
    for reference in await references(connection):
        if reference.table in coming:
            await _whole(connection, reference, coming[reference.table])
    await note(OPERATOR, "person.restored", "person", plan.person, made_at=made_at, rows=plan.tables)


async def _write(connection: asyncpg.Connection, table: str, shape: Shape, one: Coming) -> None:
    names = ", ".join(f'"{name}"' for name in shape.columns)
    values = ", ".join(f'p."{name}"' for name in shape.columns)
    rows = f'jsonb_populate_recordset(null::"{table}", $1::jsonb) p'
    try:
        if one.gone:
            await connection.execute(
                f'insert into "{table}" ({names}) overriding system value select {values} from {rows}',
                msgspec.json.encode(one.gone).decode(),
            )
        if one.other:
            await connection.execute(
                f'update "{table}" c set ({names}) = row({values}) from {rows} where {by_key(shape)}',
                msgspec.json.encode(one.other).decode(),
            )
    except asyncpg.UniqueViolationError as taken:
        raise Problem(
            f"{_title(table)}里已经有另一行用着同样的编号或号码（{taken.constraint_name}），没有恢复，什么也没有改。"
        ) from taken


async def _whole(connection: asyncpg.Connection, reference: Reference, one: Coming) -> None:
    there = " and ".join(f'c."{name}" is not null' for name in reference.columns)
    lost = await connection.fetchval(
        f'select count(*) from jsonb_populate_recordset(null::"{reference.table}", $1::jsonb) c'
        f' where {there} and not exists (select from "{reference.of}" p where {reference.joined})',
        msgspec.json.encode([*one.gone, *one.other]).decode(),
    )
    if lost:
        raise Problem(
            f"{_title(reference.table)}有 {lost} 行引用的{_title(reference.of)}已经不在，没有恢复，什么也没有改。"
        )
