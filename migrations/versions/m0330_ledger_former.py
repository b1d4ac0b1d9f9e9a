"""An epoch that another key signs than the one before names that key and bears its signature too."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0330"
VERSION = "1.38.0"
DESCRIPTION = "whose key signed the ledger before"

FORMER = """
alter table ledger_epoch add column former bytea not null default '', add column countersignature bytea not null default '';
create index on ledger_epoch (tenant_id, number) where former <> '';
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, FORMER)
