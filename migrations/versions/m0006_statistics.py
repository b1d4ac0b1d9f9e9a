"""Statistics that know new counties: what support.tenant_table now says of every table, for those made before it did."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import LOOKED_THROUGH, migration

ID = "0006"
VERSION = "1.38.0"
DESCRIPTION = "statistics that know new counties"

EVERY_TENANT_TABLE = f"""
do $$
declare
    one regclass;
begin
    for one in select oid from pg_class where relnamespace = 'public'::regnamespace and relforcerowsecurity loop
        execute format('alter table %s set ({LOOKED_THROUGH})', one);
    end loop;
end $$;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, EVERY_TENANT_TABLE)
