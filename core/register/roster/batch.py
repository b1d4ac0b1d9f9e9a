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
from core.register.roster.headings import Heading
from core.register.roster.workbook import check_upload
from core.secrecy import vault
from core.text import tidy

CONTENT_FIELD = "import.content"
COLUMNS = """b.id, b.unit_id, b.path, u.short_name unit_name, b.filename, b.size, b.state, b.refusal, b.counts, b.columns,
    b.content is not null readable, b.by_name, b.at, b.confirmed_id, b.confirmed_name, b.applied_at, b.undone_id, b.undone_name,
    b.undone_at"""


class Columns(msgspec.Struct, frozen=True):
    """Titles of the columns that were `read`, headings that were `ignored`, sentences on what else was `unread`, the `sheets`
    read, and all headings with the field under which each was read."""

    read: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """`state` uploaded|parsed|confirmed|applied|refused|discarded|undoing|undone; `counts` of new, changed, same
    and error rows; `refusal`
    says why nothing can be imported; `readable`: the file is still kept, and can be read again with what is said of it."""

    id: UUID
    unit_id: UUID
    path: str
    unit_name: str
    filename: str
    size: int
    state: str
    refusal: str | None
    counts: dict[str, int]
    columns: Columns
    readable: bool
    by_name: str
    at: datetime
    confirmed_id: UUID | None
    confirmed_name: str | None
    applied_at: datetime | None
    undone_id: UUID | None
    undone_name: str | None
    undone_at: datetime | None

    @property
    def undone_by(self) -> Actor | None:
        """Who asked for it to be undone, to sign what follows; he holds nothing."""
        return Actor(self.undone_id, self.undone_name or "") if self.undone_id else None


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
    await drop_content(batch_id)
    return await batch(actor, batch_id)


async def drop_content(batch_id: UUID) -> None:
    """The file has told what it can: it is not kept any longer."""
    await execute("update import_batch set content = null where id = $1", batch_id)


async def discard(actor: Actor, batch_id: UUID) -> None:
    """Drop a batch that was not applied, with all it holds of people."""
    found = await batch(actor, batch_id, lock=True)
    if found.state in ("applied", "discarded", "undoing", "undone"):
        raise Conflict(f"这次导入{STATES[found.state]}，不能再放弃。")
    await execute("delete from import_row where batch_id = $1", batch_id)
    await execute("update import_batch set state = 'discarded', content = null where id = $1", batch_id)


LOST = {
    "failed": "多次出错，没有完成，名册没有任何改动。请联系平台运行维护人员查明原因",
    "killed": "两次使后台程序意外中断，已搁置，名册没有任何改动。请联系平台运行维护人员查明原因",
    "cancelled": "被取消，名册没有任何改动。请核对后再办理",
}


async def give_up(batch_id: UUID, *, ended: str) -> None:
    """End a batch whose task has come to nothing (`ended`: how, see LOST), so that nobody waits for it; for the tasks."""
    dropped = await fetch(
        "update import_batch set state = 'refused', refusal = $2, content = null"
        " where id = $1 and state in ('uploaded', 'confirmed') returning id",
        batch_id, f"读取或写入这份名册时{LOST[ended]}，需要时重新上传。",
    )  # fmt: skip
    if dropped:
        await execute("delete from import_row where batch_id = $1", batch_id)
    await execute(
        "update import_batch set state = 'applied', refusal = $2 where id = $1 and state = 'undoing'",
        batch_id, f"撤销这次导入时{LOST[ended]}。",
    )  # fmt: skip


async def forget_old_imports(before: datetime) -> None:
    """Drop what nobody has confirmed, with all it holds of people; what was applied before then can no longer be undone."""
    old = await fetch(
        """update import_batch set state = 'discarded', content = null
           where at < $1 and (state = 'parsed' or state = 'refused' and content is not null) returning id""",
        before,
    )
    await execute("delete from import_row where batch_id = any($1)", [row["id"] for row in old])
    await execute(
        """delete from import_was w using import_batch b
           where b.id = w.batch_id and b.state = 'applied' and b.applied_at < $1""",
        before,
    )


STATES = {
    "uploaded": "正在读取",
    "parsed": "等待确认",
    "confirmed": "正在写入",
    "applied": "已经生效",
    "refused": "未被接受",
    "discarded": "已经放弃",
    "undoing": "正在撤销",
    "undone": "已经撤销",
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
    values["counts"] = msgspec.json.decode(values["counts"])
    values["columns"] = msgspec.json.decode(values["columns"], type=Columns)
    return Batch(**values)
