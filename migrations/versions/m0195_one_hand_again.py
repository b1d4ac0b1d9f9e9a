"""Two accounts of one person are one hand (0140), also since 0188, which began again from the definition before it."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration
from migrations.versions.m0140_one_hand import BY_DEPUTY, BY_PERSON
from migrations.versions.m0188_operator_grants import SIGNED_IN

ID = "0195"
VERSION = "1.38.0"
DESCRIPTION = "two accounts of one person, again"


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, SIGNED_IN.replace(BY_DEPUTY, BY_PERSON))
