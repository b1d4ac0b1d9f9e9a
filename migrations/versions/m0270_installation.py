"""By which secret and algorithms this database is sealed, told by a blind index: who starts with others is stopped."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration

ID = "0270"
VERSION = "1.38.0"
DESCRIPTION = "by what the database is sealed"

INSTALLATION = """
create table installation (
    one boolean primary key default true check (one),
    mark bytea not null check (octet_length(mark) = 32)
);
""" + grant("installation", "select")


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, INSTALLATION)
