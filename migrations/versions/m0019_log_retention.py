"""Logs that grow every day may be pruned, once they are old: the database lets nobody remove younger lines."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration

ID = "0019"
VERSION = "1.38.0"
DESCRIPTION = "old lines of the reading log and old sign-ins may be removed"

# 网络安全法（2025 年修正）第二十三条：网络日志留存不少于六个月。184 days are the longest six months.
OLD = "at < now() - interval '184 days'"
# What was done to accounts, roles and policies is kept for good.
SIGN_IN = "verb in ('account.signed-in', 'account.sign-in-failed')"


def _prunable(table: str, which: str) -> str:
    return f"create policy {table}_old on {table} as restrictive for delete using ({which});\n" + grant(
        table, "delete"
    )


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(
        ID, DESCRIPTION, _prunable("reading_log", OLD), _prunable("audit_entry", f"{OLD} and {SIGN_IN}")
    )
