"""Templates of papers with which a county has replaced those that plugins bring."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table

ID = "0061"
VERSION = "1.38.0"
DESCRIPTION = "templates of papers"

TEMPLATE = (
    tenant_table(
        "paper_template",
        f"""
    paper text collate "C" not null,
    filename text not null,
    content bytea not null check (length(content) <= 1048576),
    by_id uuid not null,
    by_name text not null,
    at timestamptz not null default clock_timestamp(),
    unique (tenant_id, paper),
    {references("by_id", "account")}""",
    ),
    grant("paper_template", "select", "insert", "delete"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *TEMPLATE)
