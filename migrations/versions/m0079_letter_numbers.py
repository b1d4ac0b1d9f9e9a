"""A committee gives each number of a letter of introduction once: also one that was lost, refused or written down by mistake."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0079"
VERSION = "1.38.0"
DESCRIPTION = "numbers of letters"

NUMBERS = """
create unique index letter_number on case_entry (tenant_id, by_unit_id, (evidence -> 'serial' ->> 'number'))
    where step = 'introduction-letter' and kind = 'record' and evidence -> 'serial' ->> 'number' <> '';
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, NUMBERS)
