"""The signing key is exchanged: former epochs verify by the new key and by the old one, and no other key gets in between."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.actor import Actor
from core.database import execute, fetch
from core.errors import Conflict
from core.ledger.close import BrokenChain, Signer, close, hand_over, public
from core.ledger.epoch import HEAD, Head
from core.ledger.note import note
from core.ledger.verify import Trust, verify
from tenants.counties import open_county
from tenants.database.session import county_session, owner_session
from tests.conftest import Database

FIRST, SECOND, THIRD, THIEF = (Ed25519PrivateKey.generate() for _ in range(4))
WHO = Actor(UUID(int=11), "郑一凡")
Kinds = list[tuple[str, int]]


async def _entry(county: UUID, key: Ed25519PrivateKey) -> None:
    async with county_session(county):
        await note(WHO, "account.signed-in", "account", WHO.id)
    async with county_session(county):
        assert await close(county, key) == 1


@pytest.fixture(scope="module")
async def county(pool: Database) -> UUID:
    """Epochs 1 and 2 by the first key; 3, which is empty, hands over to the second, which signs 4; 5 is the third's, to which
    nobody has handed over (the second was lost), and so is 6."""
    made = await open_county("handed", "移交县", date(2026, 1, 1))
    for _ in range(2):
        await _entry(made, FIRST)
    async with county_session(made):
        assert await hand_over(made, Signer(SECOND, FIRST))
        assert not await hand_over(made, Signer(SECOND, FIRST)), "it was"
    await _entry(made, SECOND)
    async with county_session(made):
        assert await hand_over(made, Signer(THIRD))
    await _entry(made, THIRD)
    return made


async def _heads(county: UUID) -> list[Head]:
    async with county_session(county):
        return [
            Head(*row.values()) for row in await fetch(f"select {HEAD} from ledger_epoch order by number")
        ]


async def _found(county: UUID, trusted: Ed25519PrivateKey, *statements: tuple[object, ...]) -> Kinds:
    session = owner_session(county)
    await session.begin()
    for statement, *values in statements:
        await execute(str(statement), *values)
    report = await verify(Trust(public(trusted)))
    await session.rollback()
    assert report.trusted
    return sorted((one.kind, one.epoch) for one in report.findings)


def _written(head: Head) -> tuple[object, ...]:
    """A statement that puts this head in the place of the one of its number."""
    return (
        "update ledger_epoch set root = $2, previous = $3, key = $4, signature = $5, former = $6, countersignature = $7,"
        " closed_at = $8 where number = $1",
        head.number, head.root, head.previous, head.key, head.signature, head.former, head.countersignature, head.closed_at,
    )  # fmt: skip


async def test_the_newest_key_vouches_for_all_before_and_a_former_one_for_whom_it_has_handed_over_to(
    county: UUID,
) -> None:
    heads = await _heads(county)
    assert [head.key for head in heads] == [
        public(key) for key in (FIRST, FIRST, SECOND, SECOND, THIRD, THIRD)
    ]
    assert [head.countersigned() for head in heads] == [False, False, True, False, False, False]
    assert await _found(county, THIRD) == []
    lost = [("key", 5), ("key", 6)]
    assert (await _found(county, SECOND), await _found(county, FIRST)) == (lost, lost)
    assert await _found(county, THIEF) == [("key", number) for number in range(1, 7)]


async def test_nothing_is_chained_to_what_another_key_has_signed(county: UUID) -> None:
    async with county_session(county):
        for key in (FIRST, SECOND, THIEF):
            with pytest.raises(BrokenChain, match="epoch 6"):
                await close(county, key)
        with pytest.raises(Conflict, match="不是给出的旧密钥"):
            await hand_over(county, Signer(THIEF, SECOND))
        with pytest.raises(Conflict, match="以前签过名"):
            await hand_over(county, Signer(FIRST, THIRD))


async def test_whoever_has_stolen_a_former_key_or_owns_the_tables_gets_no_epoch_in(county: UUID) -> None:
    heads = await _heads(county)
    replace = msgspec.structs.replace
    # Signed anew by the key that was exchanged: after its time, and in it.
    assert await _found(county, THIRD, _written(heads[3].sign(FIRST))) == [("key", 4)]
    moved = replace(heads[1], root=bytes(32))
    assert ("chain", 3) in await _found(county, THIRD, _written(moved.sign(FIRST)))
    # A hand-over that the thief writes, to himself or out of nothing; and one whose former key is struck out.
    to_him = replace(heads[3], former=public(FIRST))
    for signed in (to_him.sign(THIEF, FIRST), to_him.sign(THIEF)):
        assert ("key", 4) in await _found(county, THIRD, _written(signed))
    unsaid = replace(heads[2], former=b"", countersignature=b"")
    found = await _found(county, THIRD, _written(unsaid))
    assert {("signature", 3), ("key", 1), ("key", 2)} <= {*found}
    # All after the hand-over taken away, and gone on by the stolen key.
    gone = ("delete from ledger_epoch where number > 2",)
    assert {("key", 1), ("key", 2)} <= {*await _found(county, THIRD, gone)}
    # Another county's hand-over is none here.
    elsewhere = replace(heads[2], of=UUID(int=1)).sign(SECOND, FIRST)
    assert ("signature", 3) in await _found(county, THIRD, _written(elsewhere))
