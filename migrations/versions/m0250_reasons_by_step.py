"""Why each open step of a case waits, side by side with `open_steps`: who works on one of them is told the reasons of that one.

They are worked out by the next sweep (`changes_on` says that it is due); until then a list says those of the whole case.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0250"
VERSION = "1.38.0"
DESCRIPTION = "reasons by step"

COLUMN = """
alter table case_file add column open_reasons text[] not null default '{}';
alter table case_file no force row level security;
update case_file set changes_on = computed_on where status = 'running';
alter table case_file force row level security;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, COLUMN)
