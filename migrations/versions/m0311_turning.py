"""By which secret the database is being sealed anew: while it is, nobody starts (deploy/secret)."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0311"
VERSION = "1.38.0"
DESCRIPTION = "another secret for a database"

TURNING = "alter table installation add column turning bytea check (octet_length(turning) = 32);\n"


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, TURNING)
