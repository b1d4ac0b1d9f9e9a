"""Photos and papers of activities; one that was added by mistake is taken away from sight, its line stays."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table
from migrations.versions.m0002_core import SIGNED

ID = "0091"
VERSION = "1.38.0"
DESCRIPTION = "files of activities"

FILES = (
    tenant_table(
        "activity_file",
        f"""
    activity_id uuid not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{{64}}$'),
    size bigint not null check (size > 0),
    name text not null,
    extension text not null,
    mime text not null,
    removed boolean not null default false,
    {SIGNED},
    {references("activity_id", "activity")}""",
    ),
    "create index on activity_file (tenant_id, activity_id, id);",
    grant("activity_file", "select", "insert", "update (removed)"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *FILES)
