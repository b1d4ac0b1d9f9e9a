"""Attachments: where a county keeps them, and taking in what a form brings along."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from uuid import UUID

from litestar.datastructures import UploadFile

from core.casework.attachments import attach
from core.files.store import FileStore
from tenants.environment import setting
from web.forms import Form
from web.here import Here

_CHUNK = 64 * 1024


def store_of(here: Here) -> FileStore:
    """The files of this county."""
    return FileStore(Path(setting("DANGWU_DATA")) / "files" / str(here.county.id))


async def chunks(file: UploadFile) -> AsyncIterator[bytes]:
    """A file piece by piece."""
    while piece := await file.read(_CHUNK):
        yield piece


def files_of(form: Form, name: str = "attachments") -> list[UploadFile]:
    """The files that were chosen."""
    return [one for one in form.uploads(name) if one.filename]


async def take_in(here: Here, case_id: UUID, files: Sequence[UploadFile]) -> list[UUID]:
    """Store them for a case; their ids. Raises Invalid naming the file that is not taken."""
    return [await attach(here.actor, case_id, one.filename, chunks(one), store_of(here)) for one in files]
