"""Notices: what somebody is told, once per occasion; how he wants to be told; how many days before deadlines."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import append_only, grant, migration, references, tenant_table
from migrations.versions.m0002_core import SIGNED

ID = "0180"
VERSION = "1.38.0"
DESCRIPTION = "notices"

# No name of a person: whose case it is, a page asks for whoever may see the case then.
NOTICE = tenant_table(
    "notice",
    f"""
    account_id uuid not null,
    kind text not null,
    occasion text not null,
    subject uuid,
    unit_id uuid,
    what text not null,
    day date,
    by_name text not null,
    at timestamptz not null default now(),
    read_at timestamptz,
    mailed_at timestamptz,
    unique (tenant_id, account_id, occasion),
    {references("account_id", "account")},
    {references("unit_id", "unit")}""",
) + grant("notice", "select", "insert", "update (read_at, mailed_at)", "delete")
NOTICE += """
create index on notice (tenant_id, account_id, id);
create index on notice (tenant_id, account_id) where read_at is null;
create index on notice (tenant_id, account_id) where mailed_at is null;
create index on notice (tenant_id, unit_id);
"""

SETTING = tenant_table(
    "notice_setting",
    f"""
    account_id uuid not null,
    days smallint check (days between 0 and 90),
    mail text not null default 'off' check (mail in ('off', 'once', 'daily')),
    mail_hour smallint not null default 8 check (mail_hour between 0 and 23),
    quiet_from smallint check (quiet_from between 0 and 23),
    quiet_until smallint check (quiet_until between 0 and 23),
    address bytea,
    code bytea,
    code_until timestamptz,
    confirmed_at timestamptz,
    mailed_on date,
    check ((quiet_from is null) = (quiet_until is null)),
    {references("account_id", "account")}""",
    key="account_id",
) + grant("notice_setting", "select", "insert", "update", "delete")

RULE = tenant_table(
    "notice_rule",
    f"""
    days smallint not null check (days between 0 and 90),
    {SIGNED}""",
) + append_only("notice_rule")


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, NOTICE, SETTING, RULE)
