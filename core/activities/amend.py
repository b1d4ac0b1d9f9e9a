"""A record that was written down wrongly is put right or withdrawn by the level that made it; what it said before is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from core.activities.check import Counted, checked
from core.activities.model import Activity, ActivityDraft, Attended, Content
from core.activities.queries import activity, attended
from core.activities.service import COLUMNS, own_unit, values, write_roll
from core.actor import Actor
from core.database import execute, fetch
from core.errors import Conflict, Invalid, Stale
from core.regimes import RegimeAt
from core.text import one_line

LONGEST_REASON = 500
Kind = Literal["correction", "withdrawal"]


class Said(msgspec.Struct, frozen=True):
    """A record with its roll, as a change keeps it."""

    content: Content
    roll: tuple[Attended, ...]

    @property
    def counted(self) -> Counted:
        """Who counts."""
        one = self.content
        return Counted(one.eligible, one.present, one.reckoned, one.why)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What was said before and is said since (the same, once it is withdrawn), why, by whom."""

    kind: Kind
    was: Said
    now: Said
    reason: str
    by_name: str
    at: datetime


class Amendment(msgspec.Struct, frozen=True):
    """A record that is about to be changed: as it stands, and as it will."""

    activity: Activity
    was: Said
    now: Said


async def amended(
    actor: Actor, activity_id: UUID, draft: ActivityDraft, regime_for: RegimeAt, today: date
) -> Amendment:
    """A record with what a draft would make of it. Raises NotFound, Forbidden, Conflict (withdrawn), Invalid by field."""
    found, was = await to_change(actor, activity_id)
    unit = await own_unit(actor, found.unit_id)
    draft = msgspec.structs.replace(draft, unit_id=found.unit_id)
    content, roll = await checked(draft, unit, await regime_for(found.path), today, already=was.content)
    now = Said(content, roll)
    if now == was:
        raise Invalid("填写的和原来的记录一样，没有要更正的。请改正记错的地方。", code="same")
    return Amendment(found, was, now)


async def to_change(actor: Actor, activity_id: UUID) -> tuple[Activity, Said]:
    """A record that he may change, kept from others until the transaction ends, with what it says."""
    found = await activity(actor, activity_id, "activity.record", lock=True)
    await own_unit(actor, found.unit_id)
    if found.withdrawn:
        raise Conflict("这次活动的记录已经撤销，不能再改。需要的请重新记录。", code="withdrawn")
    content = Content(**{name: getattr(found, name) for name in COLUMNS})
    return found, Said(content, tuple(await attended(activity_id)))


async def correct(actor: Actor, amendment: Amendment, reason: str, seen_version: int) -> None:
    """Put it right. Raises Invalid without a reason, Stale where others have changed it since `seen_version`."""
    found, now = amendment.activity, amendment.now
    await _note(actor, found, "correction", amendment.was, now, reason, seen_version)
    says = ", ".join(f"{name} = ${number}" for number, name in enumerate(COLUMNS, 2))
    await execute(
        f"update activity set {says}, version = version + 1 where id = $1", found.id, *values(now.content)
    )
    await execute("delete from attendance where activity_id = $1", found.id)
    await write_roll(found.id, now.roll)


async def withdraw(actor: Actor, found: Activity, was: Said, reason: str, seen_version: int) -> None:
    """Let it count for nothing any more. Raises as `correct`."""
    await _note(actor, found, "withdrawal", was, was, reason, seen_version)
    await execute("update activity set withdrawn = true, version = version + 1 where id = $1", found.id)


async def changes(activity_id: UUID) -> Sequence[Change]:
    """What was changed, the latest first; for whoever has been shown the activity."""
    rows = await fetch(
        "select kind, was, now, reason, by_name, at from activity_change where activity_id = $1 order by id desc",
        activity_id,
    )
    return [_read(dict(row)) for row in rows]


def _read(row: dict[str, Any]) -> Change:
    said = {name: msgspec.json.decode(row[name], type=Said) for name in ("was", "now")}
    return Change(**{**row, **said})


async def _note(
    actor: Actor, found: Activity, kind: Kind, was: Said, now: Said, reason: str, seen_version: int
) -> None:
    if seen_version != found.version:
        latest = (await changes(found.id))[:1]
        raise Stale(
            "您打开这一页以后，别人改过这次活动的记录，您的更改没有保存。请核对以后再改。",
            changes=tuple(f"{one.by_name}：{one.reason}" for one in latest),
        )
    why = one_line("reason", "原因", reason, most=LONGEST_REASON)
    await execute(
        """insert into activity_change (activity_id, kind, was, now, reason, by_id, by_name)
           values ($1, $2, $3, $4, $5, $6, $7)""",
        found.id, kind, _kept(was), _kept(now), why, actor.id, actor.name,
    )  # fmt: skip


def _kept(said: Said) -> str:
    return msgspec.json.encode(said).decode()
