"""Minimisation: contact data of those who left long ago, and of those who did not become members, go for good once two people
have signed; what the histories say of them goes along.

The histories can only be added to: the function below alone takes values out, of whom a signed run names, in the county at hand.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import APP_ROLE, grant, migration, references, tenant_table
from migrations.versions.m0002_core import SIGNED

ID = "0295"
VERSION = "1.38.0"
DESCRIPTION = "minimising"

RUNS = (
    "alter table person add column minimised date;",
    "alter table attachment add column erased date;",
    grant("attachment", "update (erased)"),
    tenant_table("minimise_rule", f"gone integer not null, ended integer not null, {SIGNED}"),
    grant("minimise_rule", "select", "insert"),
    tenant_table(
        "minimise_run",
        f"""
    gone_until date,
    ended_until date,
    total integer not null check (total > 0),
    state text not null default 'asked' check (state in ('asked', 'agreed', 'done', 'declined', 'withdrawn')),
    reason text not null default '',
    agreed_by uuid,
    agreed_name text not null default '',
    {SIGNED},
    check (state not in ('agreed', 'done') or agreed_by is not null and agreed_by <> by_id)""",
    ),
    "create unique index on minimise_run (tenant_id) where state in ('asked', 'agreed');",
    grant("minimise_run", "select", "insert", "update (state, reason, agreed_by, agreed_name)"),
    tenant_table(
        "minimise_person",
        f"""
    run_id uuid not null,
    person_id uuid not null,
    done date,
    passed_over boolean not null default false,
    unique (tenant_id, run_id, person_id),
    {references("run_id", "minimise_run")},
    {references("person_id", "person")}""",
    ),
    "create index on minimise_person (tenant_id, person_id);",
    "create index on minimise_person (tenant_id, run_id, id) where done is null;",
    grant("minimise_person", "select", "insert", "update (done, passed_over)"),
)

FORGET = f"""
create function forget_values(people uuid[], fields text[]) returns void
language plpgsql security definer set search_path = public, pg_catalog as $$
declare named uuid[];
begin
    select array_agg(m.person_id) into named from minimise_person m join minimise_run r on r.tenant_id = m.tenant_id
        and r.id = m.run_id and r.state = 'agreed' where m.done is not null and not m.passed_over and m.person_id = any(people);
    update person_change c set detail = c.detail
            || case when jsonb_typeof(c.detail -> 'was') = 'object' then
                jsonb_build_object('was', (c.detail -> 'was') - fields) else '{{}}' end
            || case when jsonb_typeof(c.detail -> 'now') = 'object' then
                jsonb_build_object('now', (c.detail -> 'now') - fields) else '{{}}' end
        where c.person_id = any(named) and (c.detail -> 'was' ?| fields or c.detail -> 'now' ?| fields);
    update person_merge m set kept_was = m.kept_was - fields
        where (m.kept_id = any(named) or m.gone_id = any(named)) and m.kept_was ?| fields;
end $$;
revoke execute on function forget_values from public;
grant execute on function forget_values to {APP_ROLE};
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *RUNS, FORGET)
