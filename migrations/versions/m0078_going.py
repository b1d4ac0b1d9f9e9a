"""Where the person of a case goes by it: the unit that takes him, kept beside the one that he is at."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0078"
VERSION = "1.38.0"
DESCRIPTION = "where people of cases go"

GOING = """
alter table case_file no force row level security;
alter table unit no force row level security;
alter table case_file
    add column to_unit_id uuid,
    add column to_path text collate "C",
    add check ((to_unit_id is null) = (to_path is null)),
    add foreign key (tenant_id, to_unit_id, to_path) references unit (tenant_id, id, path) on update cascade;
create index on case_file (tenant_id, to_path) where to_path is not null;
create index on case_file (tenant_id, to_unit_id);
alter table unit force row level security;
alter table case_file force row level security;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, GOING)
