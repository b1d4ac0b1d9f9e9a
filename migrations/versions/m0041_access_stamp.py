"""Whether what an account holds is still what a process remembers: asked together with entering the county, in one round trip."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0041"
VERSION = "1.38.0"
DESCRIPTION = "a digest of what an account holds"

# Worked out anew each time from the rows themselves: there is nothing that a change could forget to raise.
STAMP = """
create function access_stamp(asking uuid, today date) returns text
language plpgsql stable set plan_cache_mode to auto as $$ begin
    return (select md5(string_agg(held::text, '|' order by held::text)) from signed_in(asking, today) held);
end $$;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, STAMP)
