"""Everything about one case, for its page: one query besides its own, and a line in the reading log."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.lists.cases import LINE, CaseLine, case_line
from core.casework.model import EntryView, LoadedCase
from core.database import fetchrow
from core.ledger.note import note_reading
from core.paths import unit_of
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


_attached = msgspec.json.Decoder(list[AttachmentView])
_ATTACHED = """(
    select coalesce(json_agg(json_build_object('id', id, 'name', name, 'size', size, 'mime', mime, 'by_name', by_name,
        'at', at) order by id), '[]')
    from attachment a where a.case_id = c.id) attached"""


async def case_detail(actor: Actor, case: LoadedCase, today: date) -> CaseDetail:
    """A case that he may see (access.py) as it stands; the look is written into the reading log. `tags` are those of `today`."""
    row = await fetchrow(
        f"""select {LINE}, p.sex, p.born, p.job, {_ATTACHED} from case_file c {unit_of("c")}
            join person p on p.id = c.person_id where c.id = $1""",
        case.id,
    )
    assert row is not None
    await note_reading(actor, [case.person_id], "case", "查看办理档案")
    return CaseDetail(
        line=case_line(row), sex=row["sex"], born=row["born"], job=row["job"],
        tags=tuple(sorted(case.case.tags_on(today))), entries=case.entries,
        attachments={one.id: one for one in _attached.decode(row["attached"])}, case=case.case,
    )  # fmt: skip
