"""A mail of notices that could not be delivered is said to its owner."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0181"
VERSION = "1.38.0"
DESCRIPTION = "mails of notices"

FAILED = "alter table notice_setting add column failed_at timestamptz;"


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, FAILED)
