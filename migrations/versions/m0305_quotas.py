"""Quotas that the operator has set for a county, and how many mails and pushes went out on a day.

The application reads them; nobody of a county sets his own.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, tenant_table

ID = "0305"
VERSION = "1.38.0"
DESCRIPTION = "quotas"

QUOTA = tenant_table(
    "quota", "name text not null, most bigint not null check (most >= 0)", key="name"
) + grant("quota", "select")

SENT = """
alter table notice_setting add sent_on date, add sent integer not null default 0;
alter table notice_hook add sent_on date, add sent integer not null default 0;
""" + grant("notice_hook", "update (sent_on, sent)")


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, QUOTA, SENT)
