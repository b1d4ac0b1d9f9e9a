"""What an activity was about, and that it can be put right: its row says what holds, each change keeps what was said before."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import append_only, grant, migration, references, tenant_table
from migrations.versions.m0002_core import SIGNED

ID = "0090"
VERSION = "1.38.0"
DESCRIPTION = "activities in detail, corrected and withdrawn"

SAID = (
    "kind", "day", "also", "led_by", "place", "chair", "recorder", "agenda", "minutes", "hours", "themes", "papers",
    "eligible", "present", "reckoned", "why",
)  # fmt: skip
"""What a record says; where it stands, and who made it, cannot be changed."""

DETAILS = """
alter table activity
    add column hours double precision not null default 0 check (hours between 0 and 100 and hours * 2 = floor(hours * 2)),
    add column themes text[] not null default '{}',
    add column papers text[] not null default '{}',
    add column agenda text not null default '',
    add column withdrawn boolean not null default false,
    add column version integer not null default 1;
create index on person_change (tenant_id, (detail ->> 'was')) where kind in ('carried', 'transferred');
"""

CHANGES = (
    tenant_table(
        "activity_change",
        f"""
    activity_id uuid not null,
    kind text not null check (kind in ('correction', 'withdrawal')),
    was jsonb not null,
    now jsonb not null,
    reason text not null check (reason <> ''),
    {SIGNED},
    {references("activity_id", "activity")}""",
    ),
    "create index on activity_change (tenant_id, activity_id, id);",
    append_only("activity_change"),
    grant("activity", f"update ({', '.join((*SAID, 'withdrawn', 'version'))})"),
    grant("attendance", "delete"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, DETAILS, *CHANGES)
