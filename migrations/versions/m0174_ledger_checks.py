"""Verifications of the ledger that somebody has asked for, and what they found."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, tenant_table

ID = "0174"
VERSION = "1.38.0"
DESCRIPTION = "checks of the ledger"

CHECK = tenant_table(
    "ledger_check",
    """
    by_id uuid not null,
    by_name text not null,
    since date,
    until date,
    at timestamptz not null default clock_timestamp(),
    ended_at timestamptz,
    report text,
    check (report is null or ended_at is not null)
    """,
) + grant("ledger_check", "select", "insert", "update (ended_at, report)")


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, CHECK)
