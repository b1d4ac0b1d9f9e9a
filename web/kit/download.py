"""A file that goes out."""

from __future__ import annotations

from urllib.parse import quote

from litestar import Response


def download(content: bytes, name: str, mime: str) -> Response[bytes]:
    """A download; the name may be Chinese."""
    return Response(
        content,
        media_type=mime,
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )
