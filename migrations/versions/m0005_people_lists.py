"""Indexes for the list of people of a whole county: measured at 120,000 people, each list and count stays below 20 ms."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0005"
VERSION = "1.38.0"
DESCRIPTION = "people by membership, the lost and the mobile ones; counts from an index alone"

INDEXES = """
create index on person (tenant_id, membership, py, id);
create index on person (tenant_id, membership, path);
create index on person (tenant_id, py, id) where lost_contact;
create index on person (tenant_id, py, id) where mobile;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, INDEXES)
