"""Which members of which units are away: what their branches owe after it is asked for hundreds of units at once."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0165"
VERSION = "1.38.0"
DESCRIPTION = "away"

AWAY = "create index case_file_away on case_file (tenant_id, unit_id) where procedure = 'mobile-member';"


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, AWAY)
