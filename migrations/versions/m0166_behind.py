"""Who of 800 branches is behind is computed from what they did of late: found by kind and day, not among all that they did."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0166"
VERSION = "1.38.0"
DESCRIPTION = "behind"

BEHIND = """
create index activity_began on activity (tenant_id, day) include (at) where not withdrawn;
create index activity_kind on activity (tenant_id, kind, day) where not withdrawn;
alter table activity add column serves_more boolean not null generated always as (also <> '{}') stored;
create index activity_more on activity (tenant_id, day) where not withdrawn and serves_more;
"""
"""When the county's record began; what was held as this kind; what serves as another kind, too. That is a column because
row-level security lets PostgreSQL estimate nothing of arrays: it would expect half a table, and read all of it."""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, BEHIND)
