"""What an activity serves besides its own kind, and the post of whoever gave it; some have nobody to count."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0071"
VERSION = "1.38.0"
DESCRIPTION = "what activities serve"

SERVED = """
alter table activity add column also text[] not null default '{}';
alter table activity add column led_by text not null default '';
alter table activity drop constraint activity_eligible_check;
alter table activity add check (eligible >= 0);
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, SERVED)
