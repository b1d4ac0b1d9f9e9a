"""Two accounts of one person are one hand, as somebody and his deputies are: recorder and approver must be two people."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration
from migrations.versions.m0136_deputies import SIGNED_IN

ID = "0140"
VERSION = "1.38.0"
DESCRIPTION = "two accounts of one person"

BY_DEPUTY = """array(select d.deputy_id from deputy d
                 where d.tenant_id = a.tenant_id and d.account_id = a.id and d.since <= today
                 union select d.account_id from deputy d
                 where d.tenant_id = a.tenant_id and d.deputy_id = a.id and d.since <= today order by 1),"""
BY_PERSON = """one_hand(a.tenant_id, a.id, a.person_id, today),"""

# His accounts, and for each of them whoever is or was its deputy, or let it be one.
ONE_HAND = """
create index on account (tenant_id, person_id) where person_id is not null;
create function one_hand(county uuid, asking uuid, person uuid, today date) returns uuid[]
language plpgsql stable set plan_cache_mode to auto as $$
declare
    own uuid[] := array[asking];
begin
    if person is not null then
        own := own || array(select b.id from account b where b.tenant_id = county and b.person_id = person);
    end if;
    return array(
        select id from unnest(own) id where id <> asking
        union select d.deputy_id from deputy d where d.tenant_id = county and d.account_id = any(own) and d.since <= today
        union select d.account_id from deputy d where d.tenant_id = county and d.deputy_id = any(own) and d.since <= today
        order by 1);
end $$;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, ONE_HAND, SIGNED_IN.replace(BY_DEPUTY, BY_PERSON))
