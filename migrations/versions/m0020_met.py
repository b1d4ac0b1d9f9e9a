"""What plugins' own code had found met in a case: it stays so while that code is not there."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0020"
VERSION = "1.38.0"
DESCRIPTION = "what plugins' code had found"

MET = "alter table case_file add met text not null default '';"


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, MET)
