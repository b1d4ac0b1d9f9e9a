"""A round may rate units: then it stands at the unit that decides, and each subject is a unit, with no person."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0215"
VERSION = "1.38.0"
DESCRIPTION = "units are rated"

UNITS = """
    alter table rating_round add units boolean not null default false;
    alter table rating_subject alter person_id drop not null;
    alter table rating_subject add check (person_id is not null or membership = '');
    create unique index rating_subject_unit on rating_subject (tenant_id, round_id, unit_id) where person_id is null;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, UNITS)
