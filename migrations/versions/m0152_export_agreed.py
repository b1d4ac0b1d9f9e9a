"""A long list of people leaves the platform when a second person agrees; a county says from how many lines on."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration

ID = "0152"
VERSION = "1.38.0"
DESCRIPTION = "exports that a second person agrees to"

AGREED = """
alter table export drop constraint export_state_check;
alter table export add constraint export_state_check
    check (state in ('asked', 'waiting', 'done', 'refused', 'lost'));
alter table export add column agreed_by uuid check (agreed_by <> by_id);
alter table export add column agreed_name text not null default '';
alter table security_rule add column export_alone integer not null default 2000 check (export_alone >= 0);
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, AGREED, grant("export", "update (agreed_by, agreed_name)"))
