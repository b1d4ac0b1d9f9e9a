"""The operators' own ledger: what was done with whole counties, by whom; each line seals the one before it.

It belongs to the installation and holds nothing of what is in a county; the application's role cannot even read it.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0306"
VERSION = "1.38.0"
DESCRIPTION = "operators' acts"

ACTS = """
create table operator_act (
    number bigint primary key,
    at timestamptz not null,
    by_name text not null check (by_name <> ''),
    door text not null,
    act text not null,
    county text not null,
    said text not null,
    digest bytea not null
);

create function operator_act_digest(prior bytea, a operator_act) returns bytea language sql stable as $$
    select sha256(prior || convert_to(jsonb_build_array(
        a.number, extract(epoch from a.at), a.by_name, a.door, a.act, a.county, a.said)::text, 'UTF8'))
$$;

create function operator_act_added() returns trigger language plpgsql as $$
declare last operator_act;
begin
    perform pg_advisory_xact_lock(hashtextextended('operator_act', 0));
    select * into last from operator_act order by number desc limit 1;
    new.number := coalesce(last.number, 0) + 1;
    new.at := clock_timestamp();
    new.digest := operator_act_digest(coalesce(last.digest, ''), new);
    return new;
end $$;
create trigger operator_act_added before insert on operator_act for each row execute function operator_act_added();

create function operator_act_stays() returns trigger language plpgsql as $$
begin
    raise exception 'what operators have done stays written down';
end $$;
create trigger operator_act_stays before update or delete or truncate on operator_act
    for each statement execute function operator_act_stays();
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, ACTS)
