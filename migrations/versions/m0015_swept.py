"""Up to which day the rules that begin and end have been seen to in a county: cases that stand as they did are not written."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration

ID = "0015"
VERSION = "1.38.0"
DESCRIPTION = "the day of a county's last sweep"

SWEPT = "alter table county add swept_on date;", grant("county", "update (swept_on)")


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *SWEPT)
