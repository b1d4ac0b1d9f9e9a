"""Where the person of a case comes from or goes to beyond the county; and people who are awaited: in no count until received."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0095"
VERSION = "1.38.0"
DESCRIPTION = "beyond the county"

BEYOND = """
alter table case_file
    add column beyond text not null default '',
    add column beyond_county uuid references county (id);
create index on case_file (beyond_county) where beyond_county is not null;

alter table person
    drop constraint person_left_as_check,
    add constraint person_left_as_check check (left_as in
        ('died', 'withdrawn', 'removed', 'expelled', 'transferred-out', 'in-error', 'awaited'));
drop index person_tenant_id_id_index_key;

-- Whoever is awaited has no claim on his number yet: he may be refused.
create unique index person_tenant_id_id_index_key on person (tenant_id, id_index)
    where left_as is null or left_as not in ('in-error', 'awaited');
create index on person_change (tenant_id, person_id) where kind in ('returned', 'arrived');
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, BEYOND)
