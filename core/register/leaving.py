"""Leaving the register: how one leaves, who writes it down, and what follows. Nobody is erased; 历史党员 are in former.py."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record, UniqueViolationError

from core.actor import LEVELS, Actor
from core.database import execute
from core.errors import Conflict, Forbidden, Invalid, Stale
from core.organisation.access import access_unit
from core.organisation.model import has_members
from core.organisation.service import refuse_dissolved
from core.register.access import AWAITED, access_person, refuse_unit_gone
from core.register.guests import guest_stayed, guests_left
from core.register.model import FIELD_TITLES
from core.register.service import ID_TAKEN, note_person
from core.text import one_line, refuse_future
from dangwu import LEVELS as TITLES
from dangwu import MEMBERSHIPS


class Leaving(msgspec.Struct, frozen=True):
    """A way of leaving: `past` says of somebody that he has left so; `level` is the lowest that writes it down; `member` ones end
    a membership of the Party, which only a member has; a `final` one is not come back from."""

    title: str
    past: str
    level: str
    member: bool = False
    final: bool = False


LEAVINGS = {
    "died": Leaving("去世", "去世", "committee", final=True),
    "withdrawn": Leaving("退党", "退党", "department", member=True),
    "removed": Leaving("除名（含劝退、自行脱党）", "被除名", "department", member=True),
    "expelled": Leaving("开除党籍", "被开除党籍", "department", member=True),
    "transferred-out": Leaving("转出本县", "转出本县", "committee"),
    "in-error": Leaving("登记有误", "因登记有误移出名册", "committee", final=True),
}
"""党章第九条（退党、劝退、除名由支部大会决定并报上级党组织备案或批准）、第四十二条（开除党籍的审批）。"""
OUT = "transferred-out"


class LeavingDraft(msgspec.Struct, frozen=True):
    """`kind` is a key of LEAVINGS; `day` the first on which he counts no more; `paper` names what it rests on."""

    kind: str
    day: date
    reason: str
    paper: str = ""


class Return(msgspec.Struct, frozen=True):
    """He is there again from `day` on, at a branch."""

    unit_id: UUID
    day: date
    reason: str
    paper: str


def told(person: Record) -> str:
    """已于 2026-05-01 被除名. Of somebody who has left, or is not there yet."""
    if person["left_as"] == AWAITED:
        return "凭组织关系介绍信等待接收"
    return f"已于 {person['left_on']} {LEAVINGS[person['left_as']].past}"


def ways_out(actor: Actor, path: str, membership: str) -> dict[str, Leaving]:
    """How a person of this membership can leave by this actor's hand."""
    held = actor.levels(path, "person.leave")
    return {
        kind: one
        for kind, one in LEAVINGS.items()
        if any(LEVELS.index(level) >= LEVELS.index(one.level) for level in held)
        and (MEMBERSHIPS[membership].member or not one.member)
    }


async def leave(actor: Actor, person_id: UUID, draft: LeavingDraft, seen_version: int, today: date) -> None:
    """Write down that he has left. Whether something of his is under way: changes.leave.

    Raises NotFound, Forbidden for another level, Conflict for who has left, Stale, Invalid by field.
    """
    person = await who_is_here(actor, person_id, lock=True)
    if person["version"] != seen_version:
        raise Stale("这份档案刚刚被别人修改过。请看过现在的内容，再决定是否登记。")
    _check_way(actor, person, draft.kind)
    _check_day(person, draft.day, today)
    reason = one_line("reason", "事由", draft.reason, most=200)
    paper = (
        one_line("paper", "依据", draft.paper, most=120) if draft.paper or draft.kind != "in-error" else ""
    )
    await _write(actor, person_id, LeavingDraft(draft.kind, draft.day, reason, paper))


async def depart(actor: Actor, person_id: UUID, draft: LeavingDraft, case_id: UUID) -> None:
    """He leaves the register by a case: received elsewhere, both sides having agreed, or by another decision."""
    await _write(actor, person_id, draft, case=case_id)


async def _write(actor: Actor, person_id: UUID, draft: LeavingDraft, **more: UUID) -> None:
    await execute(
        """update person set left_on = $2, left_as = $3, left_reason = $4, left_paper = $5, version = version + 1
           where id = $1""",
        person_id, draft.day, draft.kind, draft.reason, draft.paper,
    )  # fmt: skip
    await note_person(
        actor, person_id, "left", how=draft.kind, title=LEAVINGS[draft.kind].title, day=draft.day, reason=draft.reason,
        paper=draft.paper, **more,
    )  # fmt: skip
    await guests_left([person_id], draft.day)


def _check_way(actor: Actor, person: Record, kind: str) -> None:
    way = LEAVINGS.get(kind)
    if way is None:
        raise Invalid("请选择离开的情形。", fields={"kind": "请从列出的情形中选择。"})
    held = MEMBERSHIPS[person["membership"]]
    if way.member and not held.member:
        sentence = f"{person['name']}是{held.title}，没有党籍，不能登记{way.title}。"
        raise Invalid(sentence, fields={"kind": "只适用于党员。"})
    if kind not in ways_out(actor, person["path"], person["membership"]):
        raise Forbidden(f"{way.title}由{TITLES[way.level]}登记。请报{TITLES[way.level]}办理。", code="level")


