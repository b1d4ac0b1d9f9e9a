"""Litestar's request, response and connection, with their type parameters filled in once for all: we use none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import litestar
from litestar.connection import ASGIConnection
from litestar.datastructures import State

LARGEST_REQUEST = 25 * 1024 * 1024
"""Bytes; attachments have their own, smaller limit (core/files)."""


Answer: TypeAlias = litestar.Response[Any]
"""What a handler of errors answers: a page, a redirect, a problem."""

if TYPE_CHECKING:
    Request: TypeAlias = litestar.Request[object, object, State]
    Connection: TypeAlias = ASGIConnection[Any, object, object, State]
else:
    # To make one through its alias costs as much again as to make it, and every request makes several.
    Request, Connection = litestar.Request, ASGIConnection


def site_of(request: Request) -> str:
    """Where the platform is reached, for addresses that are read outside of it: https://dangwu.example."""
    return str(request.base_url).rstrip("/")


def address_of(request: Connection) -> str:
    """Where it comes from, as the trusted proxies say."""
    return request.client.host if request.client else "unknown"
