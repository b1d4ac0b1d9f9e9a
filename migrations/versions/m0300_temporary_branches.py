"""Temporary branches are a kind of their own: until when, for what, and who takes part; the workplaces of a joint branch."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table
from migrations.versions.m0002_core import SIGNED

ID = "0300"
VERSION = "1.38.0"
DESCRIPTION = "temporary branches"

KIND = """
alter table unit drop constraint unit_kind_check;
alter table unit add constraint unit_kind_check
    check (kind in ('department', 'committee', 'general-branch', 'branch', 'temporary-branch', 'group'));
alter table unit add column task text not null default '';
alter table unit add column until date;
alter table unit add column covers text[] not null default '{}';
alter table unit add check (kind = 'temporary-branch' or (task = '' and until is null));
create index on unit (tenant_id, until) where kind = 'temporary-branch' and dissolved is null;
"""

GUESTS = (
    tenant_table(
        "unit_guest",
        f"""
    unit_id uuid not null,
    person_id uuid not null,
    since date not null,
    ended date check (ended >= since),
    {SIGNED},
    {references("unit_id", "unit")},
    {references("person_id", "person")}""",
    ),
    """
    create index on unit_guest (tenant_id, unit_id, id);
    create index on unit_guest (tenant_id, person_id);
    create unique index unit_guest_of_one on unit_guest (tenant_id, person_id) where ended is null;
    """,
    grant("unit_guest", "select", "insert", "update (person_id, ended)"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, KIND, *GUESTS)
