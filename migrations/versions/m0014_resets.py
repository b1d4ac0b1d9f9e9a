"""A password is reset by two, a first password runs out, and who reset an account stays known to the cases it acts on."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import APP_ROLE, grant, migration, references, tenant_table

ID = "0014"
VERSION = "1.38.0"
DESCRIPTION = "resets of passwords"

# The platform's operator, who helps the only administrator, is nobody's account: no references to who asked and agreed.
RESET = tenant_table(
    "account_reset",
    f"""
    account_id uuid not null,
    asked_by uuid not null check (asked_by <> account_id),
    asked_at timestamptz not null default now(),
    agreed_by uuid check (agreed_by <> account_id),
    agreed_at timestamptz,
    check ((agreed_by is null) = (agreed_at is null)),
    {references("account_id", "account")}
    """,
) + grant("account_reset", "select", "insert", "update (agreed_by, agreed_at)")
RESET += "create index on account_reset (tenant_id, account_id, asked_at);\n"

FIRST_PASSWORD = f"""
alter table account add column password_until timestamptz;
grant update (password_until) on account to {APP_ROLE};
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, RESET, FIRST_PASSWORD)
