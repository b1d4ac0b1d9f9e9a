"""A text is kept together with the code that judges by it: another code is another text, to be adopted like one."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0026"
VERSION = "1.38.0"
DESCRIPTION = "code of texts"

# What was kept before has no code, and keeps its key. `code` never holds a zero byte, so no two pairs share a key.
CODE = """
    alter table policy_text
        add code text collate "C" not null default '',
        drop constraint policy_text_check,
        add check (hash = encode(sha256(convert_to(text, 'UTF8')
            || case when code = '' then ''::bytea else '\\x00'::bytea || convert_to(code, 'UTF8') end), 'hex'));
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, CODE)
