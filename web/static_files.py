"""Our few static files, named with a digest of their content so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from litestar import Router
from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router

FOLDER = Path(__file__).parent / "static"


@cache
def static(name: str) -> str:
    """The address of a static file; an unknown one has none ("")."""
    file = FOLDER / name
    if not file.is_file():
        return ""
    return f"/static/{name}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"


def static_router() -> Router:
    """Serves web/static at /static."""
    keep = CacheControlHeader(max_age=31_536_000, public=True, immutable=True)
    return create_static_files_router(
        path="/static", directories=[FOLDER], name="static", cache_control=keep, include_in_schema=False
    )
