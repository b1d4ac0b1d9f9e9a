"""Connections that say nothing: the web server outlasts 1,100 of them, and closes them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from deploy import programs
from deploy.embedded.child import Child
from deploy.port import answers
from deploy.settings import Settings
from deploy.supervisor import LADDER
from tests.conftest import Database
from tests.waiting import PATIENCE_SECONDS, until

pytestmark = pytest.mark.servers
SILENT = 1_100


@pytest.fixture
def port(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Where the web server listens, alone; it is less patient than in service."""
    monkeypatch.setattr(programs, "SILENT_MS", 3_000)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    programs.allow_connections()
    program = programs.web(Settings(port=port))
    child = Child(program.name, program.argv, ladder=LADDER, log=tmp_path / "web.log")
    try:
        until(lambda: answers("127.0.0.1", port) or child.returncode is not None)
        yield port
    finally:
        child.stop()


def test_silent_connections_keep_nobody_out_and_are_closed(port: int) -> None:
    with ExitStack() as held:
        silent = [
            held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS))
            for _ in range(SILENT)
        ]
        assert httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE_SECONDS).text == "ok"
        assert all(each.recv(1) == b"" for each in silent), "they are closed"
