"""A county has one department, and its path alone is of one segment: whoever holds a role there is asked for no path at all
(core/paths.py), so that nothing else may look like it."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0340"
VERSION = "1.38.0"
DESCRIPTION = "one department a county"

ROOT = """
create unique index unit_tenant_id_root_key on unit (tenant_id) where parent_id is null;
alter table unit add check ((parent_id is null) = (path ~ '^/[a-z0-9]+/$'));
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, ROOT)
