"""Who acts for whom, from a day to a day."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table

ID = "0136"
VERSION = "1.38.0"
DESCRIPTION = "deputies"

DEPUTY = tenant_table(
    "deputy",
    f"""
    account_id uuid not null,
    deputy_id uuid not null check (deputy_id <> account_id),
    since date not null,
    until date not null check (until > since),
    reason text not null check (reason <> ''),
    made_at timestamptz not null default clock_timestamp(),
    ended_at timestamptz,
    {references("account_id", "account")},
    {references("deputy_id", "account")}""",
) + grant("deputy", "select", "insert", "update (ended_at)")
DEPUTY += "create index on deputy (tenant_id, account_id);\ncreate index on deputy (tenant_id, deputy_id);\n"

# As in 0119, with whoever counts as the same hand: a function's columns cannot be added to.
SIGNED_IN = """
drop function signed_in(uuid, date);
create function signed_in(asking uuid, today date) returns table (
    name text, login text, active boolean, must_change_password boolean, sign_in_epoch integer, person_id uuid, county text,
    policy_version bigint, second_factor boolean, asked_of text, hands uuid[],
    role text, unit_id uuid, path text, kind text, since date, until date
) language plpgsql stable set plan_cache_mode to auto as $$
#variable_conflict use_column
begin
    return query
    select a.name, a.login, a.active, a.must_change_password, a.sign_in_epoch::integer, a.person_id, c.name,
           c.policy_version::bigint,
           exists (select from second_factor f
                   where f.tenant_id = a.tenant_id and f.account_id = a.id and f.confirmed_at is not null),
           coalesce((select r.second_factor from security_rule r where r.tenant_id = a.tenant_id
                     order by r.id desc limit 1), 'nobody'),
           array(select d.deputy_id from deputy d
                 where d.tenant_id = a.tenant_id and d.account_id = a.id and d.since <= today
                 union select d.account_id from deputy d
                 where d.tenant_id = a.tenant_id and d.deputy_id = a.id and d.since <= today order by 1),
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
    return migration(ID, DESCRIPTION, DEPUTY, SIGNED_IN)
