"""Rounds of ratings, who takes part, and what was recorded of each."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import append_only, grant, migration, references, tenant_table
from migrations.versions.m0002_core import AT_UNIT, SIGNED

ID = "0073"
VERSION = "1.38.0"
DESCRIPTION = "ratings"

RATINGS = (
    tenant_table(
        "rating_round",
        f"""
    scheme text not null,
    title text not null,
    name text not null,
    first date not null,
    last date not null check (last >= first),
    opened date not null,
    closed date check (closed >= opened),
    rules text[] not null,
    {SIGNED},
    unique (tenant_id, unit_id, scheme, name),
    {AT_UNIT}""",
    ),
    """
    create index on rating_round (tenant_id, last, id) where closed is null;
    create index on rating_round (tenant_id, last, id) where closed is not null;
    """,
    grant("rating_round", "select", "insert", "update (closed)"),
    tenant_table(
        "rating_subject",
        f"""
    round_id uuid not null,
    person_id uuid not null,
    membership text not null,
    tags text[] not null,
    state text not null,
    grade text not null default '',
    proposes text[] not null default '{{}}',
    until date,
    edition integer not null default 0,
    acts integer not null default 0,
    listed boolean not null default false,
    unique (tenant_id, round_id, person_id),
    {references("round_id", "rating_round")},
    {references("person_id", "person")},
    {AT_UNIT}""",
    ),
    """
    create index on rating_subject (tenant_id, round_id, state, id);
    create index on rating_subject (tenant_id, round_id, id);
    create index on rating_subject (tenant_id, person_id);
    create index on rating_subject (tenant_id, unit_id);
    create index on rating_subject (tenant_id, id) where listed;
    create index on rating_subject (tenant_id, state, id);
    """,
    grant(
        "rating_subject",
        "select",
        "insert",
        "update (person_id, state, grade, proposes, until, edition, acts, listed)",
    ),
    tenant_table(
        "rating_mark",
        f"""
    subject_id uuid not null,
    act text not null,
    day date not null,
    grade text not null,
    own boolean not null,
    papers text[] not null,
    items text[] not null,
    evidence jsonb not null,
    note text not null,
    level text not null,
    {SIGNED},
    {references("subject_id", "rating_subject")}""",
    ),
    "create index on rating_mark (tenant_id, subject_id, id);",
    append_only("rating_mark"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *RATINGS)
