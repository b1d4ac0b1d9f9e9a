"""By what people are found follows a statement at once, not a person at a time: a roster enters 100,000 of them."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0112"
VERSION = "1.38.0"
DESCRIPTION = "search terms by statement"

TERMS = """
drop trigger person_terms_entered on person;
drop trigger person_terms_changed on person;
drop function person_terms();
create function person_terms_entered() returns trigger language plpgsql as $$
begin
    insert into person_term (person_id, term) select distinct n.id, term from entered n, unnest(n.also) term;
    return null;
end $$;
create function person_terms_changed() returns trigger language plpgsql as $$
begin
    if not exists (select from changed n join was o on o.id = n.id where n.also is distinct from o.also) then
        return null;
    end if;
    delete from person_term t using changed n join was o on o.id = n.id
        where t.person_id = n.id and n.also is distinct from o.also;
    insert into person_term (person_id, term)
        select distinct n.id, term from changed n join was o on o.id = n.id, unnest(n.also) term
        where n.also is distinct from o.also;
    return null;
end $$;
create trigger person_terms_entered after insert on person referencing new table as entered
    for each statement execute function person_terms_entered();
create trigger person_terms_changed after update on person referencing old table as was new table as changed
    for each statement execute function person_terms_changed();
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, TERMS)
