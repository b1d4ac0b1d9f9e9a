"""The second factor of a sign-in, its recovery codes, and what a county asks of whoever signs in."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import append_only, grant, migration, references, tenant_table
from migrations.versions.m0002_core import SIGNED

ID = "0115"
VERSION = "1.38.0"
DESCRIPTION = "second factors, and what a county asks of a sign-in"

FACTOR = tenant_table(
    "second_factor",
    f"""
    account_id uuid not null,
    secret bytea not null,
    confirmed_at timestamptz,
    last_step bigint not null default 0,
    {references("account_id", "account")}""",
    key="account_id",
) + grant("second_factor", "select", "insert", "update (secret, confirmed_at, last_step)", "delete")

RECOVERY = tenant_table(
    "recovery_code",
    f"""
    account_id uuid not null,
    digest bytea not null,
    used_at timestamptz,
    {references("account_id", "account")}""",
    key="account_id, digest",
) + grant("recovery_code", "select", "insert", "update (used_at)", "delete")

# The latest row counts, as with policy_allowance.
RULE = tenant_table(
    "security_rule",
    f"""
    second_factor text not null check (second_factor in ('nobody', 'administrators', 'everybody')),
    {SIGNED}""",
) + append_only("security_rule")

RESET = """
alter table account_reset add column what text not null default 'password' check (what in ('password', 'second-factor'));
"""

SIGNED_IN = """
drop function signed_in(uuid, date);
create function signed_in(asking uuid, today date) returns table (
    name text, login text, active boolean, must_change_password boolean, sign_in_epoch integer, county text,
    policy_version bigint, second_factor boolean, asked_of text,
    role text, unit_id uuid, path text, kind text, since date, until date
) language plpgsql stable set plan_cache_mode to auto as $$
#variable_conflict use_column
begin
    return query
    select a.name, a.login, a.active, a.must_change_password, a.sign_in_epoch::integer, c.name, c.policy_version::bigint,
           exists (select from second_factor f
                   where f.tenant_id = a.tenant_id and f.account_id = a.id and f.confirmed_at is not null),
           coalesce((select r.second_factor from security_rule r where r.tenant_id = a.tenant_id
                     order by r.id desc limit 1), 'nobody'),
           h.role, h.unit_id, u.path, u.kind, h.since, h.until
    from account a
    join county c on c.id = a.tenant_id
    left join holding h on h.tenant_id = a.tenant_id and h.account_id = a.id
         and h.since <= today and (h.until is null or h.until > today)
    left join unit u on u.tenant_id = h.tenant_id and u.id = h.unit_id
    where a.id = asking;
end $$;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, FACTOR, RECOVERY, RULE, RESET, SIGNED_IN)
