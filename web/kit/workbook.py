"""A workbook as a download."""

from __future__ import annotations

from urllib.parse import quote

from litestar import Response

from core.files import kinds

XLSX = kinds.XLSX.mime


def workbook(content: bytes, name: str) -> Response[bytes]:
    """A download; the name may be Chinese."""
    return Response(
        content,
        media_type=XLSX,
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )
