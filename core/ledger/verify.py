"""Verifying a ledger: its heads as a chain, each epoch's entries against its list. Reads it in parts, whatever its length."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime, timedelta
from typing import cast

import msgspec
from asyncpg import Record

from core.database import connection, fetch, fetchrow
from core.ledger.against import ROWS, Against, Excused, leaf_of
from core.ledger.close import NOTHING_SEEN
from core.ledger.epoch import FIRST, HEAD, Head, Snapshot
from core.ledger.hashes import hash_of
from core.ledger.leaf import root
from core.ledger.line import Line
from core.ledger.report import Finding, Report

HEADS = 500
AT_ONCE = 20_000
"""Entries whose epochs are gone through together, for one query must not be made for each minute."""

CLOCK = timedelta(seconds=5)
"""By so much the server's clock may have been put back."""

TAKEN_OVER = 0
"""The cluster of what stood in the former logs: nobody vouches for its days (migration 0173)."""

FORGOTTEN = timedelta(minutes=15)
"""What is not sealed after that is not merely about to be."""


class Trust(msgspec.Struct, frozen=True):
    """What the verifier knows from elsewhere than the database: one of the public keys that have signed (b"": none), and the
    digests of exported heads by number."""

    key: bytes = b""
    exported: Mapping[int, bytes] = {}


class _Walk:
    """One verification under way."""

    def __init__(self, trust: Trust, line: Line | None, excused: Excused, report: Report) -> None:
        self.trust, self.line, self.excused, self.report = trust, line, excused, report
        self.seen: dict[int, Snapshot] = {}
        """Of each cluster, what its last epoch so far had seen."""
        self.ended: dict[int, tuple[list[int], list[datetime]]] = {}
        """Of each cluster, where its epochs ended: the first transaction not seen, and when that was."""

    async def heads(self, heads: list[Head], before: Head | None) -> None:
        """The next heads of the chain, and all that belongs to them."""
        for head in heads:
            self._head(before, head)
            before = head
        for part in _parts(heads):
            await self._entries(part)

    def _head(self, former: Head | None, head: Head) -> None:
        expected = FIRST if former is None else former.digest()
        number = 1 if former is None else former.number + 1
        if head.number != number or head.previous != expected:
            self._find("chain", head)
        if not head.holds():
            self._find("signature", head)
        elif self.line is not None and not self.line.signs(head):
            self._find("key", head)
        if self.trust.exported.get(head.number, head.digest()) != head.digest():
            self._find("exported", head)

    async def _entries(self, part: list[Head]) -> None:
        cluster, shots = part[0].cluster, [Snapshot.read(head.snapshot) for head in part]
        befores = [self.seen.get(cluster) or Snapshot.read(NOTHING_SEEN), *shots]
        ended = self.ended.setdefault(cluster, ([], []))
        ended[0].extend(shot.xmax for shot in shots)
        ended[1].extend(head.closed_at for head in part)
        lists = await fetch(_LISTS, part[0].number, part[-1].number)
        against = [
            Against(head, row["leaves"], self.excused, self.report)
            for head, row in zip(part, lists, strict=True)
        ]
        ends = [shot.xmax for shot in shots]
        async for row in _rows(cluster, befores[0], ends[-1]):
            xid: int = row["xid"]
            if not befores[0].sees(xid):
                places = range(bisect_right(ends, xid), len(part))
                if (place := next((at for at in places if shots[at].sees(xid)), None)) is not None:
                    against[place].feed(row, _not_before(cluster, xid, ended))
        for one, before, shot in zip(against, befores, shots, strict=False):
            one.finish()
            if not one.intact:
                await self._unlisted(one.head, before, shot)
        self.seen[cluster] = shots[-1]

    async def _unlisted(self, head: Head, before: Snapshot, shot: Snapshot) -> None:
        """The list itself is not the sealed one: are the entries?"""
        rows = _rows(head.cluster, before, shot.xmax)
        by = hash_of(head.hash)
        leaves = [
            leaf_of(row, by) async for row in rows if shot.sees(row["xid"]) and not before.sees(row["xid"])
        ]
        self._find("leaves" if root(leaves, by) == head.root else "altered", head)

    def _find(self, kind: str, head: Head) -> None:
        self.report.add(Finding(kind, head.number, None, head.closed_at))


_LISTS = "select leaves from ledger_epoch where number between $1 and $2 order by number"


