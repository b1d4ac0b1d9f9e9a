"""Where a county has its news pushed to, and calendars that somebody reads by a secret link."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table
from migrations.versions.m0002_core import SIGNED

ID = "0182"
VERSION = "1.38.0"
DESCRIPTION = "pushed notices and calendars"

# The address of a group's robot holds its key: it is sealed, as its secret is.
HOOK = tenant_table(
    "notice_hook",
    f"""
    name text not null check (name <> ''),
    form text not null,
    host text not null,
    url bytea not null,
    secret bytea,
    mode text not null check (mode in ('once', 'daily')),
    active boolean not null default true,
    told_at timestamptz,
    told_on date,
    failed_at timestamptz,
    {SIGNED}""",
) + grant("notice_hook", "select", "insert", "update (active, told_at, told_on, failed_at)")

FEED = tenant_table(
    "notice_feed",
    f"""
    account_id uuid not null,
    digest bytea not null,
    made_at timestamptz not null default now(),
    used_at timestamptz,
    revoked_at timestamptz,
    {references("account_id", "account")}""",
) + grant("notice_feed", "select", "insert", "update (used_at, revoked_at)")
FEED += "create index on notice_feed (tenant_id, account_id) where revoked_at is null;\n"


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, HOOK, FEED)
