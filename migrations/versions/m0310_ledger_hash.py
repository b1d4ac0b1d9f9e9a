"""Every epoch of the ledger names the hash by which it was sealed; those that are there were by SHA-256."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0310"
VERSION = "1.38.0"
DESCRIPTION = "by what an epoch is hashed"

HASH = "alter table ledger_epoch add column hash text collate \"C\" not null default 'sha256';\n"


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, HASH)
