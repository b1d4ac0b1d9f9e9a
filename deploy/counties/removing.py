"""A county goes for good: announced, shut for thirty days in which it can be taken back, then every row and every file."""

from __future__ import annotations

import shutil
from datetime import date, timedelta

from deploy.backup.whole import whole
from deploy.counties.catalogue import tables
from deploy.counties.moving import Place
from deploy.problem import Problem
from tenants.counties import CountyView, suspend_county
from tenants.database.session import owner_session

GRACE = timedelta(days=30)


async def remove(here: Place, county: CountyView, confirmed: str, today: date) -> str:
    """What was done, in a sentence: the first time it is shut and the day is set; once that has come, it goes. Raises Problem
    unless the name is repeated."""
    if confirmed != county.name:
        raise Problem(f"删除不能撤销，没有办理。请写出县的全称“{county.name}”，一字不差。")
    async with owner_session() as session:
        due: date | None = await session.fetchval("select delete_after from county where id = $1", county.id)
    if due is None:
        due = today + GRACE
        await suspend_county(county.slug, f"将于 {due} 删除")
        async with owner_session() as session:
            await session.execute("update county set delete_after = $2 where id = $1", county.id, due)
        return f"{county.name}已暂停，{due} 起可以删除：到时再执行一次。在那以前用 --resume 撤销。"
    if today < due:
        raise Problem(f"{county.name}要到 {due} 才能删除。要撤销，用 --resume。")
    rows = await _gone(here.url, county)
    shutil.rmtree(here.files / str(county.id), ignore_errors=True)
    return f"{county.name}已删除：{rows} 行数据和全部附件。以前的备份里仍有，请按备份的保存期限销毁。"


async def _gone(url: str, county: CountyView) -> int:
    rows = 0
    async with whole(url) as connection, connection.transaction():
        # Whatever refers to what: all of it goes.
        await connection.execute("set local session_replication_role = replica")
        for table in await tables(connection):
            done = await connection.execute(f'delete from "{table.name}" where {table.key} = $1', county.id)
            rows += int(done.split()[1])
            for column in table.abroad:
                await connection.execute(
                    f'update "{table.name}" set "{column}" = null where "{column}" = $1', county.id
                )
    return rows
