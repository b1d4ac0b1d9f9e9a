"""One-time links to one's own file: only digests are kept, each opens once, for one person, and for a short look."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table

ID = "0151"
VERSION = "1.38.0"
DESCRIPTION = "links to one's own file"

LINKS = (
    tenant_table(
        "own_link",
        f"""
    person_id uuid not null,
    digest bytea not null,
    made_by uuid not null,
    made_by_name text not null check (made_by_name <> ''),
    made_at timestamptz not null default now(),
    expires_at timestamptz not null check (expires_at > made_at),
    opened_at timestamptz,
    look_digest bytea,
    look_until timestamptz,
    revoked_at timestamptz,
    unique (tenant_id, digest),
    unique (tenant_id, look_digest),
    check ((opened_at is null) = (look_digest is null) and (opened_at is null) = (look_until is null)),
    {references("person_id", "person")}
    """,
    )
    + "create index on own_link (tenant_id, person_id, made_at);\n"
    + grant("own_link", "select", "insert", "update (opened_at, look_digest, look_until, revoked_at)")
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, LINKS)
