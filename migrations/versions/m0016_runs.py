"""A message is found by the run that it asks for: a worker does what stands here, whatever it is sent."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0016"
VERSION = "1.38.0"
DESCRIPTION = "messages by their run"

RUN = """
alter table outbox add column run_id uuid generated always as ((message #>> '{kwargs,run_id}')::uuid) stored;
create index on outbox (tenant_id, run_id);
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, RUN)
