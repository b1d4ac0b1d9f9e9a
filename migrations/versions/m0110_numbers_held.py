"""Which letter holds a number of its committee: by its record, or by what put that right since; a number given stays given."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import append_only, migration, references, tenant_table

ID = "0110"
VERSION = "1.38.0"
DESCRIPTION = "numbers held by letters"

HELD = tenant_table(
    "letter_number_held",
    f"""
    unit_id uuid not null,
    number text not null,
    record_id uuid not null,
    {references("unit_id", "unit")},
    {references("record_id", "case_entry")}""",
    key="unit_id, number",
) + append_only("letter_number_held")

# The owner sees no rows of a county while row-level security is forced.
FILLED = """
create index on letter_number_held (tenant_id, record_id);
alter table case_entry no force row level security;
alter table letter_number_held no force row level security;
insert into letter_number_held (tenant_id, unit_id, number, record_id)
    select tenant_id, by_unit_id, evidence -> 'serial' ->> 'number', coalesce(about, id) from case_entry
    where step = 'introduction-letter' and kind in ('record', 'correction') and by_unit_id is not null
      and evidence -> 'serial' ->> 'number' <> ''
    order by kind desc, seq on conflict do nothing;
alter table case_entry force row level security;
alter table letter_number_held force row level security;
drop index letter_number;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, HELD, FILLED)
