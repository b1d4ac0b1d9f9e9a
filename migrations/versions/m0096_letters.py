"""Letters of introduction: each has one outcome, which both counties read in one row. What one county may do to the other's
register by a letter is one function, so that nobody is ever in both or in neither."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import APP_ROLE, COUNTY, LOOKED_THROUGH, TENANT, grant, migration

ID = "0096"
VERSION = "1.38.0"
DESCRIPTION = "letters"

# `tenant_id` is the county where the letter was issued, or presented if the issuer is not on the platform (token is null).
LETTERS = f"""
create table letter (
    id uuid primary key default uuidv7(),
    tenant_id uuid not null default {TENANT} references county (id),
    case_id uuid not null,
    person_id uuid not null,
    entry_id uuid,
    token text collate "C" unique,
    number text not null check (number <> ''),
    issuer text not null check (issuer <> ''),
    goes_to text not null check (goes_to <> ''),
    issued_on date not null,
    valid_until date not null check (valid_until >= issued_on),
    to_county uuid references county (id) check (to_county <> tenant_id),
    to_case uuid,
    sealed bytea,
    state text not null default 'issued' check (state in ('issued', 'received', 'refused', 'void')),
    ended_on date,
    reason text not null default '',
    answered_by text not null default '',
    receipt_on date,
    check ((state = 'issued') = (ended_on is null)),
    check (receipt_on is null or state = 'received'),
    foreign key (tenant_id, case_id) references case_file (tenant_id, id),
    foreign key (tenant_id, person_id) references person (tenant_id, id)
) with ({LOOKED_THROUGH});
create unique index letter_in_force on letter (tenant_id, case_id) where state = 'issued';
create unique index letter_of_entry on letter (tenant_id, entry_id) where entry_id is not null;
create index on letter (tenant_id, case_id);
create index on letter (tenant_id, person_id);
create index on letter (to_county, to_case) where to_county is not null;
create index on letter (tenant_id, issued_on) where state = 'issued';
create index on letter (tenant_id, ended_on) where state = 'received' and receipt_on is null;
alter table letter enable row level security;
alter table letter force row level security;
create policy letter_of_both on letter for select to {APP_ROLE} using ({TENANT} in (tenant_id, to_county));
create policy letter_written on letter for insert to {APP_ROLE} with check (tenant_id = {TENANT});
create policy letter_settled on letter for update to {APP_ROLE}
    using (tenant_id = {TENANT} and (to_county is null or state = 'issued'))
    with check (tenant_id = {TENANT} and (to_county is null or state in ('issued', 'refused', 'void')));
create policy letter_answered on letter to dangwu_owner using (true) with check (true);
"""

# In the receiver's transaction: its own rows are written before and after by the receiver itself, under its own policies.
# The person is kept first, as by whoever acts in his case: two who lock in one order never wait for each other in a circle.
ANSWER = f"""
create function answer_letter(given uuid, answer text, on_day date, said text, who text, into_case uuid) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    here uuid := {TENANT};
    one letter;
begin
    select * into one from letter where id = given and to_county = here;
    if not found then return 'unknown'; end if;
    perform set_config('{COUNTY}', replace(one.tenant_id::text, '-', ''), true);
    perform from person where id = one.person_id for no key update;
    select * into one from letter where id = given for update;
    if answer = 'taken' then
        if one.state <> 'issued' then return answered(here, one.state); end if;
        if one.to_case is not null then return answered(here, 'taken'); end if;
        update letter set to_case = into_case where id = given;
        return answered(here, '');
    end if;
    if one.to_case is distinct from into_case then return answered(here, 'unknown'); end if;
    if answer = 'acknowledged' then
        if one.state <> 'received' then return answered(here, one.state); end if;
        update letter set receipt_on = coalesce(receipt_on, on_day) where id = given;
    elsif answer = 'refused' then
        if one.state <> 'issued' then return answered(here, one.state); end if;
        update letter set state = 'refused', ended_on = on_day, reason = said, answered_by = who where id = given;
    elsif answer = 'received' then
        if one.state <> 'issued' then return answered(here, one.state); end if;
        if on_day > one.valid_until or on_day < one.issued_on then return answered(here, 'late'); end if;
        update person p set left_on = on_day, left_as = 'transferred-out', left_reason = '组织关系转往' || who,
            left_paper = '组织关系介绍信第 ' || one.number || ' 号', version = p.version + 1
        from case_file c where p.id = one.person_id and p.left_on is null and c.id = one.case_id
            and c.unit_id = p.unit_id and c.status = 'running';
        if not found then return answered(here, 'moved'); end if;
        insert into person_change (person_id, kind, detail, by_id, by_name) values (one.person_id, 'left', jsonb_build_object(
            'how', 'transferred-out', 'title', '转出本县', 'day', on_day, 'reason', '组织关系转往' || who,
            'paper', '组织关系介绍信第 ' || one.number || ' 号'), '00000000-0000-0000-0000-000000000000', who);
        update letter set state = 'received', ended_on = on_day, answered_by = who where id = given;
    else
        raise exception 'no such answer';
    end if;
    perform tell_answered(one.tenant_id, given);
    return answered(here, '');
end $$;

create function answered(county uuid, outcome text) returns text
language plpgsql set search_path = pg_catalog as $$ begin
    perform set_config('{COUNTY}', replace(county::text, '-', ''), true);
    return outcome;
end $$;

create function tell_answered(county uuid, given uuid) returns void
language plpgsql set search_path = public, pg_temp as $$
declare run uuid := gen_random_uuid();
begin
    insert into outbox (message) values (jsonb_build_object('queue_name', 'default', 'actor_name', 'follow_letter',
        'args', '[]'::jsonb, 'kwargs', jsonb_build_object('county_id', county, 'run_id', run, 'letter', given),
        'options', '{{}}'::jsonb, 'message_id', gen_random_uuid(),
        'message_timestamp', (extract(epoch from clock_timestamp()) * 1000)::bigint));
    perform pg_notify('outbox', county::text);
end $$;
revoke execute on function answered, tell_answered, answer_letter from public;
grant execute on function answer_letter to {APP_ROLE};
"""

# What anybody sees who holds the letter: no name, no person.
SAID = f"""
create function letter_said(given text, out number text, out issuer text, out issued_on date, out valid_until date,
                            out state text, out ended_on date)
language sql stable security definer set search_path = public, pg_temp as $$
    select number, issuer, issued_on, valid_until, state, ended_on from letter where token = given;
$$;
revoke execute on function letter_said from public;
grant execute on function letter_said to {APP_ROLE};
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    may = grant(
        "letter",
        "select",
        "insert",
        "update (state, ended_on, reason, answered_by, valid_until, receipt_on, sealed)",
    )
    return migration(ID, DESCRIPTION, LETTERS, may, ANSWER, SAID)
