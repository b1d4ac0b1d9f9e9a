"""The platform's operators in a county: only within what the county has granted, from a day to a day, and until it says no.

And counties that are suspended.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table

ID = "0188"
VERSION = "1.38.0"
DESCRIPTION = "operator grants"

GRANT = tenant_table(
    "operator_grant",
    f"""
    account_id uuid not null,
    role text not null,
    purpose text not null check (purpose <> ''),
    since date not null,
    until date not null check (until > since and until <= since + 14),
    by_id uuid not null,
    by_name text not null,
    at timestamptz not null default clock_timestamp(),
    revoked_at timestamptz,
    revoked_by text not null default '',
    ticket bytea,
    ticket_until timestamptz,
    {references("account_id", "account")}""",
) + grant("operator_grant", "select", "insert", "update (revoked_at, revoked_by, ticket, ticket_until)")
# A suspended county: nobody is active there, by whatever way he comes.
SUSPENDED = """
alter table county add suspended_at timestamptz, add suspended_why text not null default '', add delete_after date;
"""
GRANT += """
create index on operator_grant (tenant_id, account_id);
alter table account add operator boolean not null default false;
"""

# As in 0136; an operator's account is active within a grant alone, whatever way he comes in by.
SIGNED_IN = """
drop function signed_in(uuid, date);
create function signed_in(asking uuid, today date) returns table (
    name text, login text, active boolean, must_change_password boolean, sign_in_epoch integer, person_id uuid, county text,
    policy_version bigint, second_factor boolean, asked_of text, hands uuid[], operator_until date,
    role text, unit_id uuid, path text, kind text, since date, until date
) language plpgsql stable set plan_cache_mode to auto as $$
#variable_conflict use_column
begin
    return query
    select a.name, a.login, a.active and c.suspended_at is null and (not a.operator or o.until is not null),
           a.must_change_password, a.sign_in_epoch::integer, a.person_id, c.name,
           c.policy_version::bigint,
           exists (select from second_factor f
                   where f.tenant_id = a.tenant_id and f.account_id = a.id and f.confirmed_at is not null),
           coalesce((select r.second_factor from security_rule r where r.tenant_id = a.tenant_id
                     order by r.id desc limit 1), 'nobody'),
           array(select d.deputy_id from deputy d
                 where d.tenant_id = a.tenant_id and d.account_id = a.id and d.since <= today
                 union select d.account_id from deputy d
                 where d.tenant_id = a.tenant_id and d.deputy_id = a.id and d.since <= today order by 1),
           o.until,
           h.role, h.unit_id, u.path, u.kind, h.since, h.until
    from account a
    join county c on c.id = a.tenant_id
    left join lateral (
        select max(g.until) until from operator_grant g
        where a.operator and g.tenant_id = a.tenant_id and g.account_id = a.id and g.revoked_at is null
          and g.since <= today and g.until > today) o on true
    left join holding h on h.tenant_id = a.tenant_id and h.account_id = a.id
         and h.since <= today and (h.until is null or h.until > today)
    left join unit u on u.tenant_id = h.tenant_id and u.id = h.unit_id
    where a.id = asking;
end $$;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, SUSPENDED, GRANT, SIGNED_IN)
