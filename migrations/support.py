"""The SQL that every migration needs, so that a migration reads as a list of tables.

A tenant table has `tenant_id` (filled in by the session), the key `(tenant_id, id)`, and forced row-level security. What the
application's role may do with a table is said for each one: `grant` or `append_only`. References to other tenant tables are
composite (`references("unit_id", "unit")`), so a row can never point into another county.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from core.database import execute

APP_ROLE = "dangwu_app"
COUNTY = "backtrace_functions"
"""Where PostgreSQL keeps the county of a transaction: a parameter that the application's role can read and cannot set.

A parameter of our own (`app.…`) could be set anew by any statement. Of PostgreSQL's this is the only text that is readable to
all, set by none but whom an administrator allows, and means nothing here: no function of the server has such a name.
`enter_county` (migration 0000) sets it, once in a transaction; with the transaction it ends.
"""
TENANT = "session_county()"
"""The county of the session; without one this expression fails, and so does the query."""

UNKNOWN_ROWS = 2_000
"""After so many changes PostgreSQL looks a table through again, however large it is.

Every query is bound to a county. Of one that the statistics do not know PostgreSQL expects no rows, and then takes any index
that begins with the county: finding one entry reads all of the county's. By default it looks again when a tenth of the table
has changed, which a new county among many never reaches. That many unknown rows are read through in a millisecond.
"""
LOOKED_THROUGH = f"autovacuum_analyze_threshold = {UNKNOWN_ROWS}, autovacuum_analyze_scale_factor = 0"
"""Storage parameters of every tenant table (tests/tenants/database/test_catalogue.py)."""

PRIVILEGES = ("select", "insert", "update", "delete")


def tenant_table(name: str, columns: str, *, key: str = "id") -> str:
    """Create a tenant table: `tenant_id`, `id uuid` (unless `key` names other columns) and `columns`, bound to the tenant.

    `columns` is SQL without a trailing comma; constraints may follow the columns. Say `grant` or `append_only` after it.
    """
    identity = "id uuid not null default uuidv7()," if key == "id" else ""
    return f"""
    create table {name} (
        tenant_id uuid not null default {TENANT} references county (id),
        {identity}
        {columns},
        primary key (tenant_id, {key})
    ) with ({LOOKED_THROUGH});
    {bind_to_tenant(name)}"""


def bind_to_tenant(name: str) -> str:
    """Force row-level security on a table that has `tenant_id`: rows of the session's county only, for everybody."""
    return f"""
    alter table {name} enable row level security;
    alter table {name} force row level security;
    create policy {name}_of_tenant on {name} using (tenant_id = {TENANT}) with check (tenant_id = {TENANT});
    """


def references(column: str, table: str, *, deferrable: bool = False) -> str:
    """A composite foreign key within the county, to put among the columns of `tenant_table`."""
    late = " deferrable initially deferred" if deferrable else ""
    return f"foreign key (tenant_id, {column}) references {table} (tenant_id, id){late}"


def add_reference(table: str, column: str, target: str) -> str:
    """The same for a table that exists already, with an index (PostgreSQL makes none for a foreign key).

    PostgreSQL checks the rows that are there by a query of the owner's: force is lifted for it, or it would see none.
    """
    lift, restore = (
        "".join(f"alter table {name} {force} row level security;\n" for name in (table, target))
        for force in ("no force", "force")
    )
    return f"""{lift}
    alter table {table} add {references(column, target)};
    create index on {table} (tenant_id, {column});
    {restore}"""


def grant(name: str, *privileges: str) -> str:
    """Let the application's role do this with the table: `select`, `insert`, `update`, `delete`, also `update (column)`."""
    unknown = [given for given in privileges if given.split(" ")[0] not in PRIVILEGES]
    if unknown or not privileges:
        raise ValueError(f"grant({name!r}): expected some of {PRIVILEGES}, got {privileges}")
    return f"grant {', '.join(privileges)} on {name} to {APP_ROLE};\n"


def append_only(name: str) -> str:
    """Let the application's role read and add, never change or remove: what happened stays happened."""
    return grant(name, "select", "insert")


def migration(migration_id: str, description: str, *statements: str) -> MigrationManager:
    """A Piccolo migration that runs `statements` in order, in one transaction."""
    manager = MigrationManager(migration_id=migration_id, app_name="dangwu", description=description)

    async def run() -> None:
        await execute("\n".join(statements))

    manager.add_raw(run)
    return manager
