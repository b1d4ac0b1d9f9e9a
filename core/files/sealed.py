"""A file as it lies on the disk: in pieces, each sealed for its place, so that none is read, exchanged, moved or cut off."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO

from core.secrecy import OVERHEAD, Vault

_MARK = b"dangwu sealed 1\n"
_PIECE = 256 * 1024


def is_sealed(path: Path) -> bool:
    """Whether a file lies sealed: those of before 2026-12 lie as they came. No kind that is taken begins like it."""
    with path.open("rb") as content:
        return content.read(len(_MARK)) == _MARK


def seal(vault: Vault, digest: str, path: Path, to: Path) -> None:
    """Write the file at `path`, whose content has the SHA-256 `digest`, sealed to `to`, which is there already."""
    with path.open("rb") as content, to.open("wb") as out:
        out.write(_MARK)
        for number, piece, last in _numbered(content, _PIECE):
            out.write(vault.seal(_place(digest, number, last), piece))


def pieces(vault: Vault, digest: str, path: Path) -> Iterator[bytes]:
    """The content piece by piece. Raises ValueError at a piece that was altered, is of another place or of another secret."""
    with path.open("rb") as content:
        sealed = content.read(len(_MARK)) == _MARK
        if not sealed:
            content.seek(0)
        for number, piece, last in _numbered(content, _PIECE + OVERHEAD if sealed else _PIECE):
            yield vault.open(_place(digest, number, last), piece) if sealed else piece


def is_whole(vault: Vault, digest: str, path: Path) -> bool:
    """Whether the file opens and is what its name says."""
    seen = sha256()
    try:
        for piece in pieces(vault, digest, path):
            seen.update(piece)
    except ValueError:
        return False
    return seen.hexdigest() == digest


def _numbered(content: IO[bytes], size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Each piece, its number, and whether it is the last."""
    number, piece = 0, content.read(size)
    while piece:
        following = content.read(size)
        yield number, piece, not following
        number, piece = number + 1, following


def _place(digest: str, number: int, last: bool) -> str:
    return f"file.{digest}.{number}{'.last' if last else ''}"
