"""A file as it lies on the disk: in pieces, each sealed for its place, so that none is read, exchanged, moved or cut off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import file_digest, sha256
from pathlib import Path
from typing import IO

from core.secrecy import OVERHEAD, Vault

_MARK = b"dangwu sealed 1\n"
_PIECE = 256 * 1024


def is_sealed(path: Path) -> bool:
    """Whether a file lies sealed: those of before 2026-12 lie as they came. No kind that is taken begins like it."""
    with path.open("rb") as content:
        return content.read(len(_MARK)) == _MARK


def seal(vault: Vault, digest: str, content: Iterable[bytes], to: Path) -> None:
    """Write what has the SHA-256 `digest`, given in the pieces of `plain` or `pieces`, sealed to `to`, which is there already."""
    with to.open("wb") as out:
        out.write(_MARK)
        for number, piece, last in _numbered(content):
            out.write(vault.seal(_place(digest, number, last), piece))


def plain(path: Path) -> Iterator[bytes]:
    """A file that is not sealed, in the pieces in which it will be."""
    with path.open("rb") as content:
        yield from _parts(content, _PIECE)


def pieces(vault: Vault, digest: str, path: Path) -> Iterator[bytes]:
    """The content piece by piece; there is at least one. Raises ValueError at a piece that was altered, cut off, is of another
    place or of another secret, and for a file that lies open and is not what its name says: put in the place of a sealed one."""
    with path.open("rb") as content:
        if content.read(len(_MARK)) != _MARK:
            content.seek(0)
            if file_digest(content, "sha256").hexdigest() != digest:
                raise ValueError(f"{digest}: another file lies in its place")
            content.seek(0)
            yield from _parts(content, _PIECE)
            return
        number = -1
        for number, piece, last in _numbered(_parts(content, _PIECE + OVERHEAD)):
            yield vault.open(_place(digest, number, last), piece)
        if number < 0:
            raise ValueError(f"{digest}: it is cut off before its first piece")


def opens(vault: Vault, digest: str, path: Path) -> bool:
    """Whether its first piece opens: whether it is this vault that it is sealed by."""
    try:
        return is_sealed(path) and next(pieces(vault, digest, path)) is not None
    except ValueError:
        return False


def is_whole(vault: Vault, digest: str, path: Path) -> bool:
    """Whether the file opens and is what its name says."""
    seen = sha256()
    try:
        for piece in pieces(vault, digest, path):
            seen.update(piece)
    except ValueError:
        return False
    return seen.hexdigest() == digest


def _parts(content: IO[bytes], size: int) -> Iterator[bytes]:
    while piece := content.read(size):
        yield piece


def _numbered(content: Iterable[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """Each piece, its number, and whether it is the last."""
    parts = iter(content)
    number, piece = 0, next(parts, None)
    while piece is not None:
        following = next(parts, None)
        yield number, piece, following is None
        number, piece = number + 1, following


def _place(digest: str, number: int, last: bool) -> str:
    return f"file.{digest}.{number}{'.last' if last else ''}"
