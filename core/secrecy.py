"""What is stored so that a copy of the database does not tell it: national ids, telephone numbers, uploaded rosters.

AES-256-GCM for the values, HMAC-SHA-256 under another key for equality ("blind index"). Both keys derive from one
master secret, which the process installs once at its start.
"""

from __future__ import annotations

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_FORMAT = b"\x01"
_NONCE = 12


class Vault:
    """Seals and opens values, and computes their blind indexes."""

    def __init__(self, master: bytes) -> None:
        if len(master) < 32:
            raise ValueError("the master secret must have at least 32 bytes")
        self._cipher = AESGCM(_derive(master, b"dangwu field encryption v1"))
        self._index_key = _derive(master, b"dangwu blind index v1")

    def seal(self, field: str, value: bytes) -> bytes:
        """`value` encrypted; it opens only again as the same `field`."""
        nonce = os.urandom(_NONCE)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, value, field.encode())

    def open(self, field: str, sealed: bytes) -> bytes:
        """The value. Raises ValueError when it was sealed under another secret, as another field, or altered."""
        try:
            return self._cipher.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], field.encode())
        except InvalidTag:
            raise ValueError(f"{field}: the stored value does not open with this secret") from None

    def blind(self, field: str, value: str) -> bytes:
        """32 bytes that are equal when the values are, and tell nothing else without the key."""
        return hmac.digest(self._index_key, f"{field}\0{value}".encode(), "sha256")


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(master)


_installed: Vault | None = None


def install(master: bytes) -> None:
    """Make `master` (32 bytes or more) the secret of this process."""
    global _installed
    _installed = Vault(master)


def vault() -> Vault:
    """The vault of this process. Raises RuntimeError before `install`."""
    if _installed is None:
        raise RuntimeError("no master secret is installed: call core.secrecy.install() at start")
    return _installed
