"""A million entries of the ledger are verified within a minute of processor time, in bounded memory, by either hash."""

from __future__ import annotations

import resource
import time
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core import secrecy
from core.database import execute, fetch
from core.ledger.close import close, public
from core.ledger.verify import Trust, verify
from core.secrecy import Crypto
from tenants.counties import open_county
from tenants.database.session import county_session
from tests.bench.timed import say
from tests.conftest import Database
from tests.trials.measured import size

pytestmark = [pytest.mark.anyio, pytest.mark.trial, pytest.mark.timeout(3600)]
AT_ONCE = 500
MOST_SECONDS = 60.0
MOST_MEGABYTES = 150

WRITE = """
    insert into ledger_entry (by_id, by_name, verb, title, subject_kind, subject_id, passing, salt, said, sealed)
    select uuidv7(), '张三', 'read.file', '查看档案', 'person', uuidv7(), true, salt, said,
           sha256(salt || convert_to(said, 'UTF8'))
    from (select uuid_send(gen_random_uuid()) salt, '{"purpose":"核对名册 ' || n || '","address":"10.1.2.3"}' said
          from generate_series(1, $1::int) n) made
"""


@pytest.mark.parametrize(("algorithms", "hash_"), [("aes", "sha256"), ("sm", "sm3")])
async def test_a_million_entries_are_verified_within_a_minute(
    pool: Database, monkeypatch: pytest.MonkeyPatch, algorithms: Crypto, hash_: str
) -> None:
    monkeypatch.setattr(secrecy, "_installed", secrecy._installed)
    secrecy.install(bytes(32), algorithms)
    entries, key = int(size("ENTRIES", 1_000_000)), Ed25519PrivateKey.generate()
    county = await open_county(f"million-{algorithms}", f"百万县 {algorithms}", date(2026, 1, 1))
    begun = time.process_time()
    for _ in range(0, entries, AT_ONCE):
        async with county_session(county):
            await execute(WRITE, AT_ONCE)
        async with county_session(county):
            await close(county, key)
    closed, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    clock = time.monotonic()
    async with county_session(county):
        hashes = [row["hash"] for row in await fetch("select distinct hash from ledger_epoch")]
        report = await verify(Trust(public(key)))
    spent, waited = time.process_time() - closed, time.monotonic() - clock
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    say(
        f"日志 {report.entries:,} 条（{hash_}）：写入和封存用处理器 {closed - begun:.1f} 秒，"
        f"核对用 {spent:.1f} 秒（历时 {waited:.1f} 秒），内存多 {grown:.0f} MB"
    )
    assert (report.found, report.entries, hashes) == (0, entries, [hash_])
    assert spent < MOST_SECONDS * entries / 1_000_000
    assert grown < MOST_MEGABYTES
