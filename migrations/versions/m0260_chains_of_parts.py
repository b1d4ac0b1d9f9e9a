"""A preview goes on in several chains of parts; the last of them ends it."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration

ID = "0260"
VERSION = "1.38.0"
DESCRIPTION = "previews in chains of parts"

CHAINS = """
    alter table policy_preview add column chains integer not null default 1;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, CHAINS, grant("policy_preview", "update (chains)"))
