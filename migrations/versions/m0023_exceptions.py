"""Entries by which a level agrees that a demand does not bind a case (“一般”)."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0023"
VERSION = "1.38.0"
DESCRIPTION = "exceptions agreed beforehand"

KINDS = """
    alter table case_entry
        drop constraint case_entry_kind_check,
        add constraint case_entry_kind_check check (kind in (
            'record', 'supplement', 'correction', 'correction-request', 'correction-granted', 'correction-refused', 'return',
            'exception', 'facts', 'end', 'reopening', 'note'));
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, KINDS)
