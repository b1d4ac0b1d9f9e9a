"""A county goes to another installation and comes back as it was, and is deleted so that nothing of it is left."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from pyrage.x25519 import Identity

from core.actor import SYSTEM
from core.casework.acts.attach import attach
from core.files.sealed import pieces
from core.ledger.note import note
from deploy.backup.manifest import Seal
from deploy.counties.catalogue import NOT_OF_A_COUNTY, TEXTS, tables
from deploy.counties.moving import Place, bring_in, send_out
from deploy.counties.removing import GRACE, remove
from deploy.inside import inside
from deploy.problem import Problem
from tenants.counties import county_by_slug, resume_county
from tenants.database.session import county_session
from tenants.ground.files import county_files
from tenants.policies.standings import recompute_below
from tenants.queue.outbox import enqueue
from tests.conftest import Database
from tests.web.conftest import TODAY, Seeded, seed
from tests.web.policies.seed import case_after, clerk

pytestmark = pytest.mark.anyio
PAPER = b"%PDF-1.4 a paper"


def place(made: Database) -> Place:
    return Place(made.superuser_url, made.files / "files", Seal(os.environ["DANGWU_SECRET"]))


@asynccontextmanager
async def at(made: Database) -> AsyncIterator[asyncpg.Connection]:
    """This installation's pool is open, and who sees all of it."""
    os.environ.update(
        DANGWU_DATABASE_URL=made.app_url,
        DANGWU_OWNER_DATABASE_URL=made.owner_url,
        DANGWU_DATA=str(made.files),
    )
    root = await asyncpg.connect(made.superuser_url)
    try:
        async with inside():
            yield root
    finally:
        await root.close()


async def lived() -> Seeded:
    county = await seed("baixi", "白溪县", TODAY)
    case = await case_after(county, "东街支部", "甲", "prospect-consent", TODAY)
    async with county_session(county.id):
        await attach(
            clerk(county, "branch"), case, await county_files(county.id).put("谈话记录.pdf", _stream(PAPER))
        )
    async with county_session(county.id):
        await enqueue(recompute_below, path="/", today="2026-11-21")
        await note(SYSTEM, "role.granted", "account", county.accounts["branch-secretary"], role="inspector")
    await seed("donghe", "东河县", TODAY)
    return county


async def _stream(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def rows(root: asyncpg.Connection, county: UUID) -> dict[str, str]:
    """Each table with rows of the county, and a digest of them."""
    found = {}
    for table in await tables(root):
        said = await root.fetchval(
            f"select md5(string_agg(t::text, chr(10) order by t::text)) from (select {table.listed} from {table.name}"
            f" where {table.key} = $1) t",
            county,
        )
        if said:
            found[table.name] = said
    return found


async def test_there_and_back_and_gone(database: Database, own_database: Database, tmp_path: Path) -> None:
    here, there, key = place(database), place(own_database), Identity.generate()
    async with at(database) as root:
        county = await lived()
        neighbour = (await county_by_slug("donghe")).id
        theirs = await rows(root, neighbour)
        before = await rows(root, county.id)
        assert {"person", "case_entry", "account", "ledger_entry", "outbox", "attachment"} <= before.keys()
        file = tmp_path / "baixi.county"
        said = await send_out(here, await county_by_slug("baixi"), file, key.to_public())
        assert (len(said.files), said.absent) == (1, 0)
        with pytest.raises(Problem, match="已经有白溪县的附件"):
            await bring_in(here, file, key)
        with pytest.raises(Problem, match="DANGWU_SECRET 或 DANGWU_CRYPTO 不同"):
            await bring_in(Place(here.url, tmp_path / "else", Seal("other")), file, key)
        with pytest.raises(Problem, match=r"已经有白溪县，.*county"):
            await bring_in(Place(here.url, tmp_path / "else", here.seal), file, key)
        assert await rows(root, county.id) == before
    async with at(own_database) as root:
        await seed("nanshan", "南山县", TODAY)
        await bring_in(there, file, key)
        assert await rows(root, county.id) == before
        assert await rows(root, neighbour) == {}
        [copy] = [one for one in (there.files / str(county.id)).rglob("*") if one.is_file()]
        assert b"".join(pieces(there.seal.vault(), sha256(PAPER).hexdigest(), copy)) == PAPER
        back = tmp_path / "back.county"
        await send_out(there, await county_by_slug("baixi"), back, key.to_public())
    async with at(database) as root:
        await deleted(root, here, county.id)
        assert await rows(root, neighbour) == theirs
        await bring_in(here, back, key)
        assert await rows(root, county.id) == before
        async with county_session(county.id) as session:
            assert await session.fetchval("select count(*) from person") == 4


async def deleted(root: asyncpg.Connection, here: Place, county: UUID) -> None:
    """Announced, taken back, announced, and gone when its day has come."""
    one = await county_by_slug("baixi")
    today = date(2026, 11, 21)
    with pytest.raises(Problem, match="全称“白溪县”"):
        await remove(here, one, "baixi", today)
    assert "2026-12-21 起可以删除" in await remove(here, one, "白溪县", today)
    await resume_county("baixi")
    await remove(here, one, "白溪县", today)
    with pytest.raises(Problem, match="要到 2026-12-21 才能删除"):
        await remove(here, one, "白溪县", today + GRACE - timedelta(days=1))
    # Who may read everything (as dangwu_backup may) writes nothing, and is told whose address it takes.
    reader = Place(os.environ["DANGWU_DATABASE_URL"], here.files, here.seal)
    with pytest.raises(Problem, match="设为数据库管理员"):
        await remove(reader, one, "白溪县", today + GRACE)
    assert "已删除" in await remove(here, one, "白溪县", today + GRACE)
    assert await rows(root, county) == {}
    for table in await tables(root):
        for column in table.columns:
            left = await root.fetchval(
                f'select count(*) from "{table.name}" where "{column}"::text like $1', f"%{county}%"
            )
            assert left == 0, (table.name, column)
    assert not (here.files / str(county)).exists()


async def test_every_table_is_a_countys_or_on_the_list(database: Database) -> None:
    root = await asyncpg.connect(database.superuser_url)
    try:
        every = await root.fetch(
            "select relname from pg_class where relkind in ('r', 'p') and not relispartition"
            " and relnamespace = 'public'::regnamespace"
        )
        named = {table.name for table in await tables(root)}
        assert named | NOT_OF_A_COUNTY.keys() | {TEXTS} == {row["relname"] for row in every}
        await root.execute("create table forgotten (id int)")
        with pytest.raises(Problem, match="表 forgotten"):
            await tables(root)
    finally:
        await root.execute("drop table if exists forgotten")
        await root.close()
