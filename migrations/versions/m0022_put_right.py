"""Entries that put a record right, that end a case and take it up again; and forms that are sent once."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import add_reference, grant, migration, tenant_table

ID = "0022"
VERSION = "1.38.0"
DESCRIPTION = "records put right, cases ended and taken up again, forms sent once"

ENTRIES = (
    """
    alter table case_entry
        drop constraint case_entry_kind_check, drop constraint case_entry_check1,
        add column about uuid,
        add column asks text check (asks in ('branch', 'committee', 'department')),
        add check (kind in ('record', 'supplement', 'correction', 'correction-request', 'correction-granted',
                            'correction-refused', 'return', 'facts', 'end', 'reopening', 'note')),
        add check ((kind in ('facts', 'end', 'reopening', 'note')) = (step is null)),
        add check ((kind like 'correction%') = (about is not null)),
        add check ((kind = 'correction-request') = (asks is not null));
    """,
    add_reference("case_entry", "about", "case_entry"),
    """
    alter table case_file
        add column ended text not null default '',
        add column asked text[] not null default '{}';
    create index on case_file (tenant_id, path) where asked <> '{}';
    """,
)

FORMS = (
    tenant_table(
        "form_sent",
        """
    token uuid not null,
    account_id uuid not null,
    location text not null default '',
    at timestamptz not null default now(),
    unique (tenant_id, token)""",
    ),
    "create index on form_sent (tenant_id, at);",
    grant("form_sent", "select", "insert", "update (location)", "delete"),
)


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, *ENTRIES, *FORMS)
