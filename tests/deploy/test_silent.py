"""The web server with two processes: it outlasts 1,100 connections that say nothing, and its figures are those of both."""

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
    program = programs.web(Settings(port=port), workers=2)
    child = Child(program.name, program.argv, ladder=LADDER, log=tmp_path / "web.log")
    try:
        until(lambda: answers("127.0.0.1", port) or child.returncode is not None)
        yield port
    finally:
        child.stop()


def test_both_are_counted_and_silent_connections_keep_nobody_out(port: int) -> None:
    def got(path: str) -> str:
        return httpx.get(f"http://127.0.0.1:{port}/{path}", timeout=PATIENCE_SECONDS).text

    assert {got("healthz") for _ in range(20)} == {"ok"}
    # With that of the fixture; whichever process is asked knows them all.
    assert 'dangwu_requests_total{method="GET",route="/healthz",status="2xx"} 21.0' in got("metrics")
    with ExitStack() as held:
        silent = [
            held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS))
            for _ in range(SILENT)
        ]
        assert got("healthz") == "ok"
        assert all(each.recv(1) == b"" for each in silent), "they are closed"
