"""A preview whose task somebody has cancelled says so: nothing has failed."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0346"
VERSION = "1.38.0"
DESCRIPTION = "previews that were cancelled"

STATES = """
alter table policy_preview drop constraint policy_preview_state_check,
    add constraint policy_preview_state_check check (state in ('running', 'done', 'lost', 'cancelled'));
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, STATES)
