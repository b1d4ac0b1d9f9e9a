"""Entries that strike out what was recorded by mistake; and corrections of what was taken over from paper, which has no entry."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0035"
VERSION = "1.38.0"
DESCRIPTION = "records struck out, paper put right"

# The checks of m0022 have names that PostgreSQL gave them.
CHECKS = """
    do $$
    declare wrong text;
    begin
        for wrong in select conname from pg_constraint
                     where conrelid = 'case_entry'::regclass and contype = 'c'
                       and (pg_get_constraintdef(oid) like '%about%' or pg_get_constraintdef(oid) like '%asks IS NOT NULL%')
        loop
            execute format('alter table case_entry drop constraint %I', wrong);
        end loop;
    end $$;
"""

KINDS = """
    alter table case_entry
        drop constraint case_entry_kind_check,
        add constraint case_entry_kind_check check (kind in (
            'record', 'supplement', 'correction', 'correction-request', 'correction-granted', 'correction-refused',
            'strike', 'strike-request', 'return', 'exception', 'facts', 'end', 'reopening', 'note')),
        add constraint case_entry_about_check check (
            case when kind in ('correction-granted', 'correction-refused') then about is not null
                 when kind in ('correction', 'correction-request', 'strike', 'strike-request') then true
                 else about is null end),
        add constraint case_entry_request_check check ((kind in ('correction-request', 'strike-request')) = (asks is not null));
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, CHECKS, KINDS)
