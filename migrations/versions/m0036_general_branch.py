"""The general branch is a level that records: it reviews what the branches below it have decided (细则第二十二条)."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0036"
VERSION = "1.38.0"
DESCRIPTION = "the general branch as a level"

LEVELS = """
    alter table case_entry
        drop constraint case_entry_level_check,
        add constraint case_entry_level_check check (level in ('branch', 'general-branch', 'committee', 'department'));
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, LEVELS)
