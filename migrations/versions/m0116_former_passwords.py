"""Hashes of the passwords that an account has had: none of them comes back at once."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table

ID = "0116"
VERSION = "1.38.0"
DESCRIPTION = "former passwords"

FORMER = (
    tenant_table(
        "former_password",
        f"""
    account_id uuid not null,
    password_hash text not null,
    {references("account_id", "account")}""",
    ),
    "create index on former_password (tenant_id, account_id, id);",
    grant("former_password", "select", "insert", "delete"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *FORMER)
