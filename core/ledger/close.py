"""Closing an epoch: what has been committed since the last one is hashed, chained and signed. Nobody waits for it.

An entry belongs to the first epoch whose snapshot sees the transaction that wrote it. So a slow transaction keeps nobody else's
entries open and its own are in the epoch after its commit; into an epoch that is closed nothing can come any more: a transaction
that its snapshot has not seen is not of it, and one that it has seen has ended.
"""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.database import connection, execute, fetch, fetchrow, fetchval
from core.errors import Conflict
from core.ledger.epoch import FIRST, HEAD, Head, mark
from core.ledger.hashes import hash_of, present
from core.ledger.leaf import COLUMNS, SIZE, leaf, root, split

log = logging.getLogger(__name__)
_FETCHED = 2_000
_LOCK = "select pg_try_advisory_xact_lock(hashtextextended('ledger ' || $1, 0))"
_WAIT = "select pg_advisory_xact_lock(hashtextextended('ledger ' || $1, 0))"

_OTHERS = """
    select cluster, (max(xid::text::bigint) + 1)::text as after from ledger_entry
    where cluster <> $1 group by cluster order by cluster
"""
_SEEN = "select snapshot::text from ledger_epoch where cluster = $1 order by number desc limit 1"
_NEW = f"""
    select {COLUMNS} from ledger_entry where cluster = $1
    and xid >= pg_snapshot_xmin($2::text::pg_snapshot) and xid < pg_snapshot_xmax($3::text::pg_snapshot)
    and pg_visible_in_snapshot(xid, $3::text::pg_snapshot) and not pg_visible_in_snapshot(xid, $2::text::pg_snapshot)
    order by id
"""
NOTHING_SEEN = "1:1:"

OPEN = """
    select from (select 1) one left join (select cluster, snapshot from ledger_epoch order by number desc limit 1) last on true
    where last.cluster is distinct from ledger_cluster() or exists (
        select from ledger_entry e where e.cluster = last.cluster and e.xid >= pg_snapshot_xmin(last.snapshot)
        and not pg_visible_in_snapshot(e.xid, last.snapshot))
"""
"""Finds a row where there may be something to close: a question that goes along when a session is opened."""


class BrokenChain(Exception):
    """The last epoch does not bear its own signature, or was signed by another key than ours: nothing is chained to it."""


class Signer(msgspec.Struct, frozen=True):
    """Who signs; `former` has signed so far, and hands over (None: nobody has, or that key is lost)."""

    key: Ed25519PrivateKey
    former: Ed25519PrivateKey | None = None


def public(key: Ed25519PrivateKey) -> bytes:
    """By which its signatures are known, 32 bytes."""
    return key.public_key().public_bytes_raw()


async def close(of: UUID, key: Ed25519PrivateKey) -> int:
    """Close what can be closed of the ledger `of` (the county of the session); how many entries. 0: nothing new, or somebody else
    is at it. Raises BrokenChain."""
    if not await fetchval(_LOCK, str(of)):
        return 0
    last = await last_head()
    # Whoever has written one under a key of his own would have us vouch for it: by our next signature.
    if last is not None and last.key != public(key):
        raise BrokenChain(
            f"epoch {last.number} of {of} is signed by {mark(last.key)}, not by {mark(public(key))}"
        )
    return await _close(of, last, Signer(key))


async def hand_over(of: UUID, signer: Signer) -> bool:
    """From now on `signer.key` signs the ledger `of` (the county of the session): with an epoch at once, be it empty. False where
    it does already, or nothing is signed yet. Raises BrokenChain; Conflict where the key before is not `signer.former`, or this
    one had its time."""
    await fetchval(_WAIT, str(of))
    last, now = await last_head(), public(signer.key)
    if last is None or last.key == now:
        return False
    if signer.former is not None and last.key != public(signer.former):
        raise Conflict(
            f"第 {last.number} 期是公钥以 {mark(last.key)} 开头的密钥签名的，不是给出的旧密钥，没有更换。"
            "请平台运行维护人员核对旧密钥。"
        )
    if await fetchval("select exists (select from ledger_epoch where key = $1)", now):
        raise Conflict("给出的新密钥以前签过名，已经换掉，不能再用。请平台运行维护人员另外生成一个。")
    await _close(of, last, signer)
    return True


async def _close(of: UUID, last: Head | None, signer: Signer) -> int:
    if last is not None and not last.holds():
        raise BrokenChain(f"epoch {last.number} of {of}")
    closed = 0
    # The clock before the snapshot: what the snapshot does not see began later.
    here, now = await fetchval("select ledger_cluster()"), await fetchval("select clock_timestamp()")
    snapshot = await fetchval("select pg_current_snapshot()::text")
    if last is None or last.cluster != here:
        # Read in from elsewhere: there it is over, and what was still open comes to an end here.
        for row in await fetch(_OTHERS, here):
            last, count = await _add(of, last, row["cluster"], f"{row['after']}:{row['after']}:", now, signer)
            closed += count
    _, count = await _add(of, last, here, snapshot, now, signer)
    return closed + count


async def last_head() -> Head | None:
    """The newest of the session's county."""
    row = await fetchrow(f"select {HEAD} from ledger_epoch order by number desc limit 1")
    return None if row is None else Head(*row.values())


async def _add(
    of: UUID, last: Head | None, cluster: int, snapshot: str, now: datetime, signer: Signer
) -> tuple[Head | None, int]:
    """The epoch of what `snapshot` sees and none before it: the last head then, and the number of entries."""
    seen = await fetchval(_SEEN, cluster) or NOTHING_SEEN
    name = present()
    by, listed = hash_of(name), bytearray()
    async for row in connection().cursor(_NEW, cluster, seen, snapshot, prefetch=_FETCHED):
        listed += leaf(tuple(row.values()), by)
    leaves = bytes(listed)
    count = len(leaves) // SIZE
    former = last.key if last is not None and last.key != public(signer.key) else b""
    if not count and not former:
        return last, 0
    number, previous = (1, FIRST) if last is None else (last.number + 1, last.digest())
    unsigned = Head(
        of, number, cluster, snapshot, now, count, root(split(leaves), by), previous, name, former=former
    )
    made = unsigned.sign(signer.key, signer.former if former else None)
    await _write(made, leaves)
    log.info("ledger %s epoch %d: %d entries, root %s", of, number, count, made.root.hex())
    return made, count


async def _write(made: Head, leaves: bytes) -> None:
    await execute(
        "insert into ledger_epoch (number, cluster, snapshot, closed_at, entries, root, previous, hash, key, signature, former,"
        " countersignature, leaves) values ($1, $2, $3::text::pg_snapshot, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        *[getattr(made, name) for name in msgspec.structs.asdict(made) if name != "of"], leaves,
    )  # fmt: skip
