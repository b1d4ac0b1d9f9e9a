"""The master secret is changed for another one, and the algorithms likewise: interrupted, gone on with, the old one refused."""

from __future__ import annotations

import asyncio
import os
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core import secrecy
from core.database import fetch, fetchrow
from core.files.sealed import is_sealed
from core.files.store import FileStore
from core.ledger.close import close, public
from core.ledger.note import note
from core.ledger.verify import Trust, verify
from core.register.identity import id_search, open_id
from core.register.model import PersonDraft
from core.register.service import enter
from deploy.backup.key import make
from deploy.backup.manifest import Seal
from deploy.backup.take import Source, take
from deploy.inside import inside
from deploy.opening import OPERATOR
from deploy.problem import Problem
from deploy.secret import turn
from deploy.secret.catalogue import sealed
from tenants.accounts import recovery
from tenants.database import vault
from tenants.database.session import county_session
from tenants.ground.environment import NotConfigured
from tenants.ground.files import county_files
from tests.conftest import Database
from tests.deploy.test_commands import run
from tests.web.conftest import TODAY, Seeded, everything, seed

OTHER = b64encode(b"another secret of the tests, 32 b").decode()[:43] + "="
SIGNS = Ed25519PrivateKey.generate()
NUMBER, PHONE = "11010519491231002X", "13804705678"
PAPER = b"%PDF-1.4 " + b"a paper " * 80_000
Said = Callable[..., str]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Said:
    """`said("change")` as it is typed, with these settings: what it says; it must end with `code`."""
    for name in ("HOST", "PORT"):
        monkeypatch.setenv(f"DANGWU_{name}", "")

    def typed(act: str, code: int = 0, **settings: str) -> str:
        capsys.readouterr()
        with monkeypatch.context() as here:
            for name, value in settings.items():
                here.setenv(f"DANGWU_{name.upper()}", value)
            assert run("secret", act) == code
        printed = capsys.readouterr()
        return printed.out + printed.err

    return typed


async def _lived(root_url: str) -> Seeded:
    """A county with something in every place that is sealed, and a file of three pieces; a second one with one number."""
    async with inside():
        await vault.begin()
        county, other = await seed("baixi", "白溪县", TODAY), await seed("donghe", "东河县", TODAY)
        root = await asyncpg.connect(root_url)
        account = county.accounts["branch-secretary"]
        async with county_session(county.id):
            draft = PersonDraft(name="有电话", phone=PHONE)
            person = await enter(everything(), county.units["东街支部"].id, draft, TODAY)
            await recovery.issue(account)
            await county_files(county.id).put("函.pdf", _stream(PAPER))
            await note(OPERATOR, "role.granted", "account", account)
        async with county_session(county.id):
            assert await close(county.id, SIGNS)
        async with county_session(other.id):
            await county_files(other.id).put("函.pdf", _stream(PAPER))
        await _fill(root, county, account, person)
        await root.close()
    return county


