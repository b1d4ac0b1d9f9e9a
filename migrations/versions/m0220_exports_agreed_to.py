"""Who agrees to a list of people agrees to these and no others; and a file may be a csv."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration

ID = "0220"
VERSION = "1.38.0"
DESCRIPTION = "whom an exported list holds"

MARKED = """
alter table export add column mark text not null default '';
alter table export add column ending text not null default 'xlsx' check (ending in ('xlsx', 'csv'));
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, MARKED, grant("export", "update (total, mark)"))
