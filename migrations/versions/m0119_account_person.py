"""Who of the register an account belongs to: nobody decides on himself."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import add_reference, grant, migration

ID = "0119"
VERSION = "1.38.0"
DESCRIPTION = "the person of an account"

# As in 0115, with the person: a function's columns cannot be added to.
SIGNED_IN = """
drop function signed_in(uuid, date);
create function signed_in(asking uuid, today date) returns table (
    name text, login text, active boolean, must_change_password boolean, sign_in_epoch integer, person_id uuid, county text,
    policy_version bigint, second_factor boolean, asked_of text,
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
    return migration(
        ID,
        DESCRIPTION,
        "alter table account add column person_id uuid;",
        add_reference("account", "person_id", "person"),
        grant("account", "update (person_id)"),
        SIGNED_IN,
    )
