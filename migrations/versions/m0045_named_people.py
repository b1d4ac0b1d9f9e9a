"""Whom of the register the entries of cases name: sponsors, mentors, those who talked, signed, observed."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import append_only, migration, references, tenant_table

ID = "0045"
VERSION = "1.38.0"
DESCRIPTION = "people named in entries"

NAMED = (
    tenant_table(
        "case_named",
        f"""
    person_id uuid not null,
    case_id uuid not null,
    entry_id uuid not null,
    facet text not null,
    {references("person_id", "person")},
    {references("case_id", "case_file")},
    {references("entry_id", "case_entry")}""",
    )
    + "create index on case_named (tenant_id, person_id);"
    + append_only("case_named")
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, NAMED)
