"""Raw SQL as the application's role: one county at a time, whatever the statement says."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import pytest

from migrations.exempt import EXEMPT_TABLES
from tenants.database.session import county_session
from tenants.policies.allowance import allow
from tenants.policies.changes import Adopt
from tenants.policies.service import apply
from tests.tenants.conftest import TODAY, Tree, acting
from tests.tenants.policies.many_cases import plant_cases

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def filled(tree: Tree, other_tree: Tree) -> tuple[Tree, Tree]:
    """Both counties with accounts, roles, policies, messages, people and cases."""
    for place in (tree, other_tree):
        admin = await acting(place, "department-admin", place.department)
        async with county_session(place.county):
            await apply(admin, place.department, Adopt(plugin="yakeshi", since=date(2026, 1, 1)), TODAY)
            await allow(admin, frozenset({"committee"}))
            await plant_cases(place.branch, "/d/c/b/", 3, date(2026, 9, 1), TODAY)
    return tree, other_tree


@pytest.fixture(scope="module")
async def raw(app_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection as dangwu_app, with none of our code in between."""
    connection = await asyncpg.connect(app_url)
    yield connection
    await connection.close()


async def tenant_tables(raw: asyncpg.Connection) -> list[str]:
    rows = await raw.fetch("select tablename from pg_tables where schemaname = 'public' order by tablename")
    return [row["tablename"] for row in rows if row["tablename"] not in EXEMPT_TABLES]


async def test_each_table_shows_the_rows_of_the_county_that_is_set(
    filled: tuple[Tree, Tree], raw: asyncpg.Connection
) -> None:
    seen: dict[str, int] = {}
    for place in filled:
        async with raw.transaction():
            await raw.execute("select enter_county($1)", place.county)
            for name in await tenant_tables(raw):
                found = {
                    row["tenant_id"] for row in await raw.fetch(f"select distinct tenant_id from {name}")
                }
                assert found <= {place.county}, name
                seen[name] = seen.get(name, 0) + len(found)
    both = {name for name, count in seen.items() if count == 2}
    assert {"account", "holding", "activation", "ledger_entry", "outbox", "policy_allowance", "unit"} <= both
    assert {"person", "case_file", "case_entry"} <= both


async def test_no_table_answers_where_no_county_is_set(
    filled: tuple[Tree, Tree], raw: asyncpg.Connection
) -> None:
    for name in await tenant_tables(raw):
        with pytest.raises(asyncpg.PostgresError):
            await raw.fetch(f"select 1 from {name}")


ANEW = (
    "select enter_county('{}')",
    "set local app.tenant_id = '{}'",
    "set local backtrace_functions = '{}'",
    "select set_config('backtrace_functions', '{}', true)",
    "select set_config('backtrace_functions', '{}', false)",
    "reset backtrace_functions",
    "alter role current_user set backtrace_functions = '{}'",
    "set local role dangwu_owner",
)
"""What a stranger's statement could try, to see another county in the same transaction."""


@pytest.mark.parametrize("statement", ANEW)
async def test_a_transaction_belongs_to_one_county_whatever_it_runs(
    filled: tuple[Tree, Tree], raw: asyncpg.Connection, statement: str
) -> None:
    """Refused, or of no effect; and what the connection does next has no county of the last."""
    here, there = filled
    counted = (
        "select count(*) filter (where tenant_id = $1), count(*) filter (where tenant_id <> $1) from unit"
    )
    async with raw.transaction():
        await raw.execute("select enter_county($1)", here.county)
        with contextlib.suppress(asyncpg.InsufficientPrivilegeError, asyncpg.PostgresSyntaxError):
            async with raw.transaction():
                await raw.execute(statement.format(there.county.hex))
        assert tuple(await raw.fetchrow(counted, here.county) or ()) == (6, 0)
    with pytest.raises(asyncpg.PostgresError):
        await raw.fetch("select 1 from unit")


async def test_rows_of_another_county_cannot_be_changed_removed_or_moved(
    filled: tuple[Tree, Tree], raw: asyncpg.Connection
) -> None:
    here, there = filled
    async with raw.transaction():
        await raw.execute("select enter_county($1)", here.county)
        assert (
            await raw.execute("update unit set name = 'x' where tenant_id = $1", there.county) == "UPDATE 0"
        )
        assert await raw.execute("delete from outbox where tenant_id = $1", there.county) == "DELETE 0"
    for statement in (
        "update unit set tenant_id = $1",
        "insert into unit_change (tenant_id, unit_id, kind, day, detail, by_id, by_name)"
        " select $1, id, 'x', now(), '{}', id, 'x' from unit limit 1",
    ):
        with pytest.raises(asyncpg.PostgresError):
            async with raw.transaction():
                await raw.execute("select enter_county($1)", here.county)
                await raw.execute(statement, there.county)


async def test_a_row_cannot_point_into_another_county(
    filled: tuple[Tree, Tree], raw: asyncpg.Connection
) -> None:
    here, there = filled
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with raw.transaction():
            await raw.execute("select enter_county($1)", here.county)
            await raw.execute(
                "insert into holding (account_id, role, unit_id, since, granted_by)"
                " select id, 'x', $1, now(), id from account limit 1",
                there.branch,
            )


async def test_a_county_raises_its_own_version_only(
    filled: tuple[Tree, Tree], raw: asyncpg.Connection
) -> None:
    here, there = filled
    async with raw.transaction():
        await raw.execute("select enter_county($1)", here.county)
        raised = "update county set policy_version = policy_version + 1 where id = $1"
        assert await raw.execute(raised, here.county) == "UPDATE 1"
        assert await raw.execute(raised, there.county) == "UPDATE 0"
    for statement in (
        "update county set name = 'x'",
        "insert into county (slug, name, opened) values ('xx', 'x', now())",
        "delete from county",
        "truncate account",
        "alter table account disable row level security",
        "drop policy account_of_tenant on account",
        "set role dangwu_owner",
        "set session_replication_role = replica",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await raw.execute(statement)
