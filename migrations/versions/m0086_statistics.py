"""Moves of people by themselves: statistics of a past day look only at these lines of the histories."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0086"
VERSION = "1.38.0"
DESCRIPTION = "moves of people by themselves"

MOVES = """
create index on person_change (tenant_id, person_id, id) where kind in ('carried', 'transferred');
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, MOVES)
