"""An import on its way: uploaded, parsed into a preview, confirmed by a person, applied by a task."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from core.actor import Actor
from core.database import execute, fetch, fetchrow, fetchval
from core.errors import Conflict, NotFound
from core.organisation.access import access_unit
from core.paths import Conditions, unit_of, within
from core.register.roster.rows import SHEET, Fault
from core.register.roster.shown import Difference, differences
from core.register.roster.workbook import check_upload
from core.secrecy import vault
from core.text import tidy

CONTENT_FIELD = "import.content"
COLUMNS = """b.id, b.unit_id, b.path, u.short_name unit_name, b.filename, b.size, b.state, b.refusal, b.counts, b.columns,
    b.by_name, b.at, b.confirmed_id, b.confirmed_name, b.applied_at"""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """`state` uploaded|parsed|confirmed|applied|refused|discarded; `counts` of new, changed, same and error rows; `columns`
    lists the headings that were `read` and those `ignored`, the `sheets` read, and what else was `unread`; `refusal` says
    why nothing can be imported."""

    id: UUID
    unit_id: UUID
    path: str
    unit_name: str
    filename: str
    size: int
    state: str
    refusal: str | None
    counts: dict[str, int]
    columns: dict[str, list[str]]
    by_name: str
    at: datetime
    confirmed_id: UUID | None
    confirmed_name: str | None
    applied_at: datetime | None


class PreviewRow(msgspec.Struct, frozen=True):
    """A row and what it would do: `action` new|changed|same|error, `changes` are fields of the person, `differences` their
    old and new values, `remarks` are to be known and stop nothing. `place` says where it stands: its sheet, where several
    were read, and its row there."""

    number: int
    place: str
    action: str
    name: str
    person_id: UUID | None
    changes: tuple[str, ...]
    faults: tuple[Fault, ...]
    remarks: tuple[Fault, ...] = ()
    differences: tuple[Difference, ...] = ()


async def upload(actor: Actor, unit_id: UUID, filename: str, content: bytes) -> UUID:
    """Take in a roster for the units below `unit_id`; the id of the batch. Raises Invalid for what is no workbook."""
    unit = await access_unit(actor, unit_id, "register.import")
    check_upload(content)
    batch_id: UUID = await fetchval(
        """insert into import_batch (unit_id, path, filename, size, content, state, by_id, by_name)
           values ($1, $2, $3, $4, $5, 'uploaded', $6, $7) returning id""",
        unit.id, unit.path, tidy(filename)[:120] or "名册.xlsx", len(content),
        vault().seal(CONTENT_FIELD, content), actor.id, actor.name,
    )  # fmt: skip
    return batch_id


async def batch(actor: Actor, batch_id: UUID, *, lock: bool = False) -> Batch:
    """A batch, if he may import where it belongs; else NotFound. `lock` keeps it for this transaction."""
    found = await load_batch(batch_id, lock=lock)
    if found is None or not actor.may("register.import", found.path):
        raise NotFound("没有找到这次导入，它可能不在您的管理范围内。请重新上传名册。")
    return found


async def batches(actor: Actor, limit: int = 20) -> list[Batch]:
    """The latest imports in the units where he may import."""
    where = Conditions()
    where.below("b.path", within(actor, "register.import"))
    rows = await fetch(
        f"""select {COLUMNS} from import_batch b {unit_of("b")} where {where}
            order by b.id desc limit {int(limit)}""",
        *where.args,
    )
    return [_batch(row) for row in rows]


async def preview(
    actor: Actor, batch_id: UUID, *, action: str | None = None, after: int = 0, limit: int = 100
) -> list[PreviewRow]:
    """Rows of a parsed batch in the order of the sheet, those with a larger number than `after`."""
    found = await batch(actor, batch_id)
    rows = await fetch(
        f"""select number, action, name, person_id, changes, errors, unit_id, payload from import_row
            where batch_id = $1 and number > $2 and ($3::text is null or action = $3)
            order by number limit {int(limit)}""",
        batch_id, after, action,
    )  # fmt: skip
    told = await differences(rows)
    return [_row(row, found.columns.get("sheets", []), told.get(row["number"], ())) for row in rows]


def _row(row: Record, sheets: list[str], changed: tuple[Difference, ...]) -> PreviewRow:
    told = msgspec.json.decode(row["errors"], type=tuple[Fault, ...])
    sheet, number = divmod(row["number"], SHEET)
    return PreviewRow(
        row["number"], f"{sheets[sheet]} {number}" if len(sheets) > 1 else str(number), row["action"], row["name"],
        row["person_id"], tuple(row["changes"]), tuple(one for one in told if not one.mild),
        tuple(one for one in told if one.mild), changed,
    )  # fmt: skip


async def confirm(actor: Actor, batch_id: UUID) -> Batch:
    """Say that a parsed batch is to be applied; refused while a row has an error, since it is all or nothing."""
    found = await batch(actor, batch_id, lock=True)
    if found.state != "parsed":
        raise Conflict(f"这次导入{STATES[found.state]}，不能再确认。请重新上传名册。")
    if wrong := found.counts.get("error"):
        raise Conflict(f"名册中有 {wrong} 行有错，整份都没有导入。请按提示改正后重新上传。")
    if not found.counts.get("new") and not found.counts.get("changed"):
        raise Conflict("名册与现有登记完全一致，没有需要导入的内容。")
    await execute(
        "update import_batch set state = 'confirmed', confirmed_id = $2, confirmed_name = $3 where id = $1",
        batch_id, actor.id, actor.name,
    )  # fmt: skip
    return await batch(actor, batch_id)


async def discard(actor: Actor, batch_id: UUID) -> None:
    """Drop a batch that was not applied, with all it holds of people."""
    found = await batch(actor, batch_id, lock=True)
    if found.state in ("applied", "discarded"):
        raise Conflict(f"这次导入{STATES[found.state]}，不能再放弃。")
    await execute("delete from import_row where batch_id = $1", batch_id)
    await execute("update import_batch set state = 'discarded', content = null where id = $1", batch_id)


async def give_up(batch_id: UUID, *, killed: bool) -> None:
    """End a batch whose task has failed for good (`killed`: its process died), so that nobody waits for it; for the tasks."""
    happened = "两次使后台程序意外中断，已搁置" if killed else "多次出错，没有完成"
    sentence = (
        f"读取或写入这份名册时{happened}，名册没有任何改动。请联系平台运行维护人员查明原因，之后重新上传。"
    )
    ended = await fetch(
        "update import_batch set state = 'refused', refusal = $2, content = null"
        " where id = $1 and state in ('uploaded', 'confirmed') returning id",
        batch_id, sentence,
    )  # fmt: skip
    if ended:
        await execute("delete from import_row where batch_id = $1", batch_id)


STATES = {
    "uploaded": "正在读取",
    "parsed": "等待确认",
    "confirmed": "正在写入",
    "applied": "已经生效",
    "refused": "未被接受",
    "discarded": "已经放弃",
}


async def load_batch(batch_id: UUID, *, lock: bool = False) -> Batch | None:
    """The batch without an access check, for the tasks."""
    row = await fetchrow(
        f"select {COLUMNS} from import_batch b {unit_of('b')} where b.id = $1"
        + (" for update of b" if lock else ""),
        batch_id,
    )
    return _batch(row) if row else None


def _batch(row: Record) -> Batch:
    values: dict[str, Any] = dict(row)
    for column in ("counts", "columns"):
        values[column] = msgspec.json.decode(values[column])
    return Batch(**values)
