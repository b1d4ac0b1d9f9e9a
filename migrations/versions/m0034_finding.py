"""People found by every usual reading of their name, by its parts, and by the end of a telephone number."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table

ID = "0034"
VERSION = "1.38.0"
DESCRIPTION = "more ways to find people"

# `also` is null until it has been worked out (register/finding.py); the table beside it follows by itself.
TERMS = (
    """
    alter table person add column also text[], add column phone_tail4 bytea;
    create index on person (tenant_id, phone_tail4);
    create index on person (tenant_id, id) where also is null;
    """,
    tenant_table(
        "person_term",
        f"""
    person_id uuid not null,
    term text collate "C" not null,
    {references("person_id", "person")}""",
        key="person_id, term",
    ),
    "create index on person_term (tenant_id, term, person_id);",
    grant("person_term", "select", "insert", "delete"),
    """
    create function person_terms() returns trigger language plpgsql as $$
    begin
        if tg_op = 'UPDATE' then
            delete from person_term where person_id = new.id;
        end if;
        insert into person_term (person_id, term) select distinct new.id, term from unnest(new.also) term;
        return null;
    end $$;
    create trigger person_terms_entered after insert on person
        for each row when (new.also <> '{}') execute function person_terms();
    create trigger person_terms_changed after update of also on person
        for each row when (new.also is distinct from old.also) execute function person_terms();
    """,
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *TERMS)
