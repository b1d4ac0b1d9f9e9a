"""A list of organisations on its way: read when it is uploaded, looked through, confirmed by a person, written by a task."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from core.actor import Actor
from core.changes.units.judge import Verdict, judge
from core.changes.units.sheet import Listed, read_list
from core.database import execute, fetch, fetchrow, fetchval
from core.errors import Conflict, NotFound
from core.organisation.access import access_unit
from core.organisation.model import UnitView
from core.organisation.service import UnitDraft, create, edit, refuse_dissolved
from core.paths import Conditions, unit_of, within
from core.register.roster.workbook import check_upload
from core.text import tidy

STATES = {
    "read": "等待确认", "confirmed": "正在写入", "applied": "已经生效", "refused": "未被接受", "discarded": "已经放弃",
}  # fmt: skip
_COLUMNS = """l.id, l.unit_id, u.short_name unit_name, l.filename, l.listed, l.state, l.refusal, l.counts, l.by_name, l.at,
    l.confirmed_id, l.confirmed_for, l.confirmed_name, l.applied_at, l.path"""


class UnitList(msgspec.Struct, frozen=True, kw_only=True):
    """`state` read|confirmed|applied|refused|discarded; `counts` of what was written; `refusal` why nothing was.
    `confirmed_for` is whom he acted for who confirmed it."""

    id: UUID
    unit_id: UUID
    unit_name: str
    filename: str
    listed: Listed
    state: str
    refusal: str
    counts: dict[str, int]
    by_name: str
    at: datetime
    confirmed_id: UUID | None
    confirmed_for: UUID | None
    confirmed_name: str
    applied_at: datetime | None
    path: str


async def upload(actor: Actor, unit_id: UUID, filename: str, content: bytes) -> UUID:
    """Read a list for the tree at and below a unit; its id. Raises Invalid for what cannot be read."""
    unit = await access_unit(actor, unit_id, "org.edit")
    refuse_dissolved(unit)
    check_upload(content)
    listed = await read_list(content)
    found: UUID = await fetchval(
        "insert into unit_list (unit_id, path, filename, listed, by_id, by_name) values ($1, $2, $3, $4, $5, $6) returning id",
        unit.id, unit.path, tidy(filename)[:120] or "党组织.xlsx", msgspec.json.encode(listed).decode(), actor.id, actor.name,
    )  # fmt: skip
    return found


async def unit_list(actor: Actor, list_id: UUID, *, lock: bool = False) -> UnitList:
    """A list, if he may edit the tree where it belongs; else NotFound."""
    found = await load_list(list_id, lock=lock)
    if found is None or not actor.may("org.edit", found.path):
        raise NotFound("没有找到这次导入，它可能不在您的管理范围内。请重新上传。")
    return found


async def unit_lists(actor: Actor, limit: int = 20) -> list[UnitList]:
    """The latest, where he may edit the tree."""
    where = Conditions()
    where.below("l.path", within(actor, "org.edit"))
    rows = await fetch(
        f"select {_COLUMNS} from unit_list l {unit_of('l')} where {where} order by l.id desc limit {int(limit)}",
        *where.args,
    )
    return [_list(row) for row in rows]


async def verdicts(actor: Actor, list_id: UUID) -> list[Verdict]:
    """What each row would do now."""
    found = await unit_list(actor, list_id)
    return await judge(found.listed.entries, await access_unit(actor, found.unit_id, "org.edit"))


async def confirm(actor: Actor, list_id: UUID) -> UnitList:
    """Say that it is to be written. Raises Conflict while a row has an error, or where there is nothing to do."""
    found = await unit_list(actor, list_id, lock=True)
    if found.state != "read":
        raise Conflict(f"这次导入{STATES[found.state]}，不能再确认。")
    counts = count(await verdicts(actor, list_id))
    if counts["error"]:
        raise Conflict(f"表中有 {counts['error']} 行有错，整份都没有导入。请按提示改正后重新上传。")
    if not counts["new"] and not counts["changed"]:
        raise Conflict("这份表格与现有组织完全一致，没有需要导入的内容。")
    await execute(
        "update unit_list set state = 'confirmed', confirmed_id = $2, confirmed_name = $3, confirmed_for = $4 where id = $1",
        list_id, actor.id, actor.name, actor.acts_for,
    )  # fmt: skip
    return await unit_list(actor, list_id)


async def discard(actor: Actor, list_id: UUID) -> None:
    """Drop one that was not written."""
    found = await unit_list(actor, list_id, lock=True)
    if found.state not in ("read", "refused"):
        raise Conflict(f"这次导入{STATES[found.state]}，不能再放弃。")
    await execute("update unit_list set state = 'discarded' where id = $1", list_id)


async def write(actor: Actor, found: UnitList, today: date) -> None:
    """Write a confirmed list in the name of who confirmed it: each unit as if entered by hand, those above first.

    It is judged again. Raises Conflict for a row that can no longer be taken, and whatever entering and editing raise.
    """
    judged = await judge(found.listed.entries, await access_unit(actor, found.unit_id, "org.edit", lock=True))
    if wrong := next((one for one in judged if one.action == "error"), None):
        raise Conflict(
            f"预览之后组织有了变化，第 {wrong.entry.number} 行不能再导入：{wrong.faults[0].sentence}"
        )
    known: dict[int, UUID] = {}
    for place in range(len(judged)):
        await _written(actor, judged, place, known, today)
    await execute(
        "update unit_list set state = 'applied', applied_at = now(), counts = $2 where id = $1",
        found.id, msgspec.json.encode(count(judged)).decode(),
    )  # fmt: skip


async def _written(
    actor: Actor, judged: list[Verdict], place: int, known: dict[int, UUID], today: date
) -> UUID:
    """The id of a row's unit, entered or changed now if it was not yet; first that of the row above it."""
    if place in known:
        return known[place]
    one, entry = judged[place], judged[place].entry
    if one.unit is not None:
        known[place] = one.unit.id
        if one.action == "changed":
            await edit(actor, one.unit.id, _draft(one), one.unit.version, today)
        return known[place]
    above = one.above.id if isinstance(one.above, UnitView) else None
    if isinstance(one.above, int):
        above = await _written(actor, judged, one.above, known, today)
    assert above is not None
    draft = UnitDraft(
        kind=entry.kind,
        name=entry.name,
        short_name=entry.short_name,
        code=entry.code or None,
        founded=entry.founded,
    )
    known[place] = (await create(actor, above, draft, today)).id
    return known[place]


