"""Previews of changes of policies that a task works out, until the one who asked has read them."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table

ID = "0013"
VERSION = "1.38.0"
DESCRIPTION = "previews that a task works out"

PREVIEW = (
    tenant_table(
        "policy_preview",
        f"""
    unit_id uuid not null,
    planned jsonb not null,
    seen text not null,
    preview jsonb not null,
    fields jsonb not null,
    total integer not null,
    state text not null default 'running' check (state in ('running', 'done', 'lost')),
    by_id uuid not null,
    at timestamptz not null default clock_timestamp(),
    {references("unit_id", "unit")}""",
    ),
    "create index on policy_preview (tenant_id, unit_id);",
    grant("policy_preview", "select", "insert", "delete", "update (preview, state, total)"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *PREVIEW)
