"""What a form brings along, where a county keeps it, and how a form that is shown again still has it."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from io import SEEK_END

import msgspec
from litestar.datastructures import UploadFile

from core.errors import Invalid, NotFound
from core.files.store import FileStore, Stored
from core.quotas.room import Full, make_room
from core.secrecy import vault
from tenants.ground.files import county_files
from web.kit.forms import Form
from web.kit.here import Here
from web.kit.requests import Request

_CHUNK = 64 * 1024
FIELD, HELD = "attachments", "held"
"""The field of files, and that of the slips for those that the form has brought before."""


def store_of(here: Here) -> FileStore:
    """The files of this county."""
    return county_files(here.county.id)


async def chunks(file: UploadFile) -> AsyncIterator[bytes]:
    """A file piece by piece."""
    while piece := await file.read(_CHUNK):
        yield piece


async def taken_in(here: Here, file: UploadFile) -> Stored:
    """A file that was sent, stored. Raises Invalid for what is not taken, Full where the county has no room for it."""
    size = file.file.seek(0, SEEK_END)
    file.file.seek(0)
    await make_room("files", size)
    return await store_of(here).put(file.filename, chunks(file))


async def files_of(request: Request, name: str = FIELD) -> list[UploadFile]:
    """The files that were chosen in the form that was sent."""
    sent = await request.form()
    return [one for one in sent.getall(name, []) if isinstance(one, UploadFile) and one.filename]


async def brought(here: Here, request: Request, form: Form) -> list[Stored]:
    """The files that a form brings: those chosen now, stored at once, and those that it had brought when it was shown again.

    No browser lets a page choose a file, so a form that is shown again carries a slip for each (`form.held`). What cannot be
    taken is refused on the field; the others stay.
    """
    found = []
    for slip in form.values(HELD):
        try:
            found.append(_stored(here, slip))
        except (ValueError, msgspec.DecodeError, NotFound):
            form.refuse(FIELD, "先前选择的附件只保存一天，已经不在了。请重新选择。")
    for one in await files_of(request):
        try:
            found.append(await taken_in(here, one))
        except (Invalid, Full) as error:
            form.refuse(FIELD, error.sentence)
    found = list(dict.fromkeys(found))
    form.held = [(_slip(here, one), one.name) for one in found]
    return found


def _sealed_as(here: Here) -> str:
    return f"held:{here.county.id}:{here.actor.id}"


def _slip(here: Here, stored: Stored) -> str:
    return urlsafe_b64encode(vault().seal(_sealed_as(here), msgspec.json.encode(stored))).decode()


def _stored(here: Here, slip: str) -> Stored:
    found = msgspec.json.decode(vault().open(_sealed_as(here), urlsafe_b64decode(slip.encode())), type=Stored)
    store_of(here).existing(found.sha256)
    return found
