"""What is stored so that a copy of the database does not tell it: national ids, telephone numbers, rosters, attachments.

Values are sealed (AES-256-GCM, or SM4-GCM), and known again as equal by a keyed "blind index" (HMAC with SHA-256, or SM3) under
another key. Both keys derive from one master secret, which the process installs once at its start.
"""

from __future__ import annotations

import os
from typing import Literal, NamedTuple, Protocol, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, SM3, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE, _TAG = 12, 16
OVERHEAD = 1 + _NONCE + _TAG
"""By how many bytes a sealed value is longer than the value."""

Crypto = Literal["aes", "sm"]
USUAL: Crypto = "aes"


class _Aead(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...
    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...


class _Sm4:
    """SM4-GCM (GB/T 32907) as AESGCM is called."""

    def __init__(self, key: bytes) -> None:
        self._key = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        cipher = Cipher(self._key, modes.GCM(nonce)).encryptor()
        cipher.authenticate_additional_data(associated_data)
        return cipher.update(data) + cipher.finalize() + cipher.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        cipher = Cipher(self._key, modes.GCM(nonce, data[-_TAG:])).decryptor()
        cipher.authenticate_additional_data(associated_data)
        return cipher.update(data[:-_TAG]) + cipher.finalize()


class _Suite(NamedTuple):
    """One way to seal: by what byte its values begin, its cipher with the length of its key, its hash."""

    form: bytes
    cipher: type[AESGCM] | type[_Sm4]
    key_bytes: int
    hash: type[HashAlgorithm]


_SUITES: dict[str, _Suite] = {
    "aes": _Suite(b"\x01", AESGCM, 32, SHA256),
    "sm": _Suite(b"\x02", _Sm4, 16, SM3),
}


class Vault:
    """Seals and opens values, and computes their blind indexes; `crypto` says by which algorithms."""

    def __init__(self, master: bytes, crypto: str = USUAL) -> None:
        if len(master) < 32:
            raise ValueError("the master secret must have at least 32 bytes")
        suite = _SUITES[crypto]
        self.crypto = cast("Crypto", crypto)
        self._form, hashing = suite.form, suite.hash()
        self._cipher: _Aead = suite.cipher(
            _derive(master, b"dangwu field encryption v1", suite.key_bytes, hashing)
        )
        self._index = HMAC(_derive(master, b"dangwu blind index v1", 32, hashing), hashing)

    def seal(self, field: str, value: bytes) -> bytes:
        """`value` encrypted; it opens only again as the same `field`."""
        nonce = os.urandom(_NONCE)
        return self._form + nonce + self._cipher.encrypt(nonce, value, field.encode())

    def open(self, field: str, sealed: bytes) -> bytes:
        """The value. Raises ValueError when it was sealed by another secret or algorithm, as another field, or altered."""
        try:
            if sealed[:1] != self._form or len(sealed) < OVERHEAD:
                raise InvalidTag
            return self._cipher.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], field.encode())
        except InvalidTag:
            raise ValueError(f"{field}: the stored value does not open with this secret") from None

    def blind(self, field: str, value: str) -> bytes:
        """32 bytes that are equal when the values are, and tell nothing else without the key."""
        made = self._index.copy()  # the key is worked in once: half of the time
        made.update(f"{field}\0{value}".encode())
        return made.finalize()


def _derive(master: bytes, purpose: bytes, length: int, algorithm: HashAlgorithm) -> bytes:
    return HKDF(algorithm=algorithm, length=length, salt=None, info=purpose).derive(master)


_installed: Vault | None = None


def install(master: bytes, crypto: str = USUAL) -> None:
    """Make `master` (32 bytes or more) the secret of this process."""
    global _installed
    _installed = Vault(master, crypto)


def crypto() -> Crypto:
    """By which algorithms this process seals; the usual ones as long as nothing is installed."""
    return _installed.crypto if _installed is not None else USUAL


def vault() -> Vault:
    """The vault of this process. Raises RuntimeError before `install`."""
    if _installed is None:
        raise RuntimeError("no master secret is installed: call core.secrecy.install() at start")
    return _installed
