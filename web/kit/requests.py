"""Litestar's request, response and connection, with their type parameters filled in once for all: we use none of them."""

from __future__ import annotations

from typing import Any, TypeAlias

import litestar
from litestar.connection import ASGIConnection
from litestar.datastructures import State

LARGEST_REQUEST = 25 * 1024 * 1024
"""Bytes; attachments have their own, smaller limit (core/files)."""

Request: TypeAlias = litestar.Request[object, object, State]
"""An HTTP request."""

Answer: TypeAlias = litestar.Response[Any]
"""What a handler of errors answers: a page, a redirect, a problem."""

Connection: TypeAlias = ASGIConnection[Any, object, object, State]
"""What a request is before it is known to be one."""


def site_of(request: Request) -> str:
    """Where the platform is reached, for addresses that are read outside of it: https://dangwu.example."""
    return str(request.base_url).rstrip("/")


def address_of(request: Connection) -> str:
    """Where it comes from, as the trusted proxies say."""
    return request.client.host if request.client else "unknown"
