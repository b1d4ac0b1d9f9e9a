"""Whom somebody acted for when he asked for a file, or confirmed a list: it is made with that one's rights, as long as he is his
deputy."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import add_reference, grant, migration

ID = "0345"
VERSION = "1.38.0"
DESCRIPTION = "what deputies ask for"

ASKED = "alter table export add column acts_for uuid;\nalter table unit_list add column confirmed_for uuid;\n"


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(
        ID,
        DESCRIPTION,
        ASKED,
        add_reference("export", "acts_for", "account"),
        add_reference("unit_list", "confirmed_for", "account"),
        grant("unit_list", "update (confirmed_for)"),
    )
