"""A file that goes out."""

from __future__ import annotations

from urllib.parse import quote

from litestar import Response
from litestar.response import Stream

from core.files.kinds import KINDS
from core.files.store import Download

MIMES = {
    **{extension: kind.mime for extension, kind in KINDS.items()},
    "csv": "text/csv",
    "zip": "application/zip",
}


def download(content: bytes, name: str) -> Response[bytes]:
    """A download, of the kind that its name ends in; the name may be Chinese."""
    return Response(
        content,
        media_type=MIMES[name.rpartition(".")[2]],
        headers=_called("attachment", name),
    )


def sent(kept: Download, *, shown: bool = False) -> Stream:
    """A file that is kept, piece by piece; the page itself shows it where `shown`."""
    return Stream(
        kept.content, media_type=kept.mime, headers=_called("inline" if shown else "attachment", kept.name)
    )


def _called(how: str, name: str) -> dict[str, str]:
    return {"content-disposition": f"{how}; filename*=UTF-8''{quote(name)}"}
