"""Keys that the web derives from the installation's one secret."""

from __future__ import annotations

from base64 import b64decode

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tenants.ground.environment import setting


def _master() -> bytes:
    """The installation's secret. Raises NotConfigured."""
    return b64decode(setting("DANGWU_SECRET"))


def csrf_secret() -> str:
    """What CSRF tokens are signed with: the same in every process of the installation."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"dangwu csrf v1").derive(_master()).hex()
