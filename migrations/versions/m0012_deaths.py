"""Which process has begun a task, and how often one died over it."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration

ID = "0012"
VERSION = "1.38.0"
DESCRIPTION = "deaths of workers"

DEATHS = """
alter table task_run add runner uuid, add deaths integer not null default 0;
""" + grant("task_run", "update (runner, deaths)")


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, DEATHS)
