"""Yearly plans of units: their editions, who is named in each, and what was done with them."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import append_only, grant, migration, references, tenant_table
from migrations.versions.m0002_core import AT_UNIT, SIGNED

ID = "0105"
VERSION = "1.38.0"
DESCRIPTION = "yearly plans"

PLANS = (
    tenant_table(
        "year_plan",
        f"""
    plan text not null,
    title text not null,
    year integer not null check (year between 1900 and 2199),
    state text not null check (state in ('drawn', 'submitted', 'approved', 'returned')),
    edition integer not null check (edition > 0),
    approved integer not null default 0 check (approved between 0 and edition),
    {SIGNED},
    unique (tenant_id, unit_id, plan, year),
    {AT_UNIT}""",
    ),
    """
    create index on year_plan (tenant_id, year, id);
    create index on year_plan (tenant_id, path);
    """,
    grant("year_plan", "select", "insert", "update (state, edition, approved)"),
    tenant_table(
        "plan_edition",
        f"""
    plan_id uuid not null,
    number integer not null check (number > 0),
    total integer not null check (total between 0 and 100000),
    kinds jsonb not null,
    guidance text not null,
    reason text not null,
    check (number = 1 or reason <> ''),
    {SIGNED},
    unique (tenant_id, plan_id, number),
    {references("plan_id", "year_plan")}""",
    ),
    append_only("plan_edition"),
    tenant_table(
        "plan_candidate",
        f"""
    plan_id uuid not null,
    edition integer not null,
    case_id uuid not null,
    foreign key (tenant_id, plan_id, edition) references plan_edition (tenant_id, plan_id, number),
    {references("case_id", "case_file")}""",
        key="plan_id, edition, case_id",
    ),
    "create index on plan_candidate (tenant_id, case_id);",
    append_only("plan_candidate"),
    tenant_table(
        "plan_act",
        f"""
    plan_id uuid not null,
    edition integer not null,
    act text not null check (act in ('draw', 'submit', 'approve', 'return', 'report')),
    day date not null,
    level text not null,
    receiver text not null,
    paper text not null,
    note text not null,
    {SIGNED},
    foreign key (tenant_id, plan_id, edition) references plan_edition (tenant_id, plan_id, number)""",
    ),
    "create index on plan_act (tenant_id, plan_id, edition, id);",
    append_only("plan_act"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *PLANS)
