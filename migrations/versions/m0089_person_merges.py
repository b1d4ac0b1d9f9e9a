"""Two files of one person made one: the other leads to the kept one, and what went along is known until it is undone."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import add_reference, grant, migration, references, tenant_table
from migrations.versions.m0002_core import SIGNED

ID = "0089"
VERSION = "1.38.0"
DESCRIPTION = "merged people"

INTO = """
alter table person add column merged_into uuid, add check (merged_into is null or left_as = 'in-error');
"""

MERGES = (
    tenant_table(
        "person_merge",
        f"""
    gone_id uuid not null,
    kept_id uuid not null,
    kept_was jsonb not null,
    went jsonb not null,
    last_change uuid not null,
    {SIGNED},
    {references("gone_id", "person")},
    {references("kept_id", "person")}""",
        key="gone_id",
    ),
    "create index on person_merge (tenant_id, kept_id);",
    grant("person_merge", "select", "insert", "delete"),
    grant("person_tag", "update (person_id)"),
    grant("person_span", "update (person_id)"),
    grant("case_named", "update (person_id)"),
    grant("attendance", "update (person_id)"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, INTO, add_reference("person", "merged_into", "person"), *MERGES)
