"""What of an entry is hashed, and how the hashes of an epoch come to one (RFC 6962, 2.1, over what stands in COLUMNS)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec

from core.ledger.hashes import Digest

COLUMNS = "id, at, by_id, by_name, acts_for, verb, title, subject_kind, subject_id, unit_id, passing, sealed"
"""Of `ledger_entry`, in the order in which they are hashed. What may be erased is there through its digest alone."""

SIZE = 49
"""Bytes of a leaf: whether it may be pruned, the entry's id, the digest of its columns."""

_PASSING = COLUMNS.split(", ").index("passing")
_encode = msgspec.json.Encoder().encode


def leaf(columns: Sequence[Any], by: Digest) -> bytes:
    """The leaf of an entry by an epoch's hash, given the values of COLUMNS. Moments are UTC, bytes base64: their JSON is the same
    everywhere."""
    entry: UUID = columns[0]
    return (b"\1" if columns[_PASSING] else b"\0") + entry.bytes + by(_encode(columns))


def split(leaves: bytes) -> Iterator[bytes]:
    """The leaves of an epoch as they are stored."""
    return (leaves[start : start + SIZE] for start in range(0, len(leaves), SIZE))


def root(leaves: Iterable[bytes], by: Digest) -> bytes:
    """The root of the Merkle tree over them, in their order; in memory are only the whole subtrees to the left."""
    whole: list[bytes] = []
    for place, one in enumerate(leaves):
        node = by(b"\0" + one)
        while place & 1:
            node = by(b"\1" + whole.pop() + node)
            place >>= 1
        whole.append(node)
    node = whole.pop() if whole else by(b"")
    while whole:
        node = by(b"\1" + whole.pop() + node)
    return node
