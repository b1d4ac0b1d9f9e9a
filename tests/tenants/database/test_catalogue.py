"""Every table is bound to a county or stands on the written list; the application's role gets what is granted and no more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from core.register.kept import KEPT
from core.register.model import FIELD_TITLES
from core.register.roster.columns import TITLES
from migrations.exempt import EXEMPT_TABLES
from migrations.migrate import migrate
from migrations.support import LOOKED_THROUGH, grant
from migrations.versions.m0090_activity_details import SAID
from tests.conftest import Database

pytestmark = pytest.mark.anyio

TENANT = "(tenant_id = session_county())"


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
          and pg_get_expr(d.adbin, d.adrelid) = 'session_county()'
          and (select array_agg(row(polcmd, polpermissive, polroles, pg_get_expr(polqual, polrelid),
                                    pg_get_expr(polwithcheck, polrelid))::text)
               from pg_policy p where p.polrelid = c.oid and p.polpermissive)
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
        "ledger_entry",
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
        " and confrelid not in ('county'::regclass, 'policy_text'::regclass)"
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


ADDED_TO_ONLY = {
    "activation", "activity_change", "attachment", "case_entry", "case_event", "case_named", "ledger_epoch",
    "letter_number_held", "notice_rule",
    "person_change",
    "plan_act", "plan_candidate", "plan_edition", "policy_allowance", "supplement", "rating_mark", "told_apart",
    "security_rule",
    "unit_change",
}  # fmt: skip
"""What happened stays happened: these can be read and added to."""

MAY = {
    **{name: {"select", "insert"} for name in ADDED_TO_ONLY},
    "account": {"select", "insert"},
    "activity": {"select", "insert"},
    "activity_file": {"select", "insert"},
    "unit_file": {"select", "insert"},
    "unit_term": {"select", "insert"},
    "unit_guest": {"select", "insert"},
    "minimise_rule": {"select", "insert"},
    "minimise_run": {"select", "insert"},
    "minimise_person": {"select", "insert"},
    "attendance": {"select", "insert", "delete"},
    "account_reset": {"select", "insert"},
    "case_file": {"select", "insert", "update"},
    "county": {"select"},
    "export": {"select", "insert", "delete"},
    "paper_template": {"select", "insert", "delete"},
    "floor_text": {"select"},
    "installation": {"select"},
    "form_number": {"select", "insert"},
    "form_sent": {"select", "insert", "delete"},
    "holding": {"select", "insert"},
    "import_batch": {"select", "insert", "update"},
    "import_row": {"select", "insert", "delete"},
    "import_was": {"select", "insert", "delete"},
    "ledger_check": {"select", "insert"},
    "ledger_entry": {"select"},
    "letter": {"select", "insert"},
    "notice": {"select", "insert", "delete"},
    "notice_hook": {"select", "insert"},
    "notice_feed": {"select", "insert"},
    "notice_setting": {"select", "insert", "update", "delete"},
    "migration": set(),
    "operator_act": set(),
    "operator_grant": {"select", "insert"},
    "outbox": {"select", "insert", "delete"},
    "own_link": {"select", "insert"},
    "rating_round": {"select", "insert"},
    "rating_subject": {"select", "insert"},
    "person": {"select", "insert", "update"},
    "person_merge": {"select", "insert", "delete"},
    "person_span": {"select", "insert"},
    "person_tag": {"select", "insert"},
    "person_term": {"select", "insert", "delete"},
    "plugin_code": {"select"},
    "quota": {"select"},
    "quota_counted": {"select", "insert"},
    "policy_preview": {"select", "insert", "delete"},
    "policy_text": {"select", "insert"},
    "api_token": {"select", "insert", "delete"},
    "deputy": {"select", "insert"},
    "former_password": {"select", "insert", "delete"},
    "oidc_link": {"select", "insert"},
    "oidc_provider": {"select", "insert"},
    "recovery_code": {"select", "insert", "delete"},
    "roster_word": {"select", "insert", "delete"},
    "saved_list": {"select", "insert", "delete"},
    "second_factor": {"select", "insert", "delete"},
    "task_run": {"select", "insert", "delete"},
    "unit": {"select", "insert", "update"},
    "unit_list": {"select", "insert"},
    "year_plan": {"select", "insert"},
}
"""Everything that the application's role may do with each table as a whole."""

