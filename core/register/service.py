"""What can be done with a person's file: enter, correct, tag, reveal a number."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import UniqueViolationError

from core.actor import Actor
from core.database import execute, fetch, fetchrow, fetchval
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.ledger.note import note_reading
from core.organisation.access import access_unit
from core.organisation.model import has_members
from core.organisation.service import refuse_dissolved
from core.quotas.room import make_room
from core.register.access import access_person
from core.register.alike import refuse_alike
from core.register.check import checked
from core.register.columns import columns_of, draft_of
from core.register.identity import open_id, open_phone, seal_id
from core.register.model import FIELD_TITLES, PersonDraft, WithCases
from core.text import one_line, refuse_malformed

MEMBERSHIP_FIELDS = ("membership", "joined", "converted", "removed")
FOLLOWS_CASE = "此人的人员类别和有关日期由办理档案确定，随办理进程变更，不能直接修改。"
MOST_TOLD = 20
VERSIONED = [
    "corrected",
    "carried",
    "transferred",
    "followed",
    "decided",
    "left",
    "returned",
    "arrived",
    "absorbed",
    "merged",
    "severed",
    "minimised",
]
"""The changes by which a file has another version."""
TOLD = {
    "tags": "{by}修改了特征。",
    "left": "{by}登记了离开（{title}）。",
    "returned": "{by}变更了离开的登记（{title}）。",
    "carried": "{by}办理了支部合并，此人随之转入。",
    "transferred": "{by}办理了接收，此人转入另一党组织。",
    "arrived": "{by}办理了接收，此人从县外转入。",
    "followed": "办理进程有了结果，人员类别随之变更。",
    "post": "{by}登记了党内职务。",
    "minimised": "联系信息已按本县规定的年限抹去。",
    "absorbed": "{by}合并了两份档案（“{name}”）。",
    "merged": "{by}合并了两份档案（“{name}”）。",
    "severed": "{by}撤销了两份档案的合并（“{name}”）。",
    "apart": "{by}认定此人和同样登记的“{name}”不是同一人。",
}
"""Kind of a change → what it says, of who made it and of its detail; any other is told by the particulars that it changed."""
ID_TAKEN = (
    "这个身份证号码已经登记在本县的名册中。请按证件尾号查找；在历史党员中的，请在他的页面重新登记；"
    "如在别的党组织，请先办理组织关系转接。"
)


async def enter(
    actor: Actor, unit_id: UUID, draft: PersonDraft, today: date, *, distinct: bool = False
) -> UUID:
    """Enter a person at a branch; the new id. `distinct`: whoever has the same name and birth date has been looked at, and is
    another. Raises Invalid by field, Conflict for whom the register has already."""
    unit = await access_unit(actor, unit_id, "person.edit", lock=True)
    refuse_dissolved(unit)
    if not has_members(unit.kind):
        raise Invalid(
            f"人员须登记在党支部，“{unit.name}”不是党支部。请选择党支部。", fields={"unit": "请选择党支部。"}
        )
    entered = checked(draft, today)
    _check_membership(actor, unit.path, PersonDraft(name=draft.name), entered)
    await _refuse_twice(actor, unit_id, entered)
    await _refuse_taken(entered)
    if not distinct:
        await refuse_alike(actor, entered)
    await make_room("people")
    values = columns_of(entered) | {"unit_id": unit.id, "path": unit.path}
    marks = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    try:
        person_id: UUID = await fetchval(
            f"insert into person ({', '.join(values)}) values ({marks}) returning id", *values.values()
        )
    except UniqueViolationError:
        raise Conflict(ID_TAKEN, fields={"national_id": "已有此号码。"}) from None
    await note_person(actor, person_id, "entered", unit=unit.id)
    return person_id


_TAKEN = """
    select exists (select from person where id_index = $1 and (left_as is null or left_as not in ('in-error', 'awaited')))
