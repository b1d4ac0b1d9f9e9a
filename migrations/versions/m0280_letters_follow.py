"""A letter that is out belongs to the file that its case belongs to, also once its own has gone into another
(core/changes/unite.py); those of files that were made one before are brought to the kept one.

The owner sees no rows of a county while row-level security is forced.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration

ID = "0280"
VERSION = "1.38.0"
DESCRIPTION = "letters follow their case"

FOLLOWED = """
alter table case_file no force row level security;
update letter l set person_id = c.person_id from case_file c
    where c.tenant_id = l.tenant_id and c.id = l.case_id and l.state = 'issued' and l.person_id <> c.person_id;
alter table case_file force row level security;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, grant("letter", "update (person_id)"), FOLLOWED)
