"""What is sealed stays as it was, or what happened to it is found and located; nobody waits for anybody meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID

import asyncpg
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core import secrecy
from core.actor import Actor
from core.database import execute, fetch, fetchval
from core.ledger.close import close, public
from core.ledger.epoch import HEAD, Head
from core.ledger.note import note, note_reading
from core.ledger.report import Report
from core.ledger.verify import Trust, verify
from tenants.counties import open_county
from tenants.database.session import county_session, owner_session
from tests.conftest import Database

KEY, STOLEN = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
WHO = Actor(UUID(int=11), "郑一凡")
SEEN = [UUID(int=number) for number in (21, 22)]
OWN = Trust(public(KEY))


@pytest.fixture(scope="module", params=["aes", "sm", "changed"])
async def county(pool: Database, request: pytest.FixtureRequest) -> AsyncIterator[UUID]:
    """A county with three epochs: a grant and two readings; what a slow transaction wrote; a sign-in. All are sealed by SHA-256,
    by SM3, or the first by SHA-256 and the others, from a change of the algorithms on, by SM3."""
    algorithms: str = request.param
    begins = "sm" if algorithms == "sm" else "aes"
    with _sealing_by(begins):
        made, slow, begun = await _first_epoch(algorithms, pool)
    with _sealing_by("aes" if algorithms == "aes" else "sm"):
        await begun.commit()
        assert await _closed(made) == 1, "and its own is not lost"
        async with county_session(made):
            await note(WHO, "account.signed-in", "account", WHO.id)
        assert await _closed(made) == 1
        assert await _closed(made) == 0
        await slow.close()
        assert [head.hash for head in await _heads(made)] == HASHES_OF[algorithms]
        yield made


HASHES_OF = {"aes": ["sha256"] * 3, "sm": ["sm3"] * 3, "changed": ["sha256", "sm3", "sm3"]}


@contextmanager
def _sealing_by(algorithms: str) -> Iterator[None]:
    before = secrecy._installed
    secrecy.install(bytes(32), algorithms)
    yield
    secrecy._installed = before


async def _first_epoch(
    slug: str, pool: Database
) -> tuple[UUID, asyncpg.Connection, asyncpg.transaction.Transaction]:
    """The county with its first epoch, and the slow transaction, still open."""
    made = await open_county(slug, f"{slug} 台账县", date(2026, 1, 1))
    slow = await asyncpg.connect(pool.app_url)
    begun = slow.transaction()
    await begun.start()
    await slow.execute("select enter_county($1)", made)
    await slow.execute(
        "insert into ledger_entry (by_name, verb, title, subject_kind, passing, salt, said, sealed)"
        " values ('慢', 'act.done', '办理', 'slow', false, 's', '{}', sha256('s{}'))"
    )
    async with county_session(made):
        await execute("set local lock_timeout = '50ms'")
        await note(WHO, "role.granted", "account", UUID(int=31), role="organizer")
        await note_reading(WHO, SEEN, "file", "核对名册")
    assert await _closed(made) == 3, "the slow one keeps nobody's entries open"
    return made, slow, begun


async def _closed(county: UUID) -> int:
    async with county_session(county):
        return await close(county, KEY)


async def _after(county: UUID, *statements: str, trust: Trust = OWN) -> Report:
    """What is found once the owner of the tables has done this; then it is undone."""
    session = owner_session(county)
    await session.begin()
    for statement in statements:
        await execute(statement)
    report = await verify(trust)
    await session.rollback()
    return report


async def _heads(county: UUID) -> list[Head]:
    async with county_session(county):
        return [
            Head(*row.values()) for row in await fetch(f"select {HEAD} from ledger_epoch order by number")
        ]


def _kinds(report: Report) -> list[tuple[str, int]]:
    return sorted((one.kind, one.epoch) for one in report.findings)


async def test_what_nobody_touched_is_as_it_was(county: UUID) -> None:
    report = await _after(county)
    assert (report.found, report.entries, report.unsealed, report.first, report.last) == (0, 5, 0, 1, 3)
    assert report.trusted
    async with county_session(county):
        later = await verify(OWN, first=2, last=2)
    assert (later.found, later.entries, later.first, later.last) == (0, 1, 2, 2)


GRANT = "verb = 'role.granted'"
SLOW = "subject_kind = 'slow'"
COPIED = """insert into ledger_entry (id, at, xid, cluster, by_name, verb, title, subject_kind, passing, salt, said, sealed)
    select uuidv7(), {at}, {xid}, cluster, '冒名', verb, title, subject_kind, passing, salt, said, sealed
    from ledger_entry where """


@pytest.mark.parametrize(
    ("statement", "kinds"),
    [
        (f"delete from ledger_entry where {GRANT}", [("removed", 1)]),
        (f"update ledger_entry set by_name = '别人' where {GRANT}", [("changed", 1)]),
        (f"update ledger_entry set at = at - interval '1 day' where {SLOW}", [("changed", 2)]),
        (f"update ledger_entry set said = '{{}}' where {GRANT}", [("details", 1)]),
        (f"update ledger_entry set said = null, salt = null where {GRANT}", [("erased", 1)]),
        (COPIED.format(at="at", xid="xid") + GRANT, [("inserted", 1)]),
        (COPIED.format(at="at - interval '1 day'", xid="pg_current_xact_id()") + SLOW, [("open", 3)]),
        (
            "update ledger_entry e set subject_id = o.subject_id from ledger_entry o"
            " where e.verb = 'read.file' and o.verb = e.verb and o.id <> e.id",
            [("changed", 1), ("changed", 1)],
        ),
        (
            f"update ledger_entry set xid = (select xid from ledger_entry where {GRANT}) where verb = 'account.signed-in'",
            [("inserted", 1), ("removed", 3)],
        ),
        ("delete from ledger_epoch where number = 2", [("chain", 3), ("inserted", 3)]),
        ("update ledger_epoch set closed_at = closed_at - interval '1 s' where number = 3", [("exported", 3), ("signature", 3)]),
        (
            "update ledger_epoch set hash = case hash when 'sm3' then 'sha256' else 'sm3' end where number = 3",
            [("altered", 3), ("changed", 3), ("exported", 3), ("signature", 3)],
        ),
        (
            "update ledger_epoch set leaves = overlay(leaves placing 'xx' from 30) where number = 1",
            [("changed", 1), ("leaves", 1)],
        ),
        (
            "with gone as (delete from ledger_entry where verb = 'account.signed-in') delete from ledger_epoch where number = 3",
            [("lost", 3)],
        ),
        ("update ledger_entry set cluster = 7 where verb = 'read.file'", [("removed", 1)] * 2),
    ],
)  # fmt: skip
async def test_whatever_the_owner_does_to_it_is_found_where_it_was_done(
    county: UUID, statement: str, kinds: list[tuple[str, int]]
) -> None:
    exported = {head.number: head.digest() for head in await _heads(county)}
    report = await _after(county, statement, trust=Trust(OWN.key, exported))
    assert _kinds(report) == kinds, report.findings
    of_epochs = {"altered", "chain", "exported", "signature", "leaves", "lost"}
    assert all(one.entry or one.kind in of_epochs for one in report.findings)


async def test_a_hash_that_there_is_not_is_found_by_the_signature(county: UUID) -> None:
    report = await _after(county, "update ledger_epoch set hash = 'md5' where number = 3")
    assert ("signature", 3) in _kinds(report)


async def test_what_was_dated_back_before_it_was_sealed_is_found(county: UUID) -> None:
    """By the owner, in the open: the seal would be a true one."""
    async with owner_session(county):
        made = await fetchval(
            COPIED.format(at="at - interval '1 day'", xid="pg_current_xact_id()") + SLOW + " returning id"
        )
    assert await _closed(county) == 1
    report = await _after(county)
    assert [(one.kind, one.epoch, one.entry) for one in report.findings] == [("backdated", 4, made)]


async def test_the_key_alone_does_not_make_another_past(county: UUID) -> None:
    """Who signs with another key is found by the trusted one; who has stolen that, by the roots that were exported."""
    [head] = [one for one in await _heads(county) if one.number == 4]
    exported = {head.number: head.digest()}
    for key, kinds in ((STOLEN, ["backdated", "key"]), (KEY, ["backdated", "exported"])):
        again = msgspec.structs.replace(head, closed_at=head.closed_at + timedelta(hours=1)).sign(key)
        session = owner_session(county)
        await session.begin()
        await execute(
            "update ledger_epoch set closed_at = $1, key = $2, signature = $3 where number = 4",
            again.closed_at, again.key, again.signature,
        )  # fmt: skip
        assert [
            kind for kind, _ in _kinds(await verify(Trust(OWN.key, exported if key is KEY else {})))
        ] == kinds
        await session.rollback()


async def test_only_what_is_old_and_passing_is_pruned_and_it_stays_verified(pool: Database) -> None:
    county = await open_county("pruned", "清理县", date(2026, 1, 1))
    async with owner_session(county):
        for verb, passing, days in (("a", True, 190), ("b", False, 190), ("c", True, 100)):
            await execute(
                "insert into ledger_entry (id, at, cluster, by_name, verb, title, subject_kind, passing, salt, said, sealed)"
                " select uuidv7(-$3::interval), now() - $3::interval, 0, '某', $1, $1, 'x', $2, 's', '{}', sha256('s{}')",
                verb, passing, timedelta(days=days),
            )  # fmt: skip
        assert await close(county, KEY) == 3
        [head] = [Head(*row.values()) for row in await fetch(f"select {HEAD} from ledger_epoch")]
        old = msgspec.structs.replace(head, closed_at=head.closed_at - timedelta(days=185)).sign(KEY)
        await execute("update ledger_epoch set closed_at = $1, signature = $2", old.closed_at, old.signature)
    async with county_session(county):
        assert await fetchval("select prune_ledger(now() + interval '9 days')") == 1
        assert [row["verb"] for row in await fetch("select verb from ledger_entry order by id")] == [
            "b",
            "c",
            "ledger.pruned",
        ]
    report = await _after(county)
    assert (report.found, report.pruned) == (0, 1)
    assert _kinds(await _after(county, "delete from ledger_entry where verb = 'b'")) == [("removed", 1)]
    assert _kinds(await _after(county, "delete from ledger_entry where verb = 'ledger.pruned'")) == [
        ("removed", 1)
    ]
