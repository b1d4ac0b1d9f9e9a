"""The texts of policies, each kept once and never changed; which of them an activation has adopted, and which are the floor's."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import append_only, grant, migration

ID = "0017"
VERSION = "1.38.0"
DESCRIPTION = "texts of policies"

# The key is the text's own hash, so that nobody can put another text under it; `accepted` is the policy as it was read.
TEXT = """
    create table policy_text (
        hash text collate "C" primary key check (hash = encode(sha256(convert_to(text, 'UTF8')), 'hex')),
        plugin text collate "C" not null,
        text text not null,
        accepted text not null,
        needs jsonb not null default '{}',
        found_at timestamptz not null default clock_timestamp()
    );
""" + append_only("policy_text")

# A text of the floor holds from `since` on (null: on all days) until the next one of its plugin. `corrected_at`: since when its
# corrections hold for what began earlier, too.
FLOOR = """
    create table floor_text (
        id bigint generated always as identity primary key,
        plugin text collate "C" not null,
        hash text collate "C" not null references policy_text (hash),
        since date,
        found_at timestamptz not null default clock_timestamp(),
        corrected_at timestamptz,
        corrected_by text not null default ''
    );
""" + grant("floor_text", "select")

# `pinned_on`: it was made before texts were kept, and goes by the one that was installed on that day.
ACTIVATION = """
    alter table activation
        add text text collate "C" references policy_text (hash),
        add pinned_on date;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, TEXT, FLOOR, ACTIVATION)
