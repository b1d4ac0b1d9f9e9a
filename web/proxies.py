"""Behind a proxy: whose word about the client's address and scheme is taken (throttling and cookies rest on them)."""

from __future__ import annotations

import os
from functools import cache
from typing import cast

from granian.utils.proxies import wrap_asgi_with_proxy_headers
from litestar.types import ASGIApp

from tenants.ground.logs import write_logs
from web.app import create_app

VARIABLE = "DANGWU_TRUSTED_PROXIES"


@cache
def served() -> ASGIApp:
    """The application as granian runs it: X-Forwarded-For and X-Forwarded-Proto count when a trusted proxy sends them."""
    write_logs()
    return behind(cast(ASGIApp, create_app()), os.environ.get(VARIABLE, ""))


def behind(app: ASGIApp, trusted: str) -> ASGIApp:
    """`app`, with the addresses and networks in `trusted` (by commas) as its proxies; none means that nobody is believed."""
    named = [each for each in map(str.strip, trusted.split(",")) if each]
    return cast(ASGIApp, wrap_asgi_with_proxy_headers(app, named)) if named else app
