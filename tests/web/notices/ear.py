"""A listener for pushed messages: HTTP on this very machine, in the test's own loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl, urlsplit

import msgspec


class Heard(msgspec.Struct):
    """One request."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


class Ear:
    """What was heard; `answer` is what it says."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
        self.port = 0

    def says(self, content: str | bytes, head: str = "200 OK") -> None:
        """Answer this from now on."""
        body = content.encode() if isinstance(content, str) else content
        self.answer = f"HTTP/1.1 {head}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request on each connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        address = urlsplit(first.split(" ")[1])
        self.heard.append(Heard(address.path, dict(parse_qsl(address.query)), headers, body))
        writer.write(self.answer)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[Ear]:
    """It runs."""
    ear = Ear()
    server = await asyncio.start_server(ear.serve, "127.0.0.1", 0)
    ear.port = server.sockets[0].getsockname()[1]
    async with server:
        yield ear
