"""Traces, as a collector gets them: routes, statements, tasks; no address, value or name; and a collector may be away."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tenants.exports.make import make_export
from tenants.ground import traces
from tests.conftest import Database
from tests.web.conftest import TODAY, browser, seed
from tests.web.working import work

ROOT = Path(__file__).parents[3]


@contextmanager
def collector(status: int = 200) -> Iterator[tuple[str, list[bytes]]]:
    """A collector on this machine: its address, and what it was sent."""
    heard: list[bytes] = []

    class Heard(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            heard.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Heard)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", heard
    finally:
        server.shutdown()
        server.server_close()


def spans(heard: list[bytes]) -> list[Span]:
    """What was sent, taken apart."""
    read = [ExportTraceServiceRequest.FromString(one) for one in heard]
    return [
        span
        for one in read
        for resource in one.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def said(span: Span) -> dict[str, str]:
    """Its attributes."""
    return {one.key: one.value.string_value or str(one.value.int_value) for one in span.attributes}


async def test_what_is_sent_names_routes_statements_and_tasks_and_no_person(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenants.database import vault
    from web.app import create_app

    with collector() as (address, heard):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        app = create_app()
        vault.install()
        app.state.today = lambda: TODAY
        async with app.lifespan(), browser(app) as organizer:
            county = await seed("donghe", "东河县", TODAY)
            await organizer.sign_in(county, "department-organizer")
            person = county.people["单雄信"]
            assert (await organizer.open(f"/people/{person}")).status_code == 200
            assert (await organizer.open("/people?q=单雄信")).status_code == 200
            assert (await organizer.open("/accounts")).status_code == 403
            await organizer.open("/people/export")
            assert (await organizer.submit("/people/export", purpose="核对")).status_code == 303
            assert await work(county, make_export)
    found = spans(heard)
    names = {one.name for one in found}
    assert {
        "GET /people",
        "GET /people/{person_id}",
        "POST /sign-in",
        "make_export",
        "SELECT person",
    } <= names
    [listed] = [one for one in found if one.name == "GET /people"]
    assert said(listed) == {
        "http.request.method": "GET", "http.route": "/people", "http.response.status_code": "200",
        "dangwu.county": str(county.id),
    }  # fmt: skip
    below = {one.name for one in found if one.parent_span_id == listed.span_id}
    assert any(name.startswith("SELECT") for name in below), "its statements are part of it"
    told = b"".join(heard)
    for secret in (
        "单雄信",
        "核对",
        "11010519491231002X",
        str(person),
        "department-organizer",
        "?q=",
        "127.0.0.1",
    ):
        assert secret.encode() not in told, secret


def test_a_collector_that_is_away_or_fails_hurts_no_request(monkeypatch: pytest.MonkeyPatch) -> None:
    with collector(status=500) as (address, heard):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
        traces.begin("web")
        try:
            for _ in range(3):
                with traces.span("GET /healthz", "SERVER") as made:
                    assert made is not None
            with pytest.raises(ValueError, match="私"), traces.span("GET /", "SERVER"):
                raise ValueError("私")
        finally:
            traces.end()
    assert "私".encode() not in b"".join(heard), "of a failure only its kind"
    with traces.span("GET /", "SERVER") as made:
        assert made is None, "over"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://x/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_TRACES_EXPORTER": "none"}, False),
    ],
)
def test_it_is_on_where_the_standard_variables_say_so(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], wanted: bool
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert traces.wanted() is wanted


def test_one_module_alone_loads_it_and_one_function_that_module() -> None:
    files = [file for room in ("core", "tenants", "web", "deploy") for file in (ROOT / room).rglob("*.py")]
    importing = re.compile(r"^( *)(?:from|import) (opentelemetry|tenants\.ground\.otlp)", re.MULTILINE)
    found = {str(file.relative_to(ROOT)): set(importing.findall(file.read_text())) for file in files}
    assert {name: lines for name, lines in found.items() if lines} == {
        "tenants/ground/otlp.py": {("", "opentelemetry")},
        "tenants/ground/traces.py": {("    ", "tenants.ground.otlp"), ("        ", "tenants.ground.otlp")},
    }, "in traces.py for types, and where traces are wanted"
