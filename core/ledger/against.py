"""One epoch's entries, in the order of their ids, against the list of leaves that was sealed with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from asyncpg import Record

from core.ledger.epoch import Head
from core.ledger.hashes import Digest, hash_of
from core.ledger.leaf import COLUMNS, SIZE, leaf, root, split
from core.ledger.note import is_digest
from core.ledger.report import Finding, Report

ROWS = f"""
    select {COLUMNS}, xid::text::bigint xid, salt, said from ledger_entry
    where cluster = $1 and xid >= $2::text::xid8 and xid < $3::text::xid8 order by id
"""
"""What `Against` is fed with; the columns of the leaf come first."""

_LEAF = COLUMNS.count(",") + 1
_NEVER = datetime.min.replace(tzinfo=UTC)

KEPT = timedelta(days=184)
"""What is younger was not pruned by rule (migration 0173)."""


def leaf_of(row: Record, by: Digest) -> bytes:
    """The leaf of a row of ROWS."""
    return leaf(tuple(row.values())[:_LEAF], by)


class Excused(dict[UUID | None, datetime]):
    """Of whom details were erased, until when; and through which epoch the passing entries are gone, since when."""

    through = 0
    pruned_at = _NEVER

    def pruned(self, head: Head) -> bool:
        """Whether it was old enough when they were pruned."""
        return head.number <= self.through and head.closed_at <= self.pruned_at - KEPT


class Against:
    """`feed` it the rows that are there; `finish` it. What differs goes into the report."""

    def __init__(self, head: Head, leaves: bytes, excused: Excused, report: Report) -> None:
        self.head, self.report = head, report
        self._by = hash_of(head.hash)
        self.intact = root(split(leaves), self._by) == head.root
        self._leaves, self._at, self._excused = leaves, 0, excused

    def feed(self, row: Record, not_before: datetime | None) -> None:
        """The next row by its id; `not_before`: when the transaction that wrote it cannot have begun yet."""
        made = leaf_of(row, self._by)
        key = made[1:17]
        self._pass_over(key)
        self.report.entries += 1
        if self._leaves[self._at + 1 : self._at + 17] != key:
            self._find("inserted", row)
        else:
            if self._leaves[self._at : self._at + SIZE] != made:
                self._find("changed", row)
            self._at += SIZE
        self._details(row)
        if not_before is not None and row["at"] < not_before:
            self._find("backdated", row)

    def _details(self, row: Record) -> None:
        """What was said is what was sealed, or was erased by a decision."""
        if row["said"] is not None:
            if not is_digest(row["sealed"], row["salt"], row["said"]):
                self._find("details", row)
        elif row["at"] <= self._excused.get(row["subject_id"], _NEVER):
            self.report.erased += 1
        else:
            self._find("erased", row)

    def finish(self) -> None:
        """No row is left: what the list still has is missing."""
        self._pass_over(None)

    def _pass_over(self, key: bytes | None) -> None:
        """What the list has before `key` is not there any more."""
        while self._at < len(self._leaves) and (
            key is None or self._leaves[self._at + 1 : self._at + 17] < key
        ):
            gone = self._leaves[self._at : self._at + SIZE]
            self._at += SIZE
            if gone[0] and self._excused.pruned(self.head):
                self.report.pruned += 1
                continue
            entry = UUID(bytes=gone[1:17])
            # An id tells the millisecond in which it was made (RFC 9562, 5.7).
            made = datetime.fromtimestamp((entry.int >> 80) / 1000, UTC)
            self.report.add(Finding("removed", self.head.number, entry, made))

    def _find(self, kind: str, row: Record) -> None:
        self.report.add(Finding(kind, self.head.number, row["id"], row["at"], row["title"], row["by_name"]))
