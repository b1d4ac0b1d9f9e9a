"""What can be done to one unit: found, create, edit (core/changes has what takes people and cases along)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from asyncpg import UniqueViolationError

from core.actor import Actor
from core.database import fetchrow, fetchval
from core.errors import Conflict, Invalid, Stale
from core.organisation.access import COLUMNS, access_unit, unit_view
from core.organisation.branches import JOINT, MOST_COVERED, RULES
from core.organisation.history import changes_since, note_change, refuse_out_of_order
from core.organisation.model import KINDS, MAY_STAND_UNDER, TEMPORARY, UnitView, new_segment
from core.pinyin import reading
from core.text import name_of, one_line, refuse_future, refuse_malformed


class UnitDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What a person types about a unit. `flags` are tags of the unit (rural …); `code` is its 党组织编码; of a temporary branch
    its `task` and the day `until` which that is thought to last, of a joint one the workplaces that it `covers`."""

    kind: str
    name: str
    short_name: str = ""
    code: str | None = None
    founded: date | None = None
    flags: tuple[str, ...] = ()
    task: str = ""
    until: date | None = None
    covers: tuple[str, ...] = ()


async def found(actor: Actor, draft: UnitDraft, today: date) -> UnitView:
    """Create the department of a county that has no unit yet; done when the county is opened."""
    if await fetchval("select exists (select from unit)"):
        raise Conflict("本县已经建有组织树，县委组织部只有一个。请在组织页中修改它的名称。")
    return await _insert(actor, None, msgspec.structs.replace(draft, kind="department"), today)


async def create(actor: Actor, parent_id: UUID, draft: UnitDraft, today: date) -> UnitView:
    """Create a unit under `parent_id`."""
    parent = await access_unit(actor, parent_id, "org.edit", lock=True)
    refuse_dissolved(parent)
    check_place(draft.kind, parent)
    return await _insert(actor, parent, draft, today)


async def edit(actor: Actor, unit_id: UUID, draft: UnitDraft, seen_version: int, today: date) -> UnitView:
    """Rename a unit or change its code, flags or founding date (`draft.kind` must stay as it is)."""
    unit = await access_unit(actor, unit_id, "org.edit", lock=True)
    await refuse_stale(unit, seen_version)
    if draft.kind != unit.kind:
        sentence = f"“{unit.name}”是{KINDS[unit.kind]}，类别不能改动。请新建一个党组织，再把人员并入。"
        raise Invalid(sentence, fields={"kind": "类别不能改动。"})
    if draft.founded and unit.dissolved and draft.founded > unit.dissolved:
        sentence = f"成立日期 {draft.founded} 晚于“{unit.name}”的撤销日期 {unit.dissolved}。请核对日期。"
        raise Invalid(sentence, fields={"founded": "晚于撤销日期。"})
    values = _checked(draft, today)
    was = {key: getattr(unit, key) for key in values if getattr(unit, key) != values[key]}
    if not was:
        return unit
    await refuse_same_name(unit.parent_id, str(values["name"]), besides=unit.id)
    row = await _written(
        f"""update unit set name = $2, short_name = $3, code = $4, founded = $5, flags = $6, task = $7, until = $8, covers = $9,
            py = $10, py_initials = $11, version = version + 1 where id = $1 returning {COLUMNS}""",
        unit.id, *values.values(), *reading(str(values["name"]), person=False),
    )  # fmt: skip
    await note_change(actor, unit.id, "edited", today, was=was, now={key: values[key] for key in was})
    return row


def check_place(kind: str, parent: UnitView) -> None:
    """Raise Invalid unless a unit of this kind may stand under `parent`."""
    if kind not in KINDS:
        raise Invalid(
            f"没有“{kind}”这种党组织。请从列出的类别中选择。", fields={"kind": "请从列出的类别中选择。"}
        )
    if parent.kind not in MAY_STAND_UNDER[kind]:
        sentence = f"{KINDS[kind]}不能设在{KINDS[parent.kind]}“{parent.name}”之下。请另选上级党组织。"
        raise Invalid(sentence, fields={"parent": sentence})


async def check_day(unit: UnitView, day: date, today: date, title: str) -> None:
    """Raise Invalid for a day in the future, before the unit was founded, or before its last move or merger."""
    refuse_future("day", title, day, today)
    if unit.founded and day < unit.founded:
        raise Invalid(
            f"{title}早于“{unit.name}”的成立日期 {unit.founded}。请核对日期。",
            fields={"day": "早于成立日期。"},
        )
    await refuse_out_of_order(unit, day)


async def refuse_stale(unit: UnitView, seen_version: int) -> None:
    """Raise Stale, saying what, when somebody has changed the unit since it was shown."""
    if unit.version != seen_version:
        sentence = f"“{unit.name}”刚刚被别人修改过。请看过改了什么，再决定是否按您填写的内容保存。"
        raise Stale(sentence, changes=await changes_since(unit.id, unit.version - seen_version))


