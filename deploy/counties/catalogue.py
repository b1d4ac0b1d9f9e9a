"""What of the database is a county's: read from the database itself, so that no table that comes later is forgotten."""

from __future__ import annotations

import asyncpg
import msgspec

from deploy.problem import Problem

NOT_OF_A_COUNTY = {
    "floor_text": "底线何时起执行，全平台一致",
    "installation": "数据库用哪个密钥、哪套算法密封的标记",
    "migration": "已执行的升级",
    "operator_act": "运维人员在这里办的事",
    "plugin_code": "各进程共用的插件代码",
}
"""Tables of the installation, which stay where they are; `policy_text` has what counties name by its hash, and `county` the
county itself. A table that is none of these and has no `tenant_id` stops the command, and a test before it."""

COUNTY, TEXTS = "county", "policy_text"


class Table(msgspec.Struct, frozen=True):
    """A table with rows of a county: its columns but for those that PostgreSQL works out, those that name another county
    (`abroad`), and those that name a text (`texts`); `key` is the column of the county."""

    name: str
    columns: tuple[str, ...]
    abroad: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    key: str = "tenant_id"

    @property
    def listed(self) -> str:
        """The columns as SQL."""
        return ", ".join(f'"{name}"' for name in self.columns)


_COLUMNS = """
    select c.relname, array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') columns,
           bool_or(a.attname = 'tenant_id') owned,
           coalesce(array_agg(a.attname::text) filter (where f.confrelid = 'county'::regclass and a.attname <> 'tenant_id'), '{}')
               abroad,
           coalesce(array_agg(a.attname::text) filter (where f.confrelid = 'policy_text'::regclass), '{}') texts
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_constraint f on f.conrelid = c.oid and f.contype = 'f' and f.conkey = array[a.attnum]
    where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
    group by c.oid order by c.relname
"""


async def tables(connection: asyncpg.Connection) -> list[Table]:
    """All tables with rows of counties, the county's own first. Raises Problem for a table that nobody has thought of."""
    found: list[Table] = []
    for row in await connection.fetch(_COLUMNS):
        name, columns = row["relname"], tuple(row["columns"])
        if name == COUNTY:
            found.insert(0, Table(name, columns, key="id"))
        elif row["owned"]:
            found.append(Table(name, columns, tuple(row["abroad"]), tuple(row["texts"])))
        elif name not in NOT_OF_A_COUNTY and name != TEXTS:
            raise Problem(
                f"不知道表 {name} 里哪些是一个县的，没有办理。请在 deploy/counties/catalogue.py 写明。"
            )
    return found


async def texts_of(connection: asyncpg.Connection, listed: list[Table], county: object) -> list[str]:
    """The hashes of the texts that a county's rows name."""
    found: set[str] = set()
    for table in listed:
        for column in table.texts:
            rows = await connection.fetch(
                f'select distinct "{column}" hash from "{table.name}" where tenant_id = $1 and "{column}" is not null',
                county,
            )
            found |= {row["hash"] for row in rows}
    return sorted(found)