MAY_CHANGE = {
    "account": {
        "name",
        "password_hash",
        "active",
        "must_change_password",
        "password_until",
        "sign_in_epoch",
        "person_id",
    },
    "account_reset": {"agreed_by", "agreed_at"},
    "county": {"policy_version", "standings_by", "swept_on"},
    "export": {"state", "sentence", "name", "content", "agreed_by", "agreed_name", "total", "mark"},
    "form_number": {"state", "case_id", "note", "changed"},
    "form_sent": {"location"},
    "holding": {"until", "ended_by", "ended_at"},
    "notice": {"read_at", "mailed_at"},
    "notice_hook": {"active", "told_at", "told_on", "failed_at", "sent_on", "sent"},
    "notice_feed": {"used_at", "revoked_at"},
    "letter": {
        "state",
        "ended_on",
        "reason",
        "answered_by",
        "valid_until",
        "receipt_on",
        "sealed",
        "person_id",
    },
    "quota_counted": {"used", "at"},
    "operator_grant": {"revoked_at", "revoked_by", "ticket", "ticket_until"},
    "ledger_check": {"ended_at", "report"},
    "outbox": {"sent_at", "cancelled_at", "cancelled_by"},
    "own_link": {"opened_at", "look_digest", "look_until", "revoked_at"},
    "activity": {*SAID, "withdrawn", "version"},
    "activity_file": {"removed"},
    "unit_file": {"removed"},
    "unit_term": {"void"},
    "unit_guest": {"person_id", "ended"},
    "attachment": {"erased"},
    "minimise_run": {"state", "reason", "agreed_by", "agreed_name"},
    "minimise_person": {"done", "passed_over"},
    "attendance": {"person_id"},
    "case_named": {"person_id"},
    "person_span": {"person_id", "word", "unit_id", "since", "ended", "note", "void", "version"},
    "person_tag": {"ended", "person_id"},
    "year_plan": {"state", "edition", "approved"},
    "rating_round": {"closed", "withdrawn"},
    "rating_subject": {"person_id", "state", "grade", "proposes", "until", "edition", "acts", "listed"},
    "policy_preview": {"chains", "preview", "state", "total"},
    "api_token": {"revoked_at", "last_used_at", "last_address"},
    "oidc_link": {"confirmed_at", "ended_at"},
    "oidc_provider": {"active"},
    "deputy": {"ended_at"},
    "recovery_code": {"used_at"},
    "second_factor": {"secret", "confirmed_at", "last_step"},
    "roster_word": {"meant", "by_id", "by_name", "at"},
    "unit_list": {
        "path",
        "state",
        "refusal",
        "counts",
        "confirmed_id",
        "confirmed_for",
        "confirmed_name",
        "applied_at",
    },
    "task_run": {
        "attempts",
        "deaths",
        "finished_at",
        "failure",
        "given_up_at",
        "runner",
        "done",
        "total",
        "result",
    },
}
"""The columns that it may change where it may not change whole rows."""

MAY_FILL = {
    "ledger_entry": {
        "by_id", "by_name", "acts_for", "verb", "title", "subject_kind", "subject_id", "unit_id", "passing",
        "salt", "said", "sealed",
    }
}  # fmt: skip
"""The columns of a new row that it may fill where the others are the database's: when, by which transaction."""


async def test_the_application_may_do_what_is_on_the_list_and_nothing_else(root: asyncpg.Connection) -> None:
    """A new table, or a wider grant, is written down here or fails."""
    granted: dict[str, set[str]] = {name: set() for name in await tables(root)}
    for row in await root.fetch(
        "select c.relname, lower(a.privilege_type) as may from pg_class c, aclexplode(c.relacl) a"
        " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'f', 'm', 'v', 'S')"
        " and a.grantee in (0, 'dangwu_app'::regrole)"
    ):
        granted.setdefault(row["relname"], set()).add(row["may"])
    assert granted == MAY


