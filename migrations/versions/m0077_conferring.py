"""What a case makes of its person: his membership, or nothing. Until now every procedure of the floor conferred one."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0077"
VERSION = "1.38.0"
DESCRIPTION = "what cases confer"

CONFERS = """
alter table case_file add column confers text not null default 'membership';
alter table case_file alter column confers drop default;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, CONFERS)
