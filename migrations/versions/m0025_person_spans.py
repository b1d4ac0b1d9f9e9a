"""Posts with their terms, and what limits a member's rights for a time."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table

ID = "0025"
VERSION = "1.38.0"
DESCRIPTION = "posts and sanctions"

WORD = "^[a-z0-9]+(-[a-z0-9]+)*$"
SPAN = (
    tenant_table(
        "person_span",
        f"""
    person_id uuid not null,
    kind text not null check (kind in ('post', 'limit')),
    word text not null check (word ~ '{WORD}'),
    unit_id uuid,
    since date not null,
    ended date check (ended > since),
    note text not null default '',
    void boolean not null default false,
    version integer not null default 0,
    check ((kind = 'post') = (unit_id is not null)),
    {references("person_id", "person")},
    {references("unit_id", "unit")}""",
    )
    + "create index on person_span (tenant_id, person_id);"
    + "create index on person_span (tenant_id, unit_id) where kind = 'post';"
    + grant("person_span", "select", "insert", "update (word, unit_id, since, ended, note, void, version)")
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, SPAN)
