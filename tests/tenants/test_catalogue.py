"""Every table is bound to a county or stands on the written list; the application's role gets what is granted and no more."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from migrations.exempt import EXEMPT_TABLES
from migrations.migrate import migrate
from migrations.support import LOOKED_THROUGH, grant

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]

TENANT = "(tenant_id = (current_setting('app.tenant_id'::text))::uuid)"


@pytest.fixture(scope="module")
async def root(database: object) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.superuser_url)  # type: ignore[attr-defined]
    yield connection
    await connection.close()


async def tables(root: asyncpg.Connection) -> set[str]:
    rows = await root.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'f', 'm')"
    )
    return {row["relname"] for row in rows}


async def bound(root: asyncpg.Connection) -> set[str]:
    """Tables with tenant_id not null by default of the session, forced row security, and one policy with both sides."""
    rows = await root.fetch(
        """
        select c.relname from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull
        join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        where c.relrowsecurity and c.relforcerowsecurity
          and pg_get_expr(d.adbin, d.adrelid) = '(current_setting(''app.tenant_id''::text))::uuid'
          and (select array_agg(row(polcmd, polpermissive, polroles, pg_get_expr(polqual, polrelid),
                                    pg_get_expr(polwithcheck, polrelid))::text)
               from pg_policy p where p.polrelid = c.oid)
              = array[row('*'::"char", true, '{0}'::oid[], $1::text, $1::text)::text]
        """,
        TENANT,
    )
    return {row["relname"] for row in rows}


async def test_every_table_is_bound_to_a_county_or_on_the_list(root: asyncpg.Connection) -> None:
    every = await tables(root)
    assert every - await bound(root) == set(EXEMPT_TABLES)
    assert {
        "account",
        "holding",
        "activation",
        "audit_entry",
        "outbox",
        "unit",
        "person",
        "case_file",
    } <= every
    assert all(len(reason) > 10 for reason in EXEMPT_TABLES.values())


async def test_statistics_of_every_tenant_table_follow_its_counties(root: asyncpg.Connection) -> None:
    """A new county is no tenth of a large table: see migrations/support.py."""
    rows = await root.fetch("select relname, reloptions from pg_class where relforcerowsecurity")
    wanted = set(LOOKED_THROUGH.replace(" ", "").split(","))
    assert {row["relname"] for row in rows if wanted <= set(row["reloptions"] or ())} >= await bound(root)


async def test_primary_keys_begin_with_the_county(root: asyncpg.Connection) -> None:
    rows = await root.fetch(
        "select conrelid::regclass::text as name, conkey[1] as first,"
        " (select attnum from pg_attribute where attrelid = conrelid and attname = 'tenant_id') as tenant"
        " from pg_constraint where contype = 'p' and connamespace = 'public'::regnamespace"
    )
    wrong = {row["name"] for row in rows if row["first"] != row["tenant"]}
    assert wrong == set(EXEMPT_TABLES)


async def test_references_between_tenant_tables_carry_the_county(root: asyncpg.Connection) -> None:
    rows = await root.fetch(
        "select conname from pg_constraint k where contype = 'f' and connamespace = 'public'::regnamespace"
        " and confrelid <> 'county'::regclass"
        " and not exists (select from pg_attribute a join pg_attribute b on b.attrelid = k.confrelid"
        "   and b.attname = 'tenant_id' and b.attnum = any (k.confkey)"
        "   where a.attrelid = k.conrelid and a.attname = 'tenant_id' and a.attnum = any (k.conkey))"
    )
    assert [row["conname"] for row in rows] == []


async def test_the_applications_role_owns_nothing_and_cannot_bypass(root: asyncpg.Connection) -> None:
    role = await root.fetchrow(
        "select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = 'dangwu_app'"
    )
    assert role is not None
    assert not any(role)
    assert (
        await root.fetchval("select count(*) from pg_class where pg_get_userbyid(relowner) = 'dangwu_app'")
        == 0
    )
    assert not await root.fetchval("select pg_has_role('dangwu_app', 'dangwu_owner', 'member')")
    for privilege in ("truncate", "references", "trigger"):
        rows = await root.fetch(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
            " and has_table_privilege('dangwu_app', oid, $1)",
            privilege,
        )
        assert rows == []


@pytest.mark.parametrize(
    "name", ["audit_entry", "activation", "policy_allowance", "case_entry", "unit_change"]
)
async def test_what_happened_cannot_be_changed_by_the_application(
    root: asyncpg.Connection, name: str
) -> None:
    for privilege in ("update", "delete"):
        assert not await root.fetchval("select has_table_privilege('dangwu_app', $1, $2)", name, privilege)
    assert not await root.fetchval("select has_any_column_privilege('dangwu_app', $1, 'update')", name)


async def test_no_function_or_view_lets_the_application_around_the_policies(root: asyncpg.Connection) -> None:
    assert await root.fetchval("select count(*) from pg_views where schemaname = 'public'") == 0
    assert (
        await root.fetchval(
            "select count(*) from pg_proc where pronamespace = 'public'::regnamespace and prosecdef"
        )
        == 0
    )


async def test_migrating_again_does_nothing(database: object) -> None:
    assert await migrate() == []


async def test_two_processes_may_migrate_at_once(database: object) -> None:
    import asyncio
    from contextvars import Context

    runs = [asyncio.create_task(migrate(), context=Context()) for _ in range(2)]
    assert await asyncio.gather(*runs) == [[], []]


def test_granting_an_unknown_privilege_raises() -> None:
    with pytest.raises(ValueError, match="truncate"):
        grant("account", "select", "truncate")
