"""A platform backed up while it works, and brought back elsewhere: with its county, its file, its queue and its key."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from core.actor import SYSTEM
from core.casework.acts.attach import attach
from core.ledger.note import note_reading
from core.register.identity import open_id
from deploy.backup.command import whole_url
from deploy.commands import register
from deploy.embedded.servers import Servers
from deploy.inside import inside
from deploy.platform import platform
from deploy.settings import Settings
from migrations.migrate import migrate
from tenants.counties import counties
from tenants.database.session import county_session
from tenants.ground.environment import ledger_key
from tenants.ground.files import county_files
from tenants.policies.standings import recompute_below
from tenants.queue.outbox import enqueue
from tenants.worker.ledger import close_all
from tests.web.conftest import TODAY, seed
from tests.web.policies.seed import case_after, clerk

pytestmark = pytest.mark.servers
PAPER = b"%PDF-1.4 a paper"
DIGEST = sha256(PAPER).hexdigest()
NUMBER = "11010519491231002X"
HELD = "1 个县、4 名人员、1 个附件"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """`run("backup", …)` as it is typed; what it says, on whichever stream; it must end with `code`."""
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "SECRET"):
        monkeypatch.delenv(f"DANGWU_{name}", raising=False)
    parser = ArgumentParser("dangwu")
    register(parser.add_subparsers())

    def typed(*words: object, code: int = 0) -> str:
        arguments = parser.parse_args([str(word) for word in words])
        assert arguments.run(arguments) == code
        said = capsys.readouterr()
        return said.out + said.err

    return typed


async def _lived() -> Path:
    """A county with people, one of whose numbers is sealed; a case with a paper; one task sent and not done, one that waits."""
    async with inside():
        await migrate()
        county = await seed("baixi", "白溪县", TODAY)
        case = await case_after(county, "东街支部", "甲", "prospect-consent", TODAY)
        async with county_session(county.id):
            store = county_files(county.id)
            await attach(clerk(county, "branch"), case, await store.put("谈话记录.pdf", _stream(PAPER)))
            await enqueue(recompute_below, path="/", today="2026-11-20")
        async with county_session(
            county.id
        ) as session:  # as the relay does, whose queue stays that of the other tests
            await session.execute("update outbox set sent_at = now()")
            await enqueue(recompute_below, path="/", today="2026-11-21")
        assert await _sealed(county.id) == 1
        return store.path(DIGEST)


async def _sealed(county: UUID) -> int:
    """Somebody is looked at, and a worker's round closes what the ledger says of it: how many entries."""
    async with county_session(county):
        await note_reading(SYSTEM, [county], "file", "核对")
    key = ledger_key()
    assert key is not None
    return await close_all(key)


async def _stream(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _found() -> tuple[str | None, list[bool]]:
    """The number that was sealed, and which of the two tasks wait to be sent; a process that has had the application beside it
    has sent others, too."""
    async with inside():
        [county] = await counties()
        assert await _sealed(county.id) == 1
        async with county_session(county.id) as session:
            rows = await session.fetch(
                f"select sent_at is null waits from outbox where message::text like '%{recompute_below.actor_name}%' order by id"
            )
            sealed = await session.fetchval("select id_sealed from person where id_sealed is not null")
        return open_id(sealed), [row["waits"] for row in rows]


def test_it_comes_back_elsewhere_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., str]
) -> None:
    here, there, file, key, roots = (
        tmp_path / name for name in ("here", "there", "all.dangwu", "key.txt", "roots")
    )
    monkeypatch.setenv("DANGWU_DATA", str(here))
    assert "DANGWU_BACKUP_TO" in run("backup", file, code=1)
    said = run("backup", "--new-key", key)
    assert key.stat().st_mode & 0o077 == 0
    assert "已经存在" in run("backup", "--new-key", key, code=1)
    monkeypatch.setenv("DANGWU_BACKUP_TO", said.rpartition("=")[2].strip())

    with Servers(here, fast=True):  # it is running: the commands join it
        with platform(Settings.read(), join=True):
            paper = asyncio.run(_lived())
        content = paper.read_bytes()
        paper.unlink()
        assert "1 个附件的文件在备份前就已不在" in run("backup", tmp_path / "without.dangwu")
        paper.write_bytes(content)
        roots.write_text(run("ledger", "roots"))
        assert HELD in run("backup", file)
        _one_person(run, tmp_path, file, "--key", key)
    assert b"PGDMP" not in file.read_bytes()
    assert "不是空的" in run("restore", file, "--key", key, code=1)

    monkeypatch.setenv("DANGWU_DATA", str(there))
    run("backup", "--new-key", tmp_path / "other.txt")
    assert "钥匙不是这份备份的" in run("restore", file, "--key", tmp_path / "other.txt", code=1)
    for broken in (file.read_bytes()[:-40], _turned(file.read_bytes())):
        (tmp_path / "broken.dangwu").write_bytes(broken)
        assert "不完整" in run("restore", tmp_path / "broken.dangwu", "--key", key, code=1)
    assert not there.exists()

    assert HELD in run("restore", file, "--key", key)
    assert (there / paper.relative_to(here)).read_bytes() == content != PAPER
    with platform(Settings.read()):
        # Sent and not done is sent again; what waited still waits.
        assert asyncio.run(_found()) == (NUMBER, [True, True])
        assert "第 1 至 2 期" in run("ledger", "verify", "--roots", roots)


async def _spoilt(url: str) -> UUID:
    """甲, as a slip of the administrator's leaves him: another name, and the steps of his case are gone."""
    connection = await asyncpg.connect(url)
    try:
        person: UUID = await connection.fetchval(
            "update person set name = '某' where name = '甲' returning id"
        )
        await connection.execute("set session_replication_role = replica; delete from case_entry")
    finally:
        await connection.close()
    return person


def _one_person(run: Callable[..., str], folder: Path, *backup: object) -> None:
    """It is said what comes back, and then done; after that there is nothing that is not as in the backup."""
    settings = Settings.read()
    with platform(settings, join=True) as ready, pytest.MonkeyPatch.context() as patch:
        url = whole_url(ready, settings)
        patch.setenv("DANGWU_BACKUP_DATABASE_URL", url)
        of = ("restore", *backup, "--county", "baixi", "--person", asyncio.run(_spoilt(url)))
        said = run(*of, "--plan", folder / "plan")
        assert "名册：改回 1 行" in said
        assert "case_entry）：补回" in said
        assert "记入日志" in run(*of, "--confirm", folder / "plan")
        assert "完全相同" in run(*of, "--confirm", folder / "plan", code=1)


def _turned(content: bytes) -> bytes:
    """With one bit in its middle turned."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
