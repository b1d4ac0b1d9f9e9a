"""The operator's virus scanner, if he has one: clamd at the address in DANGWU_CLAMD, spoken to by its INSTREAM command."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from core.files.harmful import Scan, ScannerAway

PATIENCE_SECONDS = 30.0
_PIECE = 64 * 1024


def scanner() -> Scan | None:
    """The scanner that this installation uses; None without DANGWU_CLAMD."""
    address = os.environ.get("DANGWU_CLAMD", "")
    return partial(_scan, address) if address else None


async def _scan(address: str, path: Path) -> str:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            said = await _asked(address, path)
    except (OSError, EOFError) as error:
        raise ScannerAway from error
    verdict = said.removeprefix("stream: ")
    if verdict == "OK":
        return ""
    if not verdict.endswith(" FOUND"):
        raise ScannerAway(said)
    return verdict.removesuffix(" FOUND")


async def _asked(address: str, path: Path) -> str:
    reader, writer = await _connected(address)
    try:
        writer.write(b"zINSTREAM\0")
        with await asyncio.to_thread(path.open, "rb") as content:
            read: Callable[[], bytes] = partial(content.read, _PIECE)
            while piece := await asyncio.to_thread(read):
                writer.write(len(piece).to_bytes(4, "big") + piece)
                await writer.drain()
        writer.write((0).to_bytes(4, "big"))
        await writer.drain()
        return (await reader.readuntil(b"\0")).rstrip(b"\0").decode()
    finally:
        writer.close()


async def _connected(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        return await asyncio.open_unix_connection(parts.path)
    return await asyncio.open_connection(parts.hostname, parts.port)
