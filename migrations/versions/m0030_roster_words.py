"""What a unit has said of the headings and words of its rosters, so that nobody says it twice."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, tenant_table

ID = "0030"
VERSION = "1.38.0"
DESCRIPTION = "headings and words of rosters, remembered"

WORD = (
    tenant_table(
        "roster_word",
        """
    unit_id uuid not null,
    path text collate "C" not null,
    field text not null,
    heard text collate "C" not null check (heard <> ''),
    meant text not null,
    by_id uuid not null,
    by_name text not null,
    at timestamptz not null default clock_timestamp(),
    foreign key (tenant_id, unit_id, path) references unit (tenant_id, id, path) on update cascade,
    unique (tenant_id, unit_id, field, heard)""",
    ),
    "create index on roster_word (tenant_id, path);",
    grant("roster_word", "select", "insert", "update (meant, by_id, by_name, at)", "delete"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *WORD)
