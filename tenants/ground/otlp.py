"""OpenTelemetry itself: loaded where traces are wanted, and nowhere else (traces.py)."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

import asyncpg
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, get_current_span

__all__ = ["Span", "Tracing"]

LEAVING_SECONDS = 3.0
"""So long a process that ends waits for the collector to take the rest."""


class Tracing:
    """Makes spans, and sends them from a thread of its own: a collector that is slow or away loses spans, and nothing waits."""

    def __init__(self, part: str) -> None:
        named = os.environ.get("OTEL_SERVICE_NAME") or f"dangwu-{part}"
        self._provider = TracerProvider(
            resource=Resource.create({"service.name": named}), shutdown_on_exit=False
        )
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("dangwu")

    def close(self) -> None:
        """Send the rest, for LEAVING_SECONDS at most."""
        leaving = threading.Thread(target=self._provider.shutdown, daemon=True)
        leaving.start()
        leaving.join(LEAVING_SECONDS)

    @contextmanager
    def span(self, name: str, kind: str, said: Mapping[str, str | int]) -> Iterator[Span]:
        """A span around the block; of a failure its kind alone is told: the text may hold data of persons."""
        told = {key.replace("__", "."): value for key, value in said.items()}
        with self._tracer.start_as_current_span(
            name, kind=SpanKind[kind], attributes=told, record_exception=False, set_status_on_exception=False
        ) as made:
            try:
                yield made
            except BaseException as failure:
                _fail(made, failure)
                raise

    async def watch(self, connection: asyncpg.Connection) -> None:
        """Let each statement of this connection be a span of what sends it."""
        connection.add_query_logger(self._queried)

    def _queried(self, query: asyncpg.connection.LoggedQuery) -> None:
        if not get_current_span().get_span_context().is_valid:
            return  # what a process asks for itself, again and again
        ended = time.time_ns()
        operation, table = statement(query.query)
        made = self._tracer.start_span(
            f"{operation} {table}".strip(), kind=SpanKind.CLIENT, start_time=ended - int(query.elapsed * 1e9),
            attributes={"db.system.name": "postgresql", "db.operation.name": operation, "db.collection.name": table},
        )  # fmt: skip
        if query.exception is not None:
            _fail(made, query.exception)
        made.end(ended)


def _fail(span: Span, failure: BaseException) -> None:
    span.set_attribute("error.type", type(failure).__name__)
    span.set_status(Status(StatusCode.ERROR))


_FIRST = re.compile(r"\s*([A-Za-z]+)")
_TABLE = re.compile(r"\b(?:from|into|update|join)\s+([a-z_][a-z0-9_]*)\b")


@lru_cache(maxsize=2048)
def statement(sql: str) -> tuple[str, str]:
    """What a statement does, and with which table first: all that is told of it, since what it is about may stand in it."""
    first, table = _FIRST.match(sql), _TABLE.search(sql)
    return first[1].upper() if first else "", table[1] if table else ""
