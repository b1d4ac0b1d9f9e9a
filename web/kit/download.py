"""A file that goes out."""

from __future__ import annotations

from urllib.parse import quote

from litestar import Response

from core.files.kinds import KINDS

ZIP = "application/zip"


def download(content: bytes, name: str) -> Response[bytes]:
    """A download, of the kind that its name ends in; the name may be Chinese."""
    kind = KINDS.get(name.rpartition(".")[2])
    return Response(
        content,
        media_type=kind.mime if kind else ZIP,
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )
