"""The web server with two processes: it outlasts 1,100 connections that say nothing, its figures are those of both, and it speaks
no other protocol than its proxy's."""

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
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
"""How a client begins that speaks HTTP/2 without asking (RFC 9113, 3.4)."""
UPGRADE = (
    b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
    b"HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
)


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
    # HTTP/2 in clear would go past whatever the proxy checks: who asks for it is answered as ever, who begins with it hung up on.
    assert _said(port, UPGRADE).startswith(b"HTTP/1.1 200 ")
    assert _said(port, PREFACE) == b""
    assert got("healthz") == "ok"


def _said(port: int, sent: bytes) -> bytes:
    """The beginning of what is answered; nothing where the connection is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as client:
        client.sendall(sent)
        return client.recv(1024)
