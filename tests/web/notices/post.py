"""A mail server of a few lines, and a listener for webhooks, on this very machine and in the test's own loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Post:
    """What was handed in; while `busy` it takes nothing."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.port = 0
        self.busy = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One conversation (RFC 5321), as far as smtplib needs it."""
        writer.write(b"220 test\r\n")
        while line := (await reader.readline()).decode().strip():
            word = line.split(" ")[0].upper()
            if word == "DATA":
                writer.write(b"354 go\r\n")
                self.mails.append((await reader.readuntil(b"\r\n.\r\n")).decode())
            refused = self.busy and word == "MAIL"
            writer.write(b"451 later\r\n" if refused else b"221 bye\r\n" if word == "QUIT" else b"250 ok\r\n")
            await writer.drain()
            if word == "QUIT":
                break
        writer.close()


@asynccontextmanager
async def post_office() -> AsyncIterator[Post]:
    """It runs."""
    post = Post()
    server = await asyncio.start_server(post.serve, "127.0.0.1", 0)
    post.port = server.sockets[0].getsockname()[1]
    async with server:
        yield post
