"""What a form brings along, and where a county keeps it."""

from __future__ import annotations

from collections.abc import AsyncIterator

from litestar.datastructures import UploadFile

from core.files.store import FileStore
from tenants.ground.files import county_files
from web.kit.here import Here
from web.kit.requests import Request

_CHUNK = 64 * 1024


def store_of(here: Here) -> FileStore:
    """The files of this county."""
    return county_files(here.county.id)


async def chunks(file: UploadFile) -> AsyncIterator[bytes]:
    """A file piece by piece."""
    while piece := await file.read(_CHUNK):
        yield piece


async def files_of(request: Request, name: str = "attachments") -> list[UploadFile]:
    """The files that were chosen in the form that was sent."""
    sent = await request.form()
    return [one for one in sent.getall(name, []) if isinstance(one, UploadFile) and one.filename]
