"""Activities with their rolls, and the entries of cases that were made at one."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import add_reference, append_only, migration, references, tenant_table
from migrations.versions.m0002_core import AT_UNIT, SIGNED

ID = "0070"
VERSION = "1.38.0"
DESCRIPTION = "activities"

ACTIVITIES = (
    tenant_table(
        "activity",
        f"""
    kind text not null,
    day date not null,
    place text not null,
    chair text not null,
    recorder text not null,
    minutes text not null,
    eligible integer not null check (eligible > 0),
    present integer not null check (present between 0 and eligible),
    reckoned integer,
    why text not null,
    {SIGNED},
    {AT_UNIT}""",
    ),
    "create index on activity (tenant_id, path, day);\ncreate index on activity (tenant_id, unit_id);",
    append_only("activity"),
    tenant_table(
        "attendance",
        f"""
    activity_id uuid not null,
    person_id uuid not null,
    name text not null,
    state text not null check (state in ('present', 'absent', 'written')),
    reason text not null,
    check ((state = 'present') = (reason = '')),
    unique (tenant_id, activity_id, person_id),
    {references("activity_id", "activity")},
    {references("person_id", "person")}""",
    ),
    "create index on attendance (tenant_id, person_id);",
    append_only("attendance"),
    "alter table case_entry add column activity_id uuid;",
    add_reference("case_entry", "activity_id", "activity"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *ACTIVITIES)
