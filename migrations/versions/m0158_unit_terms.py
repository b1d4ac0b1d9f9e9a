"""Terms of the committees of units, and papers of a unit; what was entered in error stays, and counts no more."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table
from migrations.versions.m0002_core import AT_UNIT, SIGNED

ID = "0158"
VERSION = "1.38.0"
DESCRIPTION = "terms and papers of units"

TERMS = (
    tenant_table(
        "unit_term",
        f"""
    since date not null,
    until date not null check (until > since),
    basis text not null check (basis <> ''),
    void boolean not null default false,
    {SIGNED},
    {AT_UNIT}""",
    ),
    "create index on unit_term (tenant_id, unit_id, since) where not void;",
    grant("unit_term", "select", "insert", "update (void)"),
    tenant_table(
        "unit_file",
        f"""
    unit_id uuid not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{{64}}$'),
    size bigint not null check (size > 0),
    name text not null,
    extension text not null,
    mime text not null,
    removed boolean not null default false,
    {SIGNED},
    {references("unit_id", "unit")}""",
    ),
    "create index on unit_file (tenant_id, unit_id, id);",
    grant("unit_file", "select", "insert", "update (removed)"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *TERMS)
