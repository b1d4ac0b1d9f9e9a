"""The counts above a list are those of one procedure; the index that they come from alone says of which."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0009"
VERSION = "1.38.0"
DESCRIPTION = "counts of cases by procedure"

INDEX = """
create index on case_file (tenant_id, path, procedure, status, stage);
drop index case_file_tenant_id_path_status_stage_idx;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, INDEX)
