"""The day on which somebody was removed from the Party, from which rules count five years."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0021"
VERSION = "1.38.0"
DESCRIPTION = "day of removal"

REMOVED = "alter table person add column removed date;"


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, REMOVED)