"""


async def _refuse_taken(entered: PersonDraft) -> None:
    """Before it is said who is alike: else a number that is known to be taken asks whether there is somebody, and enters none."""
    number = seal_id(entered.national_id)["id_index"]
    if number is not None and await fetchval(_TAKEN, number):
        raise Conflict(ID_TAKEN, fields={"national_id": "已有此号码。"})


async def _refuse_twice(actor: Actor, unit_id: UUID, entered: PersonDraft) -> None:
    # The same form sent twice; with a national id, that tells.
    latest = await fetchrow(
        """select p.* from person p join person_change c on c.person_id = p.id and c.kind = 'entered'
           where p.unit_id = $1 and c.by_id = $2 order by p.id desc limit 1""",
        unit_id, actor.id,
    )  # fmt: skip
    if entered.national_id is None and latest is not None and draft_of(latest) == entered:
        sentence = (
            f"您刚刚已经登记过“{entered.name}”，内容完全相同，没有再登记一次。"
            "如果是同名的另一个人，请填写身份证号码或出生日期。"
        )
        raise Conflict(sentence, code="twice", fields={"name": "刚刚已经登记过。"})


async def correct(
    actor: Actor, person_id: UUID, draft: PersonDraft, seen_version: int, today: date, with_cases: WithCases
) -> tuple[str, ...]:
    """Correct a person's particulars; the names of the fields that changed. What follows for his case: changes.correct.

    Raises NotFound, Stale, Invalid by field, Forbidden, Conflict (membership follows from a case; national id known).
    """
    row = await access_person(actor, person_id, "person.edit", lock=True)
    if row["version"] != seen_version:
        sentence = "这份档案刚刚被别人修改过。请对照现在的内容，再决定是否按您填写的保存。"
        raise Stale(sentence, changes=await _since(person_id, row["version"] - seen_version))
    old, new = draft_of(row), checked(draft, today)
    if _membership_differs(old, new) and await with_cases([person_id]):
        raise Conflict(FOLLOWS_CASE, fields={"membership": FOLLOWS_CASE})
    _check_membership(actor, row["path"], old, new)
    changed = changed_fields(old, new)
    if not changed:
        return ()
    await write_draft(person_id, new)
    await note_person(actor, person_id, "corrected", **differences(old, new))
    return changed


async def write_draft(person_id: UUID, draft: PersonDraft) -> None:
    """Write all particulars of a person. Raises Conflict for a number that somebody else has."""
    values = columns_of(draft)
    sets = ", ".join(f"{column} = ${place}" for place, column in enumerate(values, start=2))
    try:
        await execute(
            f"update person set {sets}, version = version + 1 where id = $1", person_id, *values.values()
        )
    except UniqueViolationError:
        raise Conflict(ID_TAKEN, fields={"national_id": "已有此号码。"}) from None


def _check_membership(actor: Actor, path: str, old: PersonDraft, new: PersonDraft) -> None:
    if _membership_differs(old, new) and not actor.may("register.import", path):
        raise Forbidden(
            f"{'、'.join(FIELD_TITLES[one] for one in MEMBERSHIP_FIELDS)}由县委组织部登记，或随办理进程变更。"
            "请报县委组织部办理。",
            code="membership",
        )
    if old.standing != new.standing and not actor.may("register.import", path):
        raise Forbidden(
            f"{FIELD_TITLES['standing']}随办理档案变更，名册登记有误的由县委组织部更正。请按规定的程序办理，或者报县委组织部。",
            code="standing",
            fields={"standing": "不能直接修改。"},
        )


def _membership_differs(old: PersonDraft, new: PersonDraft) -> bool:
    return any(getattr(old, field) != getattr(new, field) for field in MEMBERSHIP_FIELDS)


async def tags_now(person_id: UUID) -> frozenset[str]:
    """The tags that hold of a person; for services that have checked access."""
    rows = await fetch("select tag from person_tag where person_id = $1 and ended is null", person_id)
    return frozenset(row["tag"] for row in rows)


async def replace_tags(actor: Actor, person_id: UUID, tags: frozenset[str], day: date) -> None:
    """From `day` on exactly these tags hold (rural, student …); earlier days keep theirs.

    For services that have checked access (changes.tags, casework.acts.facts). Raises Invalid for words that are no tags.
    """
    refuse_malformed("tags", tags)
    now = await tags_now(person_id)
    if now == tags:
        return
    await execute(
        """update person_tag set ended = greatest(since, $3)
           where person_id = $1 and (ended is null or ended > $3) and tag = any($2)""",
        person_id, list(now - tags), day,
    )  # fmt: skip
    await execute(
        "insert into person_tag (person_id, tag, since) select $1, tag, $3 from unnest($2::text[]) tag",
        person_id, sorted(tags - now), day,
    )  # fmt: skip
    await note_person(actor, person_id, "tags", was=sorted(now), now=sorted(tags), day=day)


async def reveal(actor: Actor, person_id: UUID, what: str, purpose: str) -> str:
    """The national id or mobile number in full, after it is written down who asked and why.

    `what` is national-id or phone; `purpose` at least four characters.
    """
    row = await access_person(actor, person_id, "identity.reveal")
    purpose = one_line("purpose", "查看目的", purpose, most=200)
    if len(purpose) < 4:
        raise Invalid(
            "查看目的太短。请写明用于办理什么事项，至少 4 个字。", fields={"purpose": "至少 4 个字。"}
        )
    openers = {"national-id": (open_id, "id_sealed"), "phone": (open_phone, "phone_sealed")}
    if what not in openers:
        raise Invalid("可以查看的只有身份证号码和手机号。", fields={"what": "请选择身份证号码或手机号。"})
    opener, column = openers[what]
    number = opener(row[column])
    if number is None:
        raise NotFound(f"“{row['name']}”的档案里没有登记这项号码。")
    await note_reading(actor, [person_id], what, purpose)
    return number


async def note_person(actor: Actor, person_id: UUID, kind: str, **detail: object) -> UUID:
    """Write a line into the person's history, in the transaction that makes the change; its id."""
    line: UUID = await fetchval(
        "insert into person_change (person_id, kind, detail, by_id, by_name) values ($1, $2, $3, $4, $5) returning id",
        person_id, kind, msgspec.json.encode(detail).decode(), actor.id, actor.name,
    )  # fmt: skip
    return line


