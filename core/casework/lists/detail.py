"""Everything about one case, for its page: three queries, and a line in the reading log."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.access import access_case
from core.casework.lists.cases import LINE, CaseLine
from core.casework.model import EntryView, Way
from core.database import fetch, fetchrow
from core.register.reading_log import note_reading
from dangwu import Case


class AttachmentView(msgspec.Struct, frozen=True):
    """What is known of an attachment: size in bytes."""

    id: UUID
    name: str
    size: int
    mime: str
    by_name: str
    at: datetime


class CaseDetail(msgspec.Struct, frozen=True):
    """A case: its line as in lists, the person, the entries oldest first, the attachments, and the contract's Case."""

    line: CaseLine
    sex: str | None
    born: date | None
    job: str | None
    tags: tuple[str, ...]
    entries: tuple[EntryView, ...]
    attachments: dict[UUID, AttachmentView]
    case: Case
    way: Way


async def case_detail(actor: Actor, case_id: UUID, today: date) -> CaseDetail:
    """The case as it stands; the look is written into the reading log. `tags` are those of `today`. Raises NotFound."""
    case = await access_case(actor, case_id)
    row = await fetchrow(
        f"""select {LINE}, p.sex, p.born, p.job from case_file c join unit u on u.id = c.unit_id
            join person p on p.id = c.person_id where c.id = $1""",
        case_id,
    )
    assert row is not None
    await note_reading(actor, [case.person_id], "case", "查看发展党员档案")
    values = tuple(row)
    return CaseDetail(
        line=CaseLine(*values[:-3]), sex=values[-3], born=values[-2], job=values[-1],
        tags=tuple(sorted(case.case.tags_on(today))), entries=case.entries, attachments=await _attachments(case_id),
        case=case.case, way=case.way,
    )  # fmt: skip


async def _attachments(case_id: UUID) -> dict[UUID, AttachmentView]:
    rows = await fetch(
        "select id, name, size, mime, by_name, at from attachment where case_id = $1 order by id", case_id
    )
    return {row["id"]: AttachmentView(*row) for row in rows}
