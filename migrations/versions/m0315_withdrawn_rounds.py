"""A round whose scheme was withdrawn as though it had never been in force waits for nobody any more, and says so."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration

ID = "0315"
VERSION = "1.38.0"
DESCRIPTION = "withdrawn rounds"

WITHDRAWN = "alter table rating_round add withdrawn date check (withdrawn >= opened);"


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, WITHDRAWN, grant("rating_round", "update (withdrawn)"))