def _rows(cluster: int, before: Snapshot, end: int) -> AsyncIterator[Record]:
    """What transactions that `before` may not have seen have written, up to `end`."""
    cursor = connection().cursor(ROWS, cluster, str(before.xmin), str(end), prefetch=2_000)
    return cast("AsyncIterator[Record]", aiter(cursor))


def _not_before(cluster: int, xid: int, ended: tuple[list[int], list[datetime]]) -> datetime | None:
    """A transaction that an epoch knew nothing of began after it was closed."""
    place = bisect_right(ended[0], xid)
    return ended[1][place - 1] - CLOCK if place and cluster != TAKEN_OVER else None


def _parts(heads: list[Head]) -> Iterator[list[Head]]:
    """Heads of one cluster, with some AT_ONCE entries together."""
    part: list[Head] = []
    for head in heads:
        if part and (
            head.cluster != part[0].cluster or sum(one.entries for one in part) + head.entries > AT_ONCE
        ):
            yield part
            part = []
        part.append(head)
    if part:
        yield part


async def verify(trust: Trust, first: int = 1, last: int | None = None) -> Report:
    """Everything in the epochs from `first` to `last` (None: the newest) of the ledger of the session's county, and what is in
    none. It reads in the session's transaction; nothing is locked."""
    report = Report(trusted=bool(trust.key))
    walk = _Walk(trust, await _line(trust.key), await _excused(), report)
    before = await _before(walk, first)
    while True:
        after = first - 1 if before is None else before.number
        rows = await fetch(_HEADS, max(after, first - 1), last)
        if not rows:
            break
        heads = [Head(*row.values()) for row in rows]
        await walk.heads(heads, before)
        report.first, before = report.first or heads[0].number, heads[-1]
    if before is not None:
        report.last, report.root = before.number, before.root.hex()
    if last is None:
        for number in sorted(number for number in trust.exported if number > report.last):
            report.add(Finding("lost", number, None, None))
        await _open(report)
    return report


_HEADS = f"""
    select {HEAD} from ledger_epoch where number > $1 and ($2::bigint is null or number <= $2) order by number limit {HEADS}
"""


async def _before(walk: _Walk, first: int) -> Head | None:
    """The head before the first one; what each cluster's epochs before it had seen is known to the walk then."""
    rows = await fetch(
        f"select distinct on (cluster) {HEAD} from ledger_epoch where number < $1 order by cluster, number desc",
        first,
    )
    heads = [Head(*row.values()) for row in rows]
    walk.seen = {head.cluster: Snapshot.read(head.snapshot) for head in heads}
    walk.ended = {head.cluster: ([walk.seen[head.cluster].xmax], [head.closed_at]) for head in heads}
    return max(heads, key=lambda head: head.number, default=None)


async def _line(trusted: bytes) -> Line | None:
    """None where no key is known from elsewhere."""
    if not trusted:
        return None
    rows = await fetch(f"select {HEAD} from ledger_epoch where former <> '' order by number")
    return Line(trusted, [Head(*row.values()) for row in rows])


async def _excused() -> Excused:
    erased = await fetch(
        "select subject_id, max(at) at from ledger_entry where verb = 'ledger.erased' group by 1"
    )
    excused = Excused({row["subject_id"]: row["at"] for row in erased})
    pruned = await fetchrow(
        "select (said::json ->> 'through')::bigint, at from ledger_entry where verb = 'ledger.pruned' order by 1 desc, 2 limit 1"
    )
    if pruned is not None:
        excused.through, excused.pruned_at = pruned
    return excused


_OPEN = """
    select e.id, e.at, e.title, e.by_name, e.at > clock_timestamp() - $1::interval and e.at <= clock_timestamp() fresh
    from ledger_entry e
    left join (select distinct on (cluster) cluster, snapshot from ledger_epoch order by cluster, number desc) s
    on s.cluster = e.cluster where s.cluster is null or not pg_visible_in_snapshot(e.xid, s.snapshot)
"""


async def _open(report: Report) -> None:
    """What is in no epoch: a few moments' entries, or such as no epoch will ever see."""
    async for row in connection().cursor(_OPEN, FORGOTTEN):
        report.unsealed += 1
        report.open_since = min(report.open_since or row["at"], row["at"])
        if report.last and not row["fresh"]:
            report.add(Finding("open", report.last, row["id"], row["at"], row["title"], row["by_name"]))
