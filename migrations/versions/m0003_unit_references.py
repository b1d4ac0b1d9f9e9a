"""What tenants' tables say about units: possible only now that the units exist."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import TENANT, add_reference, migration

ID = "0003"
VERSION = "1.38.0"
DESCRIPTION = "roles and activations are held at units"

# What reaches a unit follows from its path: a unit that moves changes policies as an activation does, whoever moved it.
MOVED = f"""
create function policies_moved() returns trigger language plpgsql as $$
begin
    update county set policy_version = policy_version + 1 where id = {TENANT};
    return null;
end $$;
create trigger policies_moved after update of path on unit for each statement execute function policies_moved();
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(
        ID,
        DESCRIPTION,
        add_reference("holding", "unit_id", "unit"),
        add_reference("activation", "unit_id", "unit"),
        add_reference("audit_entry", "unit_id", "unit"),
        MOVED,
    )
