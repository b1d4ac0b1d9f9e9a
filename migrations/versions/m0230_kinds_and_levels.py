"""Which kinds of notices somebody wants no mail of; after how many days what is overdue is told one level up."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0230"
VERSION = "1.38.0"
DESCRIPTION = "kinds of notices and one level up"

KINDS = "alter table notice_setting add column unmailed text[] not null default '{}';"
UP = "alter table notice_rule add column up_days smallint check (up_days between 1 and 90);"
CASES = "create index on case_file (tenant_id, unit_id, next_due) where status = 'running' and next_due is not null;"


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, KINDS, UP, CASES)
