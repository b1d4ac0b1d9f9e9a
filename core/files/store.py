"""Files under the name of their content: written beside, measured, sealed, then put in place in one move and kept on the disk."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterable, Collection, Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path

import msgspec

from core.errors import Invalid, NotFound
from core.files.harmful import Scan, refuse_findings, refuse_test_string
from core.files.kinds import LARGEST, TAKEN, Kind, check_content, declared_kind
from core.files.sealed import is_sealed, is_whole, opens, pieces, plain, seal
from core.secrecy import Vault, vault
from core.text import tidy

_INCOMING, _PLACES = "incoming-", "[0-9a-f][0-9a-f]/*"
_ASK = "请联系平台运行维护人员。"


class Stored(msgspec.Struct, frozen=True):
    """What was stored: `sha256` (hex) is its name in the store, `name` what it is called."""

    sha256: str
    size: int
    extension: str
    mime: str
    name: str


class Download(msgspec.Struct, frozen=True):
    """A file to be sent: its content piece by piece, its name, its media type."""

    content: Iterator[bytes]
    name: str
    mime: str


def file_name(filename: str) -> str:
    """What a file is called here, whatever path a browser sends with it."""
    return tidy(filename.replace("\\", "/").rsplit("/", 1)[-1])[-120:] or "附件"


class FileStore:
    """A folder of files that belong to one county. No part of a path ever comes from a user."""

    def __init__(self, folder: Path, scan: Scan | None = None) -> None:
        self.folder, self._scan = folder, scan

    async def put(self, filename: str, chunks: AsyncIterable[bytes]) -> Stored:
        """Store a stream. Raises Invalid for a kind that is not taken, content that is not of it or harmful, nothing, over 20 MB.

        Nothing is left behind when it fails; the same content twice is one file.
        """
        kind = declared_kind(filename)
        beside = await asyncio.to_thread(self._incoming)
        try:
            digest, size = await _copy(chunks, beside, filename)
            await asyncio.to_thread(_check, beside, kind, filename)
            if self._scan is not None:
                await refuse_findings(self._scan, beside, filename)
            await asyncio.to_thread(self._settle, plain(beside), digest)
        finally:
            await asyncio.to_thread(beside.unlink, missing_ok=True)
        return Stored(digest, size, kind.extension, kind.mime, file_name(filename))

    def _incoming(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=_INCOMING)
        os.close(handle)
        return Path(name)

    def _settle(self, content: Iterable[bytes], digest: str) -> None:
        place, sealed = self.path(digest), self._incoming()
        try:
            seal(vault(), digest, content, sealed)
            place.parent.mkdir(parents=True, exist_ok=True)
            _to_disk(sealed)
            sealed.replace(place)
        finally:
            sealed.unlink(missing_ok=True)
        for folder in (place.parent, self.folder):
            _to_disk(folder)

    def seal_old(self, most: int) -> int:
        """Seal what lies open since an earlier release, `most` files of it; how many they were.

        What is not what its name says was put there by somebody else: it is left, and does not open.
        """
        lying = (file for file in self.folder.glob(_PLACES) if not is_sealed(file))
        found = [*islice((file for file in lying if is_whole(vault(), file.name, file)), most)]
        for file in found:
            self._settle(plain(file), file.name)
        return len(found)

    def turn(self, old: Vault) -> list[str]:
        """Seal by this process's vault what is sealed by `old`, or lies open; the digests of what opens by neither."""
        lost = []
        for file in self.folder.glob(_PLACES):
            if opens(vault(), file.name, file):
                continue
            try:
                self._settle(pieces(old, file.name, file), file.name)
            except ValueError:
                lost.append(file.name)
        return sorted(lost)

    def broken(self) -> list[str]:
        """The digests of those that do not open, or are not what their names say."""
        return sorted(
            file.name for file in self.folder.glob(_PLACES) if not is_whole(vault(), file.name, file)
        )

    def clear(self, known: Collection[str], before: datetime) -> int:
        """Remove what no one names: content other than `known`, and uploads that broke off; how many files they were.

        Only what lies there since `before`: younger files may belong to a transaction that is not committed yet.
        """
        lying = [*self.folder.glob(f"{_INCOMING}*"), *self.folder.glob(_PLACES)]
        strays = [
            file for file in lying if file.name not in known and file.stat().st_mtime < before.timestamp()
        ]
        for file in strays:
            file.unlink(missing_ok=True)
        return len(strays)

    def path(self, digest: str) -> Path:
        """Where the content with this SHA-256 lies or would lie. Raises ValueError for anything but 64 hex digits."""
        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise ValueError("not a SHA-256 digest")
        return self.folder / digest[:2] / digest

    def existing(self, digest: str) -> Path:
        """The same, when the file is there; else NotFound."""
        place = self.path(digest)
        if not place.is_file():
            raise NotFound(f"这个附件的文件不在存储中，可能没有随数据一起恢复。{_ASK}")
        return place

    def content(self, digest: str) -> Iterator[bytes]:
        """What is in it, piece by piece. Raises NotFound where it is not there or does not open."""
        opened = pieces(vault(), digest, self.existing(digest))
        try:
            first = next(opened)
        except ValueError as error:
            raise NotFound(f"这个附件的文件已经损坏，或者是用别的密钥存的，打不开。{_ASK}") from error
        return chain((first,), opened)


def _to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, would outlast a power failure: what was answered for must."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check(beside: Path, kind: Kind, filename: str) -> None:
    with beside.open("rb") as content:
        refuse_test_string(content, filename)
    check_content(beside, kind, filename)


async def _copy(chunks: AsyncIterable[bytes], beside: Path, filename: str) -> tuple[str, int]:
    digest, size = sha256(), 0
    with await asyncio.to_thread(beside.open, "wb") as out:
        async for chunk in chunks:
            size += len(chunk)
            if size > LARGEST:
                raise Invalid(f"“{filename}”超过 20 MB。{TAKEN}请压缩或分成几个文件。", code="file-size")
            digest.update(chunk)
            await asyncio.to_thread(out.write, chunk)
    if not size:
        raise Invalid(f"“{filename}”是空文件。请重新选择。", code="file-empty")
    return digest.hexdigest(), size
