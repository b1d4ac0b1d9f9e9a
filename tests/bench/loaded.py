"""A server under load, over HTTP/1.1: requests a second of so many connections that are kept open."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import psutil

from tests.deploy.test_serve import free_port
from tests.waiting import until

AT_ONCE, REQUESTS = 16, 800


class Served(NamedTuple):
    """Where it listens, and its first process."""

    port: int
    process: psutil.Process

    def spent(self) -> float:
        """The processor seconds that it has used, with its worker."""
        times = [one.cpu_times() for one in (self.process, *self.process.children(recursive=True))]
        return float(sum(one.user + one.system for one in times))


@contextmanager
def granian(target: str, *words: str) -> Iterator[Served]:
    """`target` as it is served, by one process, as the platform is."""
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
            yield Served(port, psutil.Process(server.pid))
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


async def load(server: Served, path: str, cookies: Sequence[str]) -> tuple[float, float]:
    """Requests a second, AT_ONCE at a time, of so many people in turn; and the server's processor seconds for all of them."""
    left, sent = iter(range(REQUESTS)), [_request(path, cookie) for cookie in cookies]

    async def one(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for _ in left:
            await _once(reader, writer, sent[number % len(sent)])
        writer.close()

    began, spent = time.perf_counter(), server.spent()
    await asyncio.gather(*(one(number) for number in range(AT_ONCE)))
    return REQUESTS / (time.perf_counter() - began), server.spent() - spent


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
