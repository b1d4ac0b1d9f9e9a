"""Bring the database up to date: what `dangwu migrate` calls."""

from __future__ import annotations

import contextlib
import io
import logging
from pathlib import Path

from piccolo.apps.migrations.commands.forwards import run_forwards
from piccolo.apps.migrations.tables import Migration

from tenants.database.session import owner_session

VERSIONS = Path(__file__).parent / "versions"
log = logging.getLogger(__name__)
LOCK = 0x64616E677775
"""Number of the advisory lock ("dangwu"): two processes that start together migrate one after the other."""


class MigrationFailed(RuntimeError):
    """The database could not be brought up to date; nothing of this run was kept."""


async def migrate() -> list[str]:
    """Run what has not run yet, as the owner (DANGWU_OWNER_DATABASE_URL), all in one transaction.

    Returns the ids that ran now, in order; an empty list when everything was up to date. A failing statement raises its
    database error and leaves the database as it was.
    """
    async with owner_session() as session:
        await session.execute("select pg_advisory_xact_lock($1)", LOCK)
        before = await _done(await session.fetchval("select to_regclass('migration') is not null"))
        chatter = io.StringIO()
        with contextlib.redirect_stdout(chatter):
            result = await run_forwards("dangwu")
        log.debug("piccolo: %s", chatter.getvalue())
        if not result.success:
            raise MigrationFailed(f"数据库升级没有完成：{result.message}")
        return [name for name in await _done(True) if name not in before]


async def missing() -> list[str]:
    """The ids of the migrations that have not run, in order. As the owner."""
    async with owner_session():
        done = {*await _done(True)}
    return sorted({file.stem[1:5] for file in VERSIONS.glob("m[0-9]*_*.py")} - done)


async def _done(exists: bool) -> list[str]:
    return await Migration.get_migrations_which_ran("dangwu") if exists else []
