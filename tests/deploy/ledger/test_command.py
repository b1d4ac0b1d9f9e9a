"""`dangwu ledger` as an operator types it: the roots go out, what is done to the ledger is found, somebody is erased."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.actor import Actor
from core.database import execute
from core.ledger.close import BrokenChain
from core.ledger.note import note, note_reading
from deploy.embedded.folder import DataFolder
from deploy.inside import inside
from tenants.counties import open_county
from tenants.database.session import county_session, owner_session
from tenants.worker.ledger import close_all
from tests.conftest import Database
from tests.deploy.test_commands import run

KEY, NEXT = bytes(range(32)), bytes(range(32, 64))
WHO, SOMEBODY = Actor(UUID(int=11), "郑一凡"), UUID(int=21)


async def _sealed() -> UUID:
    """A county whose ledger has an epoch: a grant, and a look at somebody; closed in a worker's round."""
    async with inside():
        county = await open_county("ledger", "台账县", date(2026, 1, 1))
        async with county_session(county):
            await note(WHO, "role.granted", "account", WHO.id)
            await note_reading(WHO, [SOMEBODY], "file", "家庭情况核实")
        assert await close_all(Ed25519PrivateKey.from_private_bytes(KEY)) == 2
    return county


async def _sealed_by(key: bytes) -> str:
    """How many entries a worker's round with this key closes; "another" where it may not."""
    async with inside():
        try:
            return str(await close_all(Ed25519PrivateKey.from_private_bytes(key)))
        except* BrokenChain:
            pass
    return "another"


async def _as_owner(county: UUID, statement: str) -> None:
    async with inside(), owner_session(county):
        await execute(statement)


def test_the_ledger_is_held_against_its_roots(
    own_database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def said(*words: str, code: int = 0) -> str:
        capsys.readouterr()
        assert run("ledger", *words) == code
        printed = capsys.readouterr()
        return printed.out + printed.err

    for name in ("HOST", "PORT"):
        monkeypatch.setenv(f"DANGWU_{name}", "")
    county = asyncio.run(_sealed())
    roots = tmp_path / "roots.jsonl"
    roots.write_text(said("roots"))
    assert "没有可信的公钥" in said("verify"), "the key is a worker's"
    assert "没有设 DANGWU_LEDGER_KEY" in said("adopt", "--because", "原密钥丢失", code=1)
    monkeypatch.setenv("DANGWU_LEDGER_KEY", b64encode(KEY).decode())
    assert "没有代号为“nowhere”的县" in said("verify", "--county", "nowhere", code=1)
    assert "台账县：已核对第 1 至 1 期，2 条记录" in said("verify", "--county", "ledger")

    assert "--county" in said("erase", str(SOMEBODY), "--because", "本人申请", code=1)
    for nobody in ("", "张三", str(SOMEBODY)[:-1]):
        typed = [nobody] if nobody else []
        refused = said("erase", *typed, "--county", "ledger", "--because", "本人申请", code=1)
        assert "请写明人员或账号的编号（网址里的那一串）" in refused, nobody
    other = tmp_path / "other.jsonl"
    for content in ("{", "[]", '{"of": "x"}'):
        other.write_text(content)
        assert "不是 dangwu ledger roots 导出的文件" in said("verify", "--roots", str(other), code=1), content
    assert "读不出来" in said("verify", "--roots", str(tmp_path / "nowhere"), code=1)
    assert "没有填写删除的依据" in said("erase", str(SOMEBODY), "--county", "ledger", code=1)
    assert "已删除 1 条" in said("erase", str(SOMEBODY), "--county", "ledger", "--because", "本人申请")
    assert "依法删除详情 1 条" in said("verify", "--roots", str(roots))

    assert "没有给出新的签名密钥" in said("renew", code=1)
    assert "用不到 --county" in said("renew", "--county", "ledger", code=1)
    monkeypatch.setenv("DANGWU_NEW_LEDGER_KEY", b64encode(NEXT).decode())
    changed = said("renew")
    assert "台账县：第 1 期及以前由公钥以 03a107bff3ce10be 开头的密钥签名" in changed
    assert "各后台任务进程的 DANGWU_LEDGER_KEY" in changed
    assert "台账县" not in said("renew"), "it was"
    assert asyncio.run(_sealed_by(KEY)) == "another"
    assert "与封存时一致" in said("verify", "--roots", str(roots)), "it was handed over to"
    monkeypatch.setenv("DANGWU_LEDGER_KEY", b64encode(NEXT).decode())
    monkeypatch.delenv("DANGWU_NEW_LEDGER_KEY")
    assert asyncio.run(_sealed_by(NEXT)) == "1"
    assert "与封存时一致" in said("verify", "--roots", str(roots))
    monkeypatch.setenv("DANGWU_LEDGER_KEY", b64encode(KEY).decode())
    monkeypatch.setenv("DANGWU_NEW_LEDGER_KEY", b64encode(bytes(32)).decode())
    assert "台账县的日志不是 DANGWU_LEDGER_KEY 签名的" in said("renew", code=1)

    monkeypatch.setenv("DANGWU_LEDGER_KEY", b64encode(bytes(32)).decode())
    assert "不是用可信的密钥签名的" in said("verify", code=1)
    assert "没有填写接过来的依据" in said("adopt", code=1)
    assert "没有签字移交" in said("adopt", "--because", "原密钥随机器丢失")
    assert "没有要接过来的" in said("adopt", "--because", "原密钥随机器丢失")
    assert asyncio.run(_sealed_by(bytes(32))) == "1"
    assert "与封存时一致" in said("verify", "--roots", str(roots))

    monkeypatch.setenv("DANGWU_NEW_LEDGER_KEY", b64encode(KEY).decode())
    refused = said("renew", code=1)
    assert ("以前签过名，已经换掉" in refused, "新密钥是 DANGWU_NEW_LEDGER_KEY" in refused) == (True, True)

    asyncio.run(_as_owner(county, "update ledger_entry set by_name = '别人' where verb = 'role.granted'"))
    assert "授予职务权限（别人）：封存的记录被改动" in said("verify", code=1)
    asyncio.run(_as_owner(county, "delete from ledger_epoch"))
    assert "导出过的这一期现在没有" in said("verify", "--roots", str(roots), code=1)
    roots.write_text(roots.read_text().replace('"entries":2', '"entries":3'))
    assert "签名不对" in said("verify", "--roots", str(roots), code=1)


def test_a_key_that_is_on_its_way_in_is_kept_by_the_folder(tmp_path: Path) -> None:
    """Whoever is interrupted goes on with the same one: half of the counties name it already."""
    folder = DataFolder(tmp_path / "data")
    folder.acquire()
    try:
        first, coming = folder.secrets().ledger, folder.next_ledger()
        folder.sign_by(coming, ended=False)
        again = DataFolder(folder.path)
        assert (again.secrets().ledger, again.next_ledger()) == (first, coming)
        again.sign_by(coming, ended=True)
        assert again.secrets().ledger == coming != again.next_ledger()
    finally:
        folder.release()
