"""Names are sorted syllable by syllable (li ning before lin an); found they are by what is typed in one go (`py_joined`)."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from core.database import execute, fetch
from core.pinyin import reading

ID = "0251"
VERSION = "1.38.0"
DESCRIPTION = "pinyin by syllable"

NAMES_AT_ONCE = 10_000
TABLES = ("person", "case_file", "unit")
JOINED = "add column py_joined text collate \"C\" not null generated always as (replace(py, ' ', '')) stored"


async def _run() -> None:
    for table in TABLES:
        await execute(f"alter table {table} no force row level security")
    # The name in a case follows that of its person (on update cascade).
    await _respell("person", person=True)
    await _respell("unit", person=False)
    for table in TABLES:
        await execute(f"alter table {table} {JOINED}; alter table {table} force row level security")
    for table in ("person", "case_file"):
        await execute(f"create index on {table} (tenant_id, py_joined)")
    # It served the search alone.
    await execute("drop index case_file_tenant_id_py_idx")


async def _respell(table: str, *, person: bool) -> None:
    """Give each name of a table its pinyin anew: some thousands of different names at once."""
    names = [row["name"] for row in await fetch(f"select distinct name from {table}")]
    for begin in range(0, len(names), NAMES_AT_ONCE):
        some = names[begin : begin + NAMES_AT_ONCE]
        spelled = [reading(name, person=person)[0] for name in some]
        await execute(
            f"""update {table} t set py = n.py from unnest($1::text[], $2::text[]) n(name, py)
                where t.name = n.name and t.py <> n.py""",
            some, spelled,
        )  # fmt: skip


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    manager = MigrationManager(migration_id=ID, app_name="dangwu", description=DESCRIPTION)
    manager.add_raw(_run)
    return manager
