"""People who have left: since when, how, why and by which paper. Lists and counts of those who are there pass over them."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0031"
VERSION = "1.38.0"
DESCRIPTION = "people who have left"

LEAVING = """
alter table person
    add column left_on date,
    add column left_as text check (left_as in
        ('died', 'withdrawn', 'removed', 'expelled', 'transferred-out', 'in-error')),
    add column left_reason text not null default '',
    add column left_paper text not null default '',
    add check ((left_on is null) = (left_as is null)),
    drop constraint person_tenant_id_id_index_key;

-- Whoever was entered in error does not keep his number from whoever it belongs to.
create unique index person_tenant_id_id_index_key on person (tenant_id, id_index) where left_as is distinct from 'in-error';

drop index person_tenant_id_py_id_idx, person_tenant_id_path_py_id_idx, person_tenant_id_membership_py_id_idx,
    person_tenant_id_membership_path_idx;
create index on person (tenant_id, py, id) where left_on is null;
create index on person (tenant_id, path, py, id) where left_on is null;
create index on person (tenant_id, membership, py, id) where left_on is null;
create index on person (tenant_id, membership, path) where left_on is null;
create index on person (tenant_id, left_on, id) where left_on is not null;
create index on person (tenant_id, path, left_on, id) where left_on is not null;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, LEAVING)
