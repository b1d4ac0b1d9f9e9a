"""What time alone has changed in a case is news, not history: it is pruned once it is old. What people did in a case stays."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import APP_ROLE, migration

ID = "0200"
VERSION = "1.38.0"
DESCRIPTION = "events of time are pruned"

MOST = 100_000
"""Rows at one go: no transaction is long, and the next night goes on."""

INDEX = "create index on case_event (tenant_id, id) where kind = 'turned';"

PRUNE = f"""
create function prune_turned(before timestamptz) returns bigint
language plpgsql security definer set search_path = public, pg_catalog as $$
declare removed bigint;
begin
    before := least(before, now() - interval '184 days');
    delete from case_event where kind = 'turned' and at < before and id in (
        select id from case_event where kind = 'turned' and id < uuidv7(before - now()) order by id limit {MOST});
    get diagnostics removed = row_count;
    return removed;
end $$;
revoke execute on function prune_turned from public;
grant execute on function prune_turned to {APP_ROLE};
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, INDEX, PRUNE)
