"""Every answer is counted and timed by the template of its address, never by what stands in it: no person, case or county."""

from __future__ import annotations

from functools import cache
from time import perf_counter
from typing import cast

from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

from tenants.ground.figures import FIGURES

REQUESTS = Counter(
    "dangwu_requests", "Answers by route, method and class of status.", ("route", "method", "status"),
    registry=FIGURES,
)  # fmt: skip
SECONDS = Histogram(
    "dangwu_request_seconds", "Time until an answer begins.", ("route", "method"), registry=FIGURES,
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)  # fmt: skip

_BEGUN = "begun"
_NOWHERE = "none"
"""The route and method of what reached no handler: whatever was sent there must not make series of its own."""


def timed(app: ASGIApp) -> ASGIApp:
    """Litestar middleware, the outermost: notes when a request came."""

    async def begin(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"][_BEGUN] = perf_counter()
        await app(scope, receive, send)

    return begin


async def count(message: Message, scope: Scope) -> None:
    """Litestar `before_send` hook: the answer begins, whoever has made it."""
    if message["type"] != "http.response.start":
        return
    status, begun = f"{message['status'] // 100}xx", scope["state"].get(_BEGUN)
    if begun is None:
        REQUESTS.labels(_NOWHERE, _NOWHERE, status).inc()
        return
    counted, seconds = _series(scope["path_template"], cast(HTTPScope, scope)["method"], status)
    counted.inc()
    seconds.observe(perf_counter() - begun)


@cache
def _series(route: str, method: str, status: str) -> tuple[Counter, Histogram]:
    """Looked up once: there are as many as routes."""
    return REQUESTS.labels(route, method, status), SECONDS.labels(route, method)
