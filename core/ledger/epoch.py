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

HEAD = (
    "tenant_id, number, cluster, snapshot::text, closed_at, entries, root, previous, hash, key, signature,"
    " former, countersignature"
)
"""Of `ledger_epoch`: the fields of `Head`, in their order."""

_encode = msgspec.json.Encoder().encode


def mark(key: bytes) -> str:
    """By which a public key is told from others: its first 8 bytes."""
    return key.hex()[:16]


class Head(msgspec.Struct, frozen=True):
    """One epoch of the ledger `of`; `snapshot` is PostgreSQL's (xmin:xmax:those under way), `previous` the digest of the head
    before, `root` that of its leaves, `hash` by what both are reckoned. The key (Ed25519) signs everything but itself; where the
    head before was signed by another one, that is named (`former`) and signed over together with the new one, and has
    countersigned unless it was lost. One line of an export of the roots."""

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
    former: bytes = b""
    countersignature: bytes = b""

    def signed(self) -> bytes:
        """What the signature is made over."""
        values = [getattr(self, name) for name in _SIGNED]
        # Heads were signed without the names of what there was only one of.
        if self.former:
            return _encode(["dangwu ledger 3", self.hash, self.former, self.key, *values])
        named = ["dangwu ledger 1"] if self.hash == FORMER else ["dangwu ledger 2", self.hash]
        return _encode([*named, *values])

    def digest(self) -> bytes:
        """By which the next head names this one."""
        return hash_of(self.hash)(self.signed())

    def sign(self, key: Ed25519PrivateKey, former: Ed25519PrivateKey | None = None) -> Head:
        """The same with its signature, and with that of the `former` key that hands over to this one."""
        made = msgspec.structs.replace(self, key=key.public_key().public_bytes_raw())
        countersignature = former.sign(made.signed()) if former else b""
        return msgspec.structs.replace(
            made, signature=key.sign(made.signed()), countersignature=countersignature
        )

    def holds(self) -> bool:
        """Whether it was signed by the key that it names, over a hash that there is."""
        return self.hash in HASHES and self._signed_by(self.key, self.signature)

    def countersigned(self) -> bool:
        """Whether the key before has handed over to this one."""
        return bool(self.former) and self._signed_by(self.former, self.countersignature)

    def _signed_by(self, key: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, self.signed())
        except (InvalidSignature, ValueError):
            return False
        return True


_SIGNED = Head.__struct_fields__[: Head.__struct_fields__.index("hash")]


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
