"""Traces for an operator's collector, by OpenTelemetry: on where its own OTEL_* variables name one, else nothing of it is loaded.

A span says which route, statement, task or host; never an address with what stands in it, a value, a name. The county is said
by its id. OTEL_EXPORTER_OTLP_ENDPOINT (or …_TRACES_ENDPOINT) switches it on; the other standard variables hold as well.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Literal

import asyncpg

if TYPE_CHECKING:
    from tenants.ground.otlp import Span, Tracing

log = logging.getLogger(__name__)
ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
MISSING = (
    "设置了 OTEL_EXPORTER_OTLP_ENDPOINT，但没有安装链路追踪的软件包，没有追踪。"
    "请执行 pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http 后重新启动。"
)
Kind = Literal["SERVER", "CLIENT", "CONSUMER"]
Watch = Callable[[asyncpg.Connection], Awaitable[None]]

_tracing: Tracing | None = None


def wanted() -> bool:
    """Whether the variables ask for traces."""
    off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    otlp = os.environ.get("OTEL_TRACES_EXPORTER") or "otlp"
    return not off and otlp == "otlp" and any(map(os.environ.get, ENDPOINTS))


def begin(part: str) -> None:
    """Trace in this process from now on, if that is wanted; `part` is what the process is called there."""
    global _tracing
    if _tracing is not None or not wanted():
        return
    try:
        from tenants.ground.otlp import Tracing
    except ImportError:
        log.error(MISSING)
        return
    _tracing = Tracing(part)


def end() -> None:
    """Hand over what has not been yet, for a few seconds at most, and trace no more."""
    global _tracing
    tracing, _tracing = _tracing, None
    if tracing is not None:
        tracing.close()


def span(name: str, kind: Kind, **said: str | int) -> AbstractContextManager[Span | None]:
    """What happens inside is one span; `said` are its attributes, two underscores for a dot. None where nothing is traced."""
    return _tracing.span(name, kind, said) if _tracing is not None else nullcontext()


def watch() -> Watch | None:
    """What a new connection is given to, so that each of its statements is a span; None where nothing is traced."""
    return _tracing.watch if _tracing is not None else None
