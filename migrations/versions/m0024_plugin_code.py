"""Which code of plugins all processes use, and which of it has been tripped."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import APP_ROLE, grant, migration

ID = "0024"
VERSION = "1.38.0"
DESCRIPTION = "code of plugins"

CODE = """
    create table plugin_code (
        plugin text collate "C" primary key,
        digest text not null,
        tripped text,
        changed_at timestamptz not null default clock_timestamp()
    );
""" + grant("plugin_code", "select")

# Whoever judges may stop a plugin, and do nothing else with it; every county's policies are then read anew.
TRIP = f"""
    create function trip_plugin(named text, why text) returns void
    language plpgsql security definer set search_path = public, pg_temp as $$ begin
        update plugin_code set tripped = left(why, 200), changed_at = clock_timestamp()
        where plugin = named and tripped is null;
        if found then
            update county set policy_version = policy_version + 1;
        end if;
    end $$;
    revoke execute on function trip_plugin from public;
    grant execute on function trip_plugin to {APP_ROLE};
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, CODE, TRIP)
