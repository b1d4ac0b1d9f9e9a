"""By which hash a ledger is sealed: SHA-256, or SM3 (GM/T 0004) where the installation seals by the commercial algorithms.

Every epoch names its own, so that what was sealed before a change stays verifiable. What signs it is Ed25519 in both
(README.md says why not SM2).
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SM3, Hash

from core import secrecy

Digest = Callable[[bytes], bytes]


def _sha256(content: bytes) -> bytes:
    return sha256(content).digest()


_SM3 = Hash(SM3())


def _sm3(content: bytes) -> bytes:
    # A copy of one begun is a third quicker than another one: of short content it is the beginning that costs.
    made = _SM3.copy()
    made.update(content)
    return made.finalize()


HASHES: dict[str, Digest] = {"sha256": _sha256, "sm3": _sm3}
"""What an epoch may name → the digest, 32 bytes."""

FORMER = "sha256"
"""Of heads that name none, and of what PostgreSQL itself writes down (`prune_ledger`)."""


def hash_of(name: str) -> Digest:
    """The one of this name. A head that names another was tampered with: its signature tells, and nothing here need fail."""
    return HASHES.get(name, HASHES[FORMER])


def present() -> str:
    """By which this process seals."""
    return {"aes": "sha256", "sm": "sm3"}[secrecy.crypto()]
