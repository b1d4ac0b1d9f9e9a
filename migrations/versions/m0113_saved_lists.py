"""Lists that somebody asks for again and again, kept under a name of his own."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table

ID = "0113"
VERSION = "1.38.0"
DESCRIPTION = "saved lists"

SAVED = tenant_table(
    "saved_list",
    f"""
    account_id uuid not null,
    list text not null,
    name text not null,
    query text not null,
    unique (tenant_id, account_id, list, name),
    {references("account_id", "account")}""",
) + grant("saved_list", "select", "insert", "delete")


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, SAVED)
