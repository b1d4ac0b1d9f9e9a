"""One transaction, one county: a session says once whose rows it may see, and nothing it runs can say it anew.

Comes before all others, since every table's policy rests on it; a database that is older gets its policies rewritten.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import APP_ROLE, COUNTY, TENANT, migration

ID = "0000"
VERSION = "1.38.0"
DESCRIPTION = "a transaction belongs to one county"

# deploy/roles.sql lets the owner set the parameter; without that no session could be opened.
ALLOWED = f"""
do $$ begin
    if not has_parameter_privilege('dangwu_owner', '{COUNTY}', 'set') then
        raise exception '数据库角色的权限不全：请由数据库管理员按 deploy/roles.sql 重新执行一次，再升级数据库。';
    end if;
end $$;
"""

# Plain SQL, so that PostgreSQL puts its body into each query: planned and run as if it stood there.
READ = f"create or replace function {TENANT} returns uuid stable parallel safe return current_setting('{COUNTY}')::uuid;"

ENTERED = f"""
create or replace function enter_county(county uuid) returns void
language plpgsql security definer set search_path = pg_catalog as $$ begin
    if current_setting('{COUNTY}') <> '' then
        raise exception '本次事务已经属于一个县，不能再换。' using errcode = 'insufficient_privilege';
    end if;
    perform set_config('{COUNTY}', replace(county::text, '-', ''), true);
end $$;
revoke execute on function enter_county from public;
grant execute on function enter_county to {APP_ROLE};
"""

OLDER = f"""
do $$ declare bound record; begin
    for bound in select polrelid::regclass as name, polname from pg_policy where polname like '%\\_of\\_tenant' loop
        execute format('alter policy %I on %s using (tenant_id = {TENANT}) with check (tenant_id = {TENANT})',
                       bound.polname, bound.name);
        execute format('alter table %s alter column tenant_id set default {TENANT}', bound.name);
    end loop;
    if to_regclass('county') is not null then
        alter policy county_versioned on county using (id = {TENANT}) with check (id = {TENANT});
    end if;
end $$;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, ALLOWED, READ, ENTERED, OLDER)