def refuse_dissolved(unit: UnitView) -> None:
    """Raise Conflict for a unit that exists no more."""
    if unit.dissolved:
        raise Conflict(f"“{unit.name}”已于 {unit.dissolved} 撤销，不能再办理。请选择现存的党组织。")


def refuse_root(unit: UnitView, act: str) -> None:
    """Raise Conflict for the department: the county's tree hangs on it. `act` is what was asked, e.g. 合并."""
    if unit.kind == "department":
        raise Conflict(f"“{unit.name}”是本县组织树的根，不能{act}。如机构名称有变，请用“修改”更改名称。")


def refuse_temporary(unit: UnitView, act: str) -> None:
    """Raise Conflict for a temporary branch, which ends as its task does. `act` is what was asked, e.g. 合并."""
    if unit.kind == TEMPORARY:
        rule = RULES.temporary
        raise Conflict(f"“{unit.name}”是临时党支部，任务结束即撤销，不{act}（{rule.said()}）。请办理撤销。")


async def refuse_same_name(parent_id: UUID | None, name: str, *, besides: UUID | None = None) -> None:
    """Raise Conflict when another living unit under the same parent has this name."""
    twin = await fetchval(
        """select exists (select from unit where parent_id is not distinct from $1 and name = $2 and dissolved is null
           and id is distinct from $3)""",
        parent_id, name, besides,
    )  # fmt: skip
    if twin:
        raise Conflict(
            f"同一上级之下已经有“{name}”。请换一个能区别的名称。", fields={"name": "与同级党组织重名。"}
        )


async def _insert(actor: Actor, parent: UnitView | None, draft: UnitDraft, today: date) -> UnitView:
    values = _checked(draft, today)
    parent_id = parent.id if parent else None
    await refuse_same_name(parent_id, str(values["name"]))
    path = (parent.path if parent else "/") + new_segment() + "/"
    unit = await _written(
        f"""insert into unit (parent_id, path, kind, name, short_name, code, founded, flags, task, until, covers, py,
                py_initials) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning {COLUMNS}""",
        parent_id, path, draft.kind, *values.values(), *reading(str(values["name"]), person=False),
    )  # fmt: skip
    await note_change(
        actor, unit.id, "created", draft.founded or today,
        name=unit.name, parent=parent_id, parent_name=parent.name if parent else "",
    )  # fmt: skip
    return unit


async def _written(sql: str, *args: object) -> UnitView:
    try:
        row = await fetchrow(sql, *args)
    except UniqueViolationError as error:
        if "code" in (error.constraint_name or ""):
            raise Conflict(
                "这个党组织编码已经用在另一个党组织上。请核对编码。", fields={"code": "编码重复。"}
            ) from None
        raise
    assert row is not None
    return unit_view(row)


def _checked(draft: UnitDraft, today: date) -> dict[str, object]:
    name = name_of("name", "名称", draft.name, most=80)
    if draft.founded:
        refuse_future("founded", "成立日期", draft.founded, today)
    refuse_malformed("flags", draft.flags)
    return {
        "name": name,
        "short_name": name_of("short_name", "简称", draft.short_name or name, most=80),
        "code": one_line("code", "党组织编码", draft.code, most=40) if draft.code else None,
        "founded": draft.founded,
        "flags": tuple(sorted(set(draft.flags))),
        **_beside(draft),
    }


def _beside(draft: UnitDraft) -> dict[str, object]:
    """What only temporary and joint branches have."""
    if draft.kind != TEMPORARY and (draft.task or draft.until):
        raise Invalid(
            "只有临时党支部登记任务和任务结束的日期。请核对类别。", fields={"until": "只有临时党支部登记。"}
        )
    if draft.until and draft.founded and draft.until <= draft.founded:
        raise Invalid(
            f"任务结束的日期 {draft.until} 不晚于成立日期 {draft.founded}。请核对日期。",
            fields={"until": "须晚于成立日期。"},
        )
    if draft.covers and JOINT not in draft.flags:
        raise Invalid("只有联合党支部登记覆盖的单位。请核对特征。", fields={"covers": "只有联合党支部登记。"})
    if len(draft.covers) > MOST_COVERED:
        raise Invalid(
            f"覆盖的单位最多登记 {MOST_COVERED} 个。请核对。", fields={"covers": f"最多 {MOST_COVERED} 个。"}
        )
    return {
        "task": one_line("task", "任务", draft.task, most=200) if draft.task else "",
        "until": draft.until,
        "covers": tuple(dict.fromkeys(one_line("covers", "单位名称", one, most=80) for one in draft.covers)),
    }
