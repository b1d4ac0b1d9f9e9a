"""How much of each quota a county had when it was counted last: whoever brings one more need not count the whole county."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, tenant_table

ID = "0323"
VERSION = "1.38.0"
DESCRIPTION = "quotas counted"

COUNTED = tenant_table(
    "quota_counted", "name text not null, used bigint not null, at timestamptz not null", key="name"
) + grant("quota_counted", "select", "insert", "update (used, at)")


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, COUNTED)
