"""What people were before a roster was applied, so that it can be undone while nobody has changed them since."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table

ID = "0032"
VERSION = "1.38.0"
DESCRIPTION = "imports undone"

BATCH = """
alter table import_batch
    add column undone_id uuid,
    add column undone_name text,
    add column undone_at timestamptz,
    drop constraint import_batch_state_check,
    add constraint import_batch_state_check check (state in
        ('uploaded', 'parsed', 'confirmed', 'refused', 'applied', 'discarded', 'undoing', 'undone'));
"""

WAS = (
    tenant_table(
        "import_was",
        f"""
    batch_id uuid not null,
    person_id uuid not null,
    was jsonb,
    {references("batch_id", "import_batch")},
    {references("person_id", "person")}""",
        key="batch_id, person_id",
    ),
    "create index on import_was (tenant_id, person_id);",
    grant("import_was", "select", "insert", "delete"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, BATCH, *WAS)
