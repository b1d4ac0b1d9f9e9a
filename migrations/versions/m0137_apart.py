"""System, security and audit administrators apart, where a county says so."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0137"
VERSION = "1.38.0"
DESCRIPTION = "three administrators apart"

RULE = "alter table security_rule add column apart boolean not null default false;\n"


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, RULE)
