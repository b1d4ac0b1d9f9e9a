"""The county's own supplement: every text of it that was ever saved."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import append_only, migration, tenant_table
from migrations.versions.m0002_core import SIGNED

ID = "0106"
VERSION = "1.38.0"
DESCRIPTION = "the county's supplement"

SUPPLEMENT = tenant_table(
    "supplement",
    f"""
    number integer not null check (number > 0),
    text text not null check (length(text) <= 40000),
    hash text collate "C" not null references policy_text (hash),
    note text not null,
    {SIGNED},
    unique (tenant_id, number)""",
) + append_only("supplement")


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, SUPPLEMENT)
