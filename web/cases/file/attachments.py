"""Attachments of a case: taking in what a form brings along, giving one out."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from litestar.response import Stream

from core.casework.acts.attach import attach, download
from core.errors import NotFound
from core.files.store import Stored
from web.cases.file.opened import open_file
from web.kit.download import sent
from web.kit.here import Here
from web.kit.uploads import store_of


async def take_in(here: Here, case_id: UUID, files: Sequence[Stored]) -> list[UUID]:
    """Let them belong to a case; their ids. Raises Forbidden."""
    return [await attach(here.actor, case_id, one) for one in files]


async def opened(here: Here, case_id: UUID, attachment_id: UUID) -> Stream:
    """One of a case's, for whoever may see the case; the look is logged. Raises NotFound."""
    file = await open_file(here, case_id)
    if attachment_id not in file.detail.attachments:
        raise NotFound("这份档案里没有这个附件。请从档案记录中重新打开。")
    return sent(await download(here.actor, attachment_id, store_of(here)))
