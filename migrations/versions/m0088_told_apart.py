"""Pairs of people who look like one and are two: somebody has compared them, and they are not offered again."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import append_only, migration, references, tenant_table
from migrations.versions.m0002_core import SIGNED

ID = "0088"
VERSION = "1.38.0"
DESCRIPTION = "people told apart"

APART = (
    tenant_table(
        "told_apart",
        f"""
    one_id uuid not null,
    other_id uuid not null,
    reason text not null check (reason <> ''),
    {SIGNED},
    check (one_id < other_id),
    {references("one_id", "person")},
    {references("other_id", "person")}""",
        key="one_id, other_id",
    ),
    "create index on told_apart (tenant_id, other_id);",
    append_only("told_apart"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *APART)