def _check_day(person: Record, day: date, today: date) -> None:
    refuse_future("day", "离开的日期", day, today)
    for field, title in (
        ("born", "出生日期"),
        ("joined", FIELD_TITLES["joined"]),
        ("converted", FIELD_TITLES["converted"]),
    ):
        if person[field] and day < person[field]:
            raise Invalid(
                f"离开的日期 {day} 早于{title} {person[field]}。请核对日期。",
                fields={"day": f"早于{title}。"},
            )


async def take_back(actor: Actor, person_id: UUID, reason: str) -> None:
    """He was written down as gone by mistake: all is as before. Raises Conflict for who has not left, or whose number
    somebody else has by now; Forbidden for another level."""
    person = await who_left(actor, person_id, lock=True)
    await undo_leaving(actor, person, one_line("reason", "事由", reason, most=200))


async def undo_leaving(actor: Actor, person: Record, reason: str) -> None:
    """The same, for services that have checked who may. Raises Conflict as `take_back`."""
    await refuse_unit_gone(person)
    await _bring_back(person, person["unit_id"], person["path"], member=True)
    await guest_stayed(person["id"], person["left_on"])
    title = LEAVINGS[person["left_as"]].title
    await note_person(actor, person["id"], "returned", mistaken=True, reason=reason, title=title)


async def come_back(actor: Actor, person_id: UUID, given: Return, today: date) -> None:
    """He is at a branch again. Whoever had lost his membership is no member; rules go on counting from that day (`removed`)."""
    person = await who_left(actor, person_id, lock=True)
    way = LEAVINGS[person["left_as"]]
    if way.final:
        raise Conflict(f"{person['name']}{told(person)}，不能重新登记。登记错了的，请“撤销这次登记”。")
    unit = await access_unit(actor, given.unit_id, "person.edit", lock=True)
    refuse_dissolved(unit)
    if not has_members(unit.kind):
        raise Invalid(f"“{unit.name}”不是党支部。请选择党支部。", fields={"unit": "请选择党支部。"})
    refuse_future("day", "回来的日期", given.day, today)
    if given.day < person["left_on"]:
        raise Invalid(
            f"回来的日期早于离开的日期 {person['left_on']}。请核对日期。", fields={"day": "早于离开的日期。"}
        )
    reason = one_line("reason", "事由", given.reason, most=200)
    paper = one_line("paper", "依据", given.paper, most=120)
    await _bring_back(person, unit.id, unit.path, member=not way.member)
    await note_person(
        actor, person_id, "returned", was=person["unit_id"], unit=unit.id, day=given.day, reason=reason, paper=paper,
        title=way.title, away=person["left_on"], **({"lapsed": _lapsed(person)} if way.member else {}),
    )  # fmt: skip


def _lapsed(person: Record) -> dict[str, object]:
    """The membership that had ended, for the counts of the days before."""
    kept = {name: person[name] for name in ("membership", "joined", "converted")}
    return {**kept, "day": person["left_on"], "how": person["left_as"]}


async def who_is_here(actor: Actor, person_id: UUID, *, lock: bool = False) -> Record:
    """Somebody whom he may write down as gone. Raises NotFound, Forbidden, Conflict for who has left."""
    person = await access_person(actor, person_id, "person.leave", lock=lock)
    if person["left_on"]:
        raise Conflict(f"{person['name']}{told(person)}，不能再登记一次。")
    return person


async def who_left(actor: Actor, person_id: UUID, *, lock: bool = False) -> Record:
    """Somebody who has left, for whoever may take that back. Raises NotFound, Forbidden, Conflict for who has not."""
    person = await access_person(actor, person_id, "person.leave", lock=lock)
    if not person["left_on"]:
        raise Conflict(f"{person['name']}现在在册，没有登记离开。")
    if person["left_as"] == AWAITED:
        raise Conflict(
            f"{person['name']}{told(person)}，由接收的党组织在办理档案中接收或者退回。", code=AWAITED
        )
    way = LEAVINGS[person["left_as"]]
    if person["left_as"] not in ways_out(actor, person["path"], person["membership"]):
        raise Forbidden(
            f"{way.title}由{TITLES[way.level]}登记，也由它变更。请报{TITLES[way.level]}办理。", code="level"
        )
    return person


async def _bring_back(person: Record, unit_id: UUID, path: str, *, member: bool) -> None:
    lost = "" if member else ", membership = 'none', joined = null, converted = null, removed = left_on"
    try:
        await execute(
            f"""update person set unit_id = $2, path = $3, left_on = null, left_as = null, left_reason = '', left_paper = '',
                version = version + 1{lost} where id = $1""",
            person["id"], unit_id, path,
        )  # fmt: skip
    except UniqueViolationError:
        raise Conflict(ID_TAKEN) from None
