"""A server under load, over HTTP/1.1: requests a second of so many connections that are kept open."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.deploy.test_serve import free_port
from tests.waiting import until

AT_ONCE, REQUESTS = 16, 800


@contextmanager
def granian(target: str, *words: str) -> Iterator[int]:
    """The port at which `target` is served, by one process, as the platform is."""
    port = free_port()
    argv = [
        sys.executable,
        "-m",
        "granian",
        target,
        "--interface",
        "asgi",
        "--port",
        str(port),
        "--no-ws",
        "--http",
        "1",
        *words,
    ]
    with subprocess.Popen([*argv, "--log-level", "warning"]) as server:
        try:
            until(lambda: _listens(port) or server.poll() is not None)
            yield port
        finally:
            server.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def asked(port: int, path: str, cookie: str) -> bytes:
    """One request on a connection of its own; the body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        return await _once(reader, writer, _request(path, cookie))
    finally:
        writer.close()


async def per_second(port: int, path: str, cookie: str) -> float:
    """Requests a second, AT_ONCE at a time."""
    left, sent = iter(range(REQUESTS)), _request(path, cookie)

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in left:
            await _once(reader, writer, sent)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(AT_ONCE)))
    return REQUESTS / (time.perf_counter() - began)


def _request(path: str, cookie: str) -> bytes:
    lines = (
        f"GET {path} HTTP/1.1",
        "Host: dangwu.test",
        f"Cookie: {cookie}",
        "Accept: application/json",
        "",
        "",
    )
    return "\r\n".join(lines).encode()


async def _once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes) -> bytes:
    writer.write(sent)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    assert head.startswith(b"http/1.1 200"), head
    return await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
