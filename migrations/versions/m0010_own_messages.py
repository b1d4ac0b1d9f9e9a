"""A message that waits to be sent names the county whose it is: whatever a session writes, nothing runs for another one."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0010"
VERSION = "1.38.0"
DESCRIPTION = "a message names its own county"

# Absent is not its own county either; what waits at the moment of the update is looked at, too.
CHECK = """
alter table outbox add constraint outbox_names_its_county
    check ((message #>> '{kwargs,county_id}') is not distinct from tenant_id::text);
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, CHECK)
