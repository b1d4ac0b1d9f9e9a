"""Our few static files, named with a digest of their content so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from litestar import Router
from litestar.datastructures import CacheControlHeader
from litestar.exceptions import NotFoundException
from litestar.static_files import create_static_files_router

from web.kit.requests import Request

STATIC = "^/static/"
"""What neither session nor CSRF token has to do with: the same for everybody, kept by shared caches."""

LONGEST_NAME = 100
FOLDER = Path(__file__).parent.parent / "static"


@cache
def static(name: str) -> str:
    """The address of a static file; an unknown one has none ("")."""
    file = FOLDER / name
    if not file.is_file():
        return ""
    return f"/static/{name}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"


def _refuse_odd_names(request: Request) -> None:
    """A name that no file system takes (too long, with NUL) is the name of no file."""
    name = str(request.path_params["file_path"])
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise NotFoundException


def static_router() -> Router:
    """Serves web/static at /static."""
    keep = CacheControlHeader(max_age=31_536_000, public=True, immutable=True)
    return create_static_files_router(
        path="/static",
        directories=[FOLDER],
        name="static",
        cache_control=keep,
        include_in_schema=False,
        before_request=_refuse_odd_names,
    )
