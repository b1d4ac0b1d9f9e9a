"""Attachments: where a county keeps them, taking in what a form brings along, giving one out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from litestar.datastructures import UploadFile
from litestar.response import File

from core.casework.acts.attach import attach, download
from core.errors import NotFound
from core.files.store import FileStore
from tenants.ground.files import county_files
from web.cases.file.opened import open_file
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


async def take_in(here: Here, case_id: UUID, files: Sequence[UploadFile]) -> list[UUID]:
    """Store them for a case; their ids. Raises Invalid naming the file that is not taken."""
    return [await attach(here.actor, case_id, one.filename, chunks(one), store_of(here)) for one in files]


async def opened(here: Here, case_id: UUID, attachment_id: UUID) -> File:
    """One of a case's, for whoever may see the case; the look is logged. Raises NotFound."""
    file = await open_file(here, case_id)
    if attachment_id not in file.detail.attachments:
        raise NotFound("这份档案里没有这个附件。请从档案记录中重新打开。")
    found = await download(here.actor, attachment_id, store_of(here))
    return File(found.path, filename=found.name, media_type=found.mime, content_disposition_type="attachment")
