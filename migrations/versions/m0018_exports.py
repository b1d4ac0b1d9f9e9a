"""Workbooks that a person has asked for: made by a task, sealed, fetched by him alone, gone after a day."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table

ID = "0018"
VERSION = "1.38.0"
DESCRIPTION = "workbooks asked for"

EXPORT = (
    tenant_table(
        "export",
        f"""
    kind text collate "C" not null,
    asked jsonb not null,
    purpose text not null check (purpose <> ''),
    day date not null,
    state text not null default 'waiting' check (state in ('waiting', 'done', 'refused', 'lost')),
    total integer not null,
    sentence text not null default '',
    name text not null default '',
    content bytea,
    by_id uuid not null,
    at timestamptz not null default clock_timestamp(),
    {references("by_id", "account")}""",
    ),
    "create index on export (tenant_id, by_id, at);",
    "create index on export (tenant_id, id) where state = 'waiting';",
    grant("export", "select", "insert", "delete", "update (state, sentence, name, content)"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *EXPORT)