async def test_it_may_change_and_fill_what_is_on_the_lists(root: asyncpg.Connection) -> None:
    rows = await root.fetch(
        "select c.relname, t.attname, lower(a.privilege_type) as may"
        " from pg_class c join pg_attribute t on t.attrelid = c.oid, aclexplode(t.attacl) a"
        " where c.relnamespace = 'public'::regnamespace and a.grantee in (0, 'dangwu_app'::regrole)"
    )
    assert {row["may"] for row in rows} == {"update", "insert"}
    found: dict[str, dict[str, set[str]]] = {"update": {}, "insert": {}}
    for row in rows:
        found[row["may"]].setdefault(row["relname"], set()).add(row["attname"])
    assert found == {"update": MAY_CHANGE, "insert": MAY_FILL}


async def test_what_happened_cannot_be_changed_by_raw_sql_either(
    root: asyncpg.Connection, app_url: str
) -> None:
    raw = await asyncpg.connect(app_url)
    try:
        for name in ADDED_TO_ONLY:
            for statement in (
                f"update {name} set tenant_id = tenant_id",
                f"delete from {name}",
                f"truncate {name}",
            ):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await raw.execute(f"begin; select enter_county('{UUID(int=1)}'); {statement}")
                await raw.execute("rollback")
    finally:
        await raw.close()