async def _stream(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _fill(root: asyncpg.Connection, county: Seeded, account: UUID, person: UUID) -> None:
    """What takes a long way to come about."""
    safe, unit = secrecy.vault(), county.units["东街支部"].id
    batch = await root.fetchval(
        "insert into import_batch (tenant_id, unit_id, path, filename, size, content, state, by_id, by_name)"
        " values ($1, $2, $3, 'x', 1, $4, 'parsed', $5, '某') returning id",
        county.id, unit, county.units["东街支部"].path, safe.seal("import.content", b"roster"), account,
    )  # fmt: skip
    for statement, value in (
        ("insert into import_row (tenant_id, batch_id, number, action, name, payload) values ($1, $2, 1, 'new', 'x', $3)",
         safe.seal("import.row", b"row")),
        ("insert into import_was (tenant_id, batch_id, person_id, was) select $1, $2, p.id, to_jsonb(p) from person p"
         " where p.tenant_id = $1 and p.id_index is not null and $3::bytea is not null", b""),
    ):  # fmt: skip
        await root.execute(statement, county.id, batch, value)
    for statement, value in (
        ("insert into export (tenant_id, by_id, kind, asked, purpose, day, total, content)"
         " values ($1, $2, 'x', '{}', 'x', now(), 1, $3)",
         safe.seal("export.content", b"export")),
        ("insert into second_factor (tenant_id, account_id, secret) values ($1, $2, $3)",
         safe.seal(f"account.totp {account}", b"totp")),
        ("insert into notice_setting (tenant_id, account_id, address, code) values ($1, $2, $3, $3)",
         safe.seal("notice.address", b"a@b.cn")),
    ):  # fmt: skip
        await root.execute(statement, county.id, account, value)
    one = UUID(int=5)
    await root.execute(
        "insert into oidc_provider (tenant_id, id, name, issuer, client_id, home, secret, by_id, by_name)"
        " values ($1, $2, 'x', 'x', 'x', 'x', $3, $4, 'x')",
        county.id, one, safe.seal(f"oidc.secret {one}", b"oidc"), account,
    )  # fmt: skip
    await root.execute(
        "insert into notice_hook (tenant_id, id, name, form, host, mode, url, secret, by_id, by_name)"
        " values ($1, $2, 'x', 'x', 'x', 'once', $3, $4, $5, 'x')",
        county.id, one, safe.seal(f"notice_hook.url:{one}", b"url"), safe.seal(f"notice_hook.secret:{one}", b"s"), account,
    )  # fmt: skip
    await root.execute("set session_replication_role = replica")
    await root.execute(
        "insert into letter (tenant_id, case_id, person_id, number, issuer, goes_to, issued_on, valid_until, sealed)"
        " values ($1, $2, $2, '1', 'x', 'x', now(), now(), $3)",
        county.id, person, safe.seal("letter", b"letter"),
    )  # fmt: skip
    await root.execute("set session_replication_role = default")


async def _found(county: Seeded) -> None:
    """All is as it was, for a process that seals as the environment says: found by number, opened, verified."""
    async with inside():
        await vault.check()
        async with county_session(county.id):
            for term, column in (
                (NUMBER, "id_sealed"),
                ("002X", "id_sealed"),
                (PHONE, "phone_sealed"),
                ("5678", "phone_sealed"),
            ):
                [(index, blind), *_] = [one for one in id_search(term) if column[:2] == one[0][:2]]
                row = await fetchrow(f"select name, {column} from person where {index} = $1", blind)
                assert row is not None, term
                field = "person.national-id" if column == "id_sealed" else "person.phone"
                assert secrecy.vault().open(field, row[column]).decode().endswith(term)
            kept = await fetchrow("select (jsonb_populate_record(null::person, was)).* from import_was")
            assert kept is not None
            assert open_id(kept["id_sealed"]) == NUMBER
            for name, table in sealed().items():
                assert await fetch(
                    f"select from {name} where num_nonnulls({', '.join(table.columns)}) > 0"
                ), name
            assert not await fetch("select from recovery_code")
            report = await verify(Trust(public(SIGNS)))
            assert (report.found, report.first) == (0, 1), "what was sealed before stays verifiable"
            if report.unsealed:
                await close(county.id, SIGNS)
        store = county_files(county.id)
        assert b"".join(store.content(sha256(PAPER).hexdigest())) == PAPER
        assert is_sealed(store.path(sha256(PAPER).hexdigest()))


def test_it_is_changed_interrupted_gone_on_with_and_the_old_one_is_refused(
    own_database: Database, said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = os.environ["DANGWU_SECRET"]
    county = asyncio.run(_lived(own_database.superuser_url))
    assert Seal(old).fingerprint in said("show")
    assert "DANGWU_NEW_SECRET" in said("change", code=1)
    assert "不是这个数据库现在用的" in said("change", code=1, secret=OTHER, new_crypto="sm")
    assert "平台还在运行" in asyncio.run(_while_it_runs(said))
    asyncio.run(_found_but_codes(county))

    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(turn, "_write", _ends_at(3))
        said("change", new_secret=OTHER)
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(FileStore, "turn", _ends_at(1))
        said("change", new_secret=OTHER)
    for secret in (old, OTHER):
        assert "再执行一次 dangwu secret change" in asyncio.run(_refused(secret))
    assert "正在换成另一个密钥" in said("change", code=1, new_secret=OTHER, new_crypto="sm")
    with pytest.raises(Problem, match="没有取出数据"):
        asyncio.run(_backed_up(own_database, tmp_path, Seal(old)))
    done = said("change", new_secret=OTHER)
    assert "全部改用指纹为" in done
    assert "DANGWU_SECRET 改成新的" in done
    assert "改回原来的值" in asyncio.run(_refused(old))
    assert "没有改动" in said("change", new_secret=OTHER)

    monkeypatch.setenv("DANGWU_SECRET", OTHER)
    asyncio.run(_found(county))
    # Algorithms likewise: the secret stays; a damaged file is told, and keeps nobody from it.
    damaged = own_database.files / "files" / str(county.id) / "00" / ("0" * 64)
    damaged.parent.mkdir(exist_ok=True)
    damaged.write_bytes(b"nothing that opens")
    assert f"附件 {'0' * 64}" in said("change", new_crypto="sm")
    assert "改回原来的值" in asyncio.run(_refused(OTHER))
    monkeypatch.setenv("DANGWU_CRYPTO", "sm")
    asyncio.run(_found(county))
    assert asyncio.run(_noted(county)) == [Seal(OTHER).fingerprint, Seal(OTHER, "sm").fingerprint]
    needs = asyncio.run(_backed_up(own_database, tmp_path, Seal(OTHER, "sm")))
    assert needs == Seal(OTHER, "sm").fingerprint


def _ends_at(turns: int) -> Callable[..., object]:
    """In the place of `_write` or `FileStore.turn`: what is done goes on so often, then the process is gone."""
    write, left = turn._write, [turns]

    def ended(*given: object) -> object:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        return write(*given)  # type: ignore[arg-type]

    return ended


async def _while_it_runs(said: Said) -> str:
    async with inside():
        return await asyncio.to_thread(said, "change", code=1, new_secret=OTHER)


async def _found_but_codes(county: Seeded) -> None:
    async with inside():
        await vault.check()
        async with county_session(county.id):
            assert len(await fetch("select from recovery_code")) == recovery.COUNT


async def _refused(secret: str) -> str:
    before = os.environ["DANGWU_SECRET"]
    os.environ["DANGWU_SECRET"] = secret
    try:
        async with inside():
            with pytest.raises(NotConfigured) as refused:
                await vault.check()
            return str(refused.value)
    finally:
        os.environ["DANGWU_SECRET"] = before


async def _backed_up(made: Database, folder: Path, seal: Seal) -> str:
    to = make(folder / f"key-{seal.crypto}")
    source = Source(made.superuser_url, made.files / "files", seal, keeps=False)
    return (await take(source, folder / f"{seal.crypto}.dangwu", to)).fingerprint


async def _noted(county: Seeded) -> list[str]:
    async with inside(), county_session(county.id):
        rows = await fetch(
            "select said::jsonb ->> 'to' it from ledger_entry where verb = 'secret.changed' order by id"
        )
        return [row["it"] for row in rows]


NOT_SEALED = {
    "api_token.digest", "operator_grant.ticket", "installation.mark", "installation.turning", "ledger_entry.salt",
    "ledger_entry.sealed", "ledger_epoch.countersignature", "ledger_epoch.former", "ledger_epoch.key", "ledger_epoch.leaves",
    "ledger_epoch.previous", "ledger_epoch.root", "ledger_epoch.signature",
    "notice_feed.digest", "operator_act.digest", "own_link.digest", "own_link.look_digest", "paper_template.content",
}  # fmt: skip
"""Random enough for a plain digest, of the ledger, or no secret."""

DROPPED = {"recovery_code.digest", "notice_setting.code"}
"""Only a digest under the secret: dropped when it changes."""


@pytest.mark.anyio
async def test_every_column_of_bytes_is_listed(owner_url: str) -> None:
    connection = await asyncpg.connect(owner_url)
    rows = await connection.fetch(
        "select table_name || '.' || column_name from information_schema.columns"
        " where table_schema = 'public' and data_type = 'bytea'"
    )
    await connection.close()
    listed = {f"{name}.{one}" for name, table in sealed().items() for one in (*table.sealed, *table.blind)}
    assert {row[0] for row in rows} - listed == NOT_SEALED | DROPPED
    assert listed <= {row[0] for row in rows}
