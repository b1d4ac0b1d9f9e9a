"""With what is asked for it is written down what its asker might then: it is given to him as long as he still may."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0312"
VERSION = "1.38.0"
DESCRIPTION = "what the asker of an export might"

HELD = "alter table export add column held jsonb;\n"


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, HELD)
