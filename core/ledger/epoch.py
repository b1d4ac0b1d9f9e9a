"""An epoch's head: what is signed of it, and what chains it to the one before."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.ledger.hashes import FORMER, HASHES, hash_of

FIRST = b"\0" * 32
"""What stands for the head before the first one."""

HEAD = "tenant_id, number, cluster, snapshot::text, closed_at, entries, root, previous, hash, key, signature"
"""Of `ledger_epoch`: the fields of `Head`, in their order."""

_encode = msgspec.json.Encoder().encode


class Head(msgspec.Struct, frozen=True):
    """One epoch of the ledger `of`; `snapshot` is PostgreSQL's (xmin:xmax:those under way), `previous` the digest of the head
    before, `root` that of its leaves, `hash` by what both are reckoned. The key (Ed25519) signs everything but itself. One line
    of an export of the roots."""

    of: UUID
    number: int
    cluster: int
    snapshot: str
    closed_at: datetime
    entries: int
    root: bytes
    previous: bytes
    hash: str = FORMER
    key: bytes = b""
    signature: bytes = b""

    def signed(self) -> bytes:
        """What the signature is made over."""
        values = [getattr(self, name) for name in self.__struct_fields__[:-3]]
        # Heads were signed without its name while there was only one.
        named = ["dangwu ledger 1"] if self.hash == FORMER else ["dangwu ledger 2", self.hash]
        return _encode([*named, *values])

    def digest(self) -> bytes:
        """By which the next head names this one."""
        return hash_of(self.hash)(self.signed())

    def sign(self, key: Ed25519PrivateKey) -> Head:
        """The same with its signature."""
        signature = key.sign(self.signed())
        return msgspec.structs.replace(self, key=key.public_key().public_bytes_raw(), signature=signature)

    def holds(self) -> bool:
        """Whether it was signed by the key that it names, over a hash that there is."""
        if self.hash not in HASHES:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(self.signature, self.signed())
        except (InvalidSignature, ValueError):
            return False
        return True


class Snapshot(msgspec.Struct, frozen=True):
    """Which transactions had ended: all before `xmin`, none from `xmax` on, between them all but `under_way`."""

    xmin: int
    xmax: int
    under_way: frozenset[int]

    @classmethod
    def read(cls, text: str) -> Snapshot:
        """From PostgreSQL's text, `10:20:10,14`."""
        xmin, xmax, under_way = text.split(":")
        return cls(int(xmin), int(xmax), frozenset(map(int, filter(None, under_way.split(",")))))

    def sees(self, xid: int) -> bool:
        """Whether the transaction had ended by then."""
        return xid < self.xmin or (xid < self.xmax and xid not in self.under_way)
