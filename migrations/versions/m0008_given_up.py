"""When a task was given up: whoever waits for it, and the administrators, are told."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration

ID = "0008"
VERSION = "1.38.0"
DESCRIPTION = "tasks given up"

GIVEN_UP = "alter table task_run add given_up_at timestamptz;\n" + grant("task_run", "update (given_up_at)")


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, GIVEN_UP)
