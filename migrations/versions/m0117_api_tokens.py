"""Tokens with which programs use the API in somebody's name, and clients that fetch short ones (OAuth 2.0)."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table

ID = "0117"
VERSION = "1.38.0"
DESCRIPTION = "tokens of the API"

TOKEN = (
    tenant_table(
        "api_token",
        f"""
    account_id uuid not null,
    kind text not null check (kind in ('token', 'client', 'access')),
    parent_id uuid,
    name text not null,
    digest bytea not null,
    scopes text[] not null,
    read_only boolean not null,
    created_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    last_used_at timestamptz,
    last_address text,
    check ((kind = 'access') = (parent_id is not null)),
    {references("account_id", "account")},
    foreign key (tenant_id, parent_id) references api_token (tenant_id, id) on delete cascade""",
    ),
    "create index on api_token (tenant_id, account_id);",
    "create index on api_token (tenant_id, parent_id);",
    grant("api_token", "select", "insert", "update (revoked_at, last_used_at, last_address)", "delete"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *TOKEN)
