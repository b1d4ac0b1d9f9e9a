"""The application as its users reach it: a server process on a free port."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from urllib.error import URLError
from urllib.request import urlopen

from core import secrecy
from tenants.session import close_database, open_database
from web.secret import master

START_SECONDS = 30
T = TypeVar("T")


def prepared(seeding: Callable[[], Awaitable[T]]) -> T:
    """What `seeding` returns, run with this process's own connection to the database named in the environment."""

    async def run() -> T:
        secrecy.install(master())
        await open_database()
        try:
            return await seeding()
        finally:
            await close_database()

    return asyncio.run(run())


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server on the database and Redis named in the environment."""
    port = _free_port()
    command = ["granian", "--factory", "--interface", "asgi", "--port", str(port), "web.app:create_app"]
    program = [sys.executable, "-m", *command]
    with subprocess.Popen(
        program, env={**os.environ}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base, server)
            yield base
        finally:
            server.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(base: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urlopen(f"{base}/healthz", timeout=1):
                return
        except URLError:
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start (exit code {server.poll()})")