def changed_fields(old: PersonDraft, new: PersonDraft) -> tuple[str, ...]:
    """The particulars in which two drafts differ."""
    return tuple(field for field in new.__struct_fields__ if getattr(old, field) != getattr(new, field))


def differences(old: PersonDraft, new: PersonDraft) -> dict[str, object]:
    """What a line of the history says of a change: the fields, and what they were and are; of sealed numbers the field alone."""
    changed = changed_fields(old, new)
    open_fields = [field for field in changed if field not in ("national_id", "phone")]
    return {
        "fields": changed,
        "was": {field: getattr(old, field) for field in open_fields},
        "now": {field: getattr(new, field) for field in open_fields},
    }


async def _since(person_id: UUID, versions: int) -> tuple[str, ...]:
    rows = await fetch(
        """select kind, by_name, detail from person_change
           where person_id = $1 and kind = any($3) order by id desc limit $2""",
        person_id, min(max(versions, 0), MOST_TOLD), VERSIONED,
    )  # fmt: skip
    return tuple(told_change(row["kind"], row["by_name"], row["detail"]) for row in reversed(rows))


def told_change(kind: str, by_name: str, data: str) -> str:
    """A change of a file as a sentence; `data` is its `detail` as stored."""
    detail: dict[str, Any] = msgspec.json.decode(data)
    if said := TOLD.get(kind):
        return said.format_map({**detail, "by": by_name})
    what = "、".join(FIELD_TITLES[field] for field in detail.get("fields", ())) or "档案"
    return f"{by_name}修改了{what}{'（导入名册）' if 'batch' in detail else ''}。"
