"""Numbers of forms: allotted to units, used for one case each, void once that is done anew; never given twice."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table
from migrations.versions.m0002_core import AT_UNIT, SIGNED

ID = "0107"
VERSION = "1.38.0"
DESCRIPTION = "numbers of forms"

NUMBERS = (
    tenant_table(
        "form_number",
        f"""
    step text not null,
    number text collate "C" not null check (number <> ''),
    state text not null check (state in ('allotted', 'used', 'void')),
    by_hand boolean not null default false,
    case_id uuid,
    paper text not null default '',
    note text not null default '',
    changed date not null,
    {SIGNED},
    check (state <> 'used' or case_id is not null),
    unique (tenant_id, step, number),
    {references("case_id", "case_file")},
    {AT_UNIT}""",
    ),
    """
    create index on form_number (tenant_id, case_id);
    create index on form_number (tenant_id, path, id);
    create index on form_number (tenant_id, unit_id);
    """,
    grant("form_number", "select", "insert", "update (state, case_id, note, changed)"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *NUMBERS)