async def test_statistics_and_other_sessions_tell_the_application_nothing_of_other_counties(
    root: asyncpg.Connection, app_url: str
) -> None:
    """Where row-level security is on, PostgreSQL keeps the values it has gathered to itself; statements carry no values."""
    gathered = "select count(*) from pg_stats where schemaname = 'public' and tablename = 'account'"
    async with root.transaction():
        await root.execute(
            "insert into county (id, slug, name, opened) values ($1, 'told', '泄漏县', now())", UUID(int=1)
        )
        await root.execute(
            "insert into account (tenant_id, login, name, password_hash) select $1, 'one' || n, '张三', '' from"
            " generate_series(1, 50) n",
            UUID(int=1),
        )
    await root.execute("analyze account")
    assert await root.fetchval(gathered) > 5
    raw = await asyncpg.connect(app_url)
    try:
        assert await raw.fetchval(gathered) == 0
        for closed in ("pg_statistic", "pg_authid", "pg_shadow"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await raw.fetch(f"select 1 from {closed} limit 1")
        for call in ("pg_read_file('PG_VERSION')", "pg_ls_dir('.')", "lo_import('/etc/hostname')"):
            with pytest.raises(asyncpg.PostgresError):
                await raw.fetch(f"select {call}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await raw.execute("create function f() returns int language sql as 'select 1'")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await raw.execute("create table t (x int)")
        assert await raw.fetchval("show log_error_verbosity") == "terse"
    finally:
        await raw.close()


STAYS = {
    "case_entry": "tenant_id, case_id, seq",
    "case_event": "tenant_id, case_id, id",
    "person_change": "tenant_id, person_id, id",
    "unit_change": "tenant_id, unit_id, id",
    "activity_change": "tenant_id, activity_id, id",
    "ledger_entry": "tenant_id, subject_id, id",
}
"""What is kept for ever (deploy/hosted/growth.md), and how it is read, however much of it there is."""


async def test_what_is_kept_for_ever_is_found_by_whom_it_is_about_and_by_when_it_was(
    root: asyncpg.Connection,
) -> None:
    """All indexes but partial ones; ids ascend with time."""
    for table, columns in STAYS.items():
        found = await root.fetch(
            "select pg_get_indexdef(indexrelid) how from pg_index where indrelid = $1::regclass and indpred is null",
            f"public.{table}",
        )
        listed = {row["how"].rpartition("(")[2].rstrip(")") for row in found}
        assert {columns, "tenant_id, id"} <= listed, (table, listed)
        by = await root.fetchval(
            "select pg_get_expr(adbin, adrelid) from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid"
            " and a.attnum = d.adnum where d.adrelid = $1::regclass and a.attname = 'id'",
            f"public.{table}",
        )
        assert by == "uuidv7()", table


async def test_no_function_or_view_lets_the_application_around_the_policies(root: asyncpg.Connection) -> None:
    assert await root.fetchval("select count(*) from pg_views where schemaname = 'public'") == 0
    rows = await root.fetch(
        "select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef"
    )
    assert {row["proname"] for row in rows} == {
        "enter_county",  # says a county once, see test_isolation.py
        "ledger_cluster",  # which server this is, of which no number tells anything of a county
        "prune_ledger",  # old readings and sign-ins of the session's county alone: tests/core/ledger
        "forget_values",  # out of histories, of whom a signed run of the county names: tests/core/statistics
        "prune_turned",  # old events of time of the session's county alone: tests/core/casework/test_lists.py
        "trip_plugin",  # stops a plugin and tells every county
        "answer_letter",  # takes whoever is received out of the register of the county whose letter it is
        "letter_said",  # what a letter says to whoever holds it
    }


async def test_migrating_again_does_nothing(database: object) -> None:
    assert await migrate() == []


async def test_an_older_database_gets_its_policies_rewritten(own_database: Database) -> None:
    """One whose tables still asked a parameter that anybody could set."""
    root = await asyncpg.connect(own_database.superuser_url)
    try:
        before = await bound(root)
        old = "current_setting('app.tenant_id')::uuid"
        for name in before:
            await root.execute(
                f"alter policy {name}_of_tenant on {name} using (tenant_id = {old}) with check (tenant_id = {old});"
                f"alter table {name} alter column tenant_id set default {old}"
            )
        assert await bound(root) == set()
        await root.execute("delete from migration where name = '0000'")
        assert await migrate() == ["0000"]
        assert await bound(root) == before
    finally:
        await root.close()


async def test_two_processes_may_migrate_at_once(database: object) -> None:
    import asyncio
    from contextvars import Context

    runs = [asyncio.create_task(migrate(), context=Context()) for _ in range(2)]
    assert await asyncio.gather(*runs) == [[], []]


def test_granting_an_unknown_privilege_raises() -> None:
    with pytest.raises(ValueError, match="truncate"):
        grant("account", "select", "truncate")


OF_THE_REGISTER = "relname ~ '^person' or relname = 'own_link'"


async def test_whatever_is_stored_of_a_person_is_declared(root: asyncpg.Connection) -> None:
    """Each column of the register's tables once, each other table that names a person; no line of the list without its column."""
    rows = await root.fetch(
        f"""select relname || '.' || attname from pg_class c join pg_attribute on attrelid = c.oid
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and attnum > 0 and not attisdropped
              and attname <> 'tenant_id' and ({OF_THE_REGISTER})"""
    )
    declared = [
        f"{table}.{column}"
        for one in KEPT.fields.values()
        for table, columns in one.columns.items()
        for column in columns
    ]
    assert sorted(declared) == sorted(row[0] for row in rows)
    rows = await root.fetch(
        f"""select distinct relname from pg_class c join pg_attribute on attrelid = c.oid
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not attisdropped
              and (attname = 'person_id' or relname = 'ledger_entry') and not ({OF_THE_REGISTER})"""
    )
    assert set(KEPT.elsewhere) == {row["relname"] for row in rows}


async def test_what_is_declared_of_a_person_says_how_it_is_kept_and_given_out() -> None:
    assert {one.keeping for one in KEPT.all} == set(KEPT.keeping)
    assert {one.erasing for one in KEPT.all} == set(KEPT.erasing)
    assert {name: one.title for name, one in KEPT.fields.items() if name in FIELD_TITLES} == FIELD_TITLES
    exported = {name: one.export for name, one in KEPT.fields.items() if one.export != "none"}
    assert exported.keys() == TITLES.keys()
    assert {name for name, how in exported.items() if how == "masked"} == {"national_id", "phone"}
