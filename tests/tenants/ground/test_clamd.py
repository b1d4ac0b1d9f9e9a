"""The operator's scanner: what it finds is refused, and unseen nothing is taken. The scanner here speaks clamd's protocol."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from core.errors import Invalid
from core.files.store import FileStore
from tenants.ground.files import county_files
from tests.core.files.test_store import PDF, stream

pytestmark = pytest.mark.anyio

WORM = b"a worm"


async def scan(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """INSTREAM: pieces, each behind its length in four bytes; nought ends it."""
    assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
    content = b""
    while size := int.from_bytes(await reader.readexactly(4), "big"):
        content += await reader.readexactly(size)
    found = b"Worm.Test FOUND" if WORM in content else b"odd" if b"odd" in content else b"OK"
    writer.write(b"stream: " + found + b"\0")
    writer.close()


@pytest.fixture
async def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FileStore]:
    """A county's files, where a scanner is set and listens."""
    monkeypatch.setenv("DANGWU_DATA", str(tmp_path))
    monkeypatch.setenv("DANGWU_CLAMD", f"unix://{tmp_path}/clamd.sock")
    async with await asyncio.start_unix_server(scan, tmp_path / "clamd.sock"):
        yield county_files(uuid4())


async def refused(store: FileStore, content: bytes) -> Invalid:
    with pytest.raises(Invalid) as refusal:
        await store.put("材料.pdf", stream(content, 100_000))
    assert os.listdir(store.folder) == []
    return refusal.value


async def test_what_the_scanner_finds_is_refused_by_its_name(store: FileStore) -> None:
    assert "没有通过安全检查（Worm.Test）" in (await refused(store, PDF + b"0" * 200_000 + WORM)).sentence


async def test_what_it_passes_is_kept(store: FileStore) -> None:
    stored = await store.put("材料.pdf", stream(PDF + b"0" * 200_000, 100_000))
    assert store.existing(stored.sha256)


async def test_what_it_says_otherwise_is_no_pass(store: FileStore) -> None:
    assert (await refused(store, PDF + b"odd")).code == "scanner-away"


async def test_unseen_nothing_is_taken(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "clamd.sock").unlink()
    assert (await refused(store, PDF)).code == "scanner-away"
