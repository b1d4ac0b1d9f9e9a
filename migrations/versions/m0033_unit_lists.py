"""Lists of organisations on their way into the tree."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, tenant_table

ID = "0033"
VERSION = "1.38.0"
DESCRIPTION = "lists of organisations"

LIST = (
    tenant_table(
        "unit_list",
        """
    unit_id uuid not null,
    path text collate "C" not null,
    filename text not null,
    listed jsonb not null,
    state text not null default 'read' check (state in ('read', 'confirmed', 'applied', 'refused', 'discarded')),
    refusal text not null default '',
    counts jsonb not null default '{}',
    by_id uuid not null,
    by_name text not null,
    at timestamptz not null default clock_timestamp(),
    confirmed_id uuid,
    confirmed_name text not null default '',
    applied_at timestamptz,
    foreign key (tenant_id, unit_id, path) references unit (tenant_id, id, path) on update cascade""",
    ),
    "create index on unit_list (tenant_id, path, id);",
    grant(
        "unit_list", "select", "insert",
        "update (path, state, refusal, counts, confirmed_id, confirmed_name, applied_at)",
    ),
)  # fmt: skip


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *LIST)