def _draft(one: Verdict) -> UnitDraft:
    """The unit as it is, with what the row says differently."""
    unit, entry = one.unit, one.entry
    assert unit is not None
    return UnitDraft(
        kind=unit.kind, name=entry.name or unit.name, short_name=entry.short_name or unit.short_name,
        code=entry.code or unit.code, founded=entry.founded or unit.founded, flags=unit.flags,
        task=unit.task, until=unit.until, covers=unit.covers,
    )  # fmt: skip


async def refuse(list_id: UUID, sentence: str) -> None:
    """End a confirmed list unwritten; for the tasks."""
    await execute(
        "update unit_list set state = 'refused', refusal = $2 where id = $1 and state = 'confirmed'",
        list_id,
        sentence,
    )


def count(judged: list[Verdict]) -> dict[str, int]:
    """How many rows are new, changed, same, wrong."""
    return {"new": 0, "changed": 0, "same": 0, "error": 0} | Counter(one.action for one in judged)


async def load_list(list_id: UUID, *, lock: bool = False) -> UnitList | None:
    """A list without an access check, for the tasks."""
    row = await fetchrow(
        f"select {_COLUMNS} from unit_list l {unit_of('l')} where l.id = $1"
        + (" for update of l" if lock else ""),
        list_id,
    )
    return _list(row) if row else None


def _list(row: Record) -> UnitList:
    values = dict(row)
    values["listed"] = msgspec.json.decode(values["listed"], type=Listed)
    values["counts"] = msgspec.json.decode(values["counts"])
    return UnitList(**values)
