"""Jobs that people can look at: who asked for what, how far it is, what came of it, and that it is to stop."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration

ID = "0187"
VERSION = "1.38.0"
DESCRIPTION = "jobs"

# A message that goes on with a job is a part of it; the first one is the job.
ASKED = """
alter table outbox add asked_id uuid, add asked_by text not null default '', add part_of uuid,
    add cancelled_at timestamptz, add cancelled_by text not null default '';
create index on outbox (tenant_id, part_of) where part_of is not null;
""" + grant("outbox", "update (cancelled_at, cancelled_by)")

PROGRESS = """
alter table task_run add done integer, add total integer, add result text not null default '';
""" + grant("task_run", "update (done, total, result)")


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, ASKED, PROGRESS)
