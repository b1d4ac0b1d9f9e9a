"""What putting an activity right, or withdrawing it, would take away: duties that it discharged, records made at it in cases."""

from __future__ import annotations

from datetime import date

import msgspec

from core.activities.amend import Amendment
from core.activities.model import KINDS, Activity
from core.actor import Actor
from core.casework.lists.held import HeldLine, held_at, standing_at
from core.duties.effect import Effect, effect
from core.duties.queries import RegimesFor
from core.errors import Conflict


class Takes(msgspec.Struct, frozen=True):
    """`duties`: what becomes of them; `apart`: records in cases (those that he sees) that go on saying another day or other
    numbers, and `others`, how many there are besides."""

    duties: Effect
    apart: tuple[HeldLine, ...] = ()
    others: int = 0


async def takes(actor: Actor, amendment: Amendment, regimes_for: RegimesFor, today: date) -> Takes:
    """What a correction takes away. Raises Conflict where people were decided on and the new kind decides on nobody."""
    found, was, now = amendment.activity, amendment.was.content, amendment.now.content
    duties = await effect(found, now, regimes_for, today)
    records = await standing_at(found.id)
    if records and not KINDS[now.kind].decides:
        raise Conflict(
            f"这次会上的表决记在 {records} 份档案里，{now.title}不能作这样的表决，不能改成{now.title}。"
            "表决记错了的，请先在各人的档案里撤销那一条记录。",
            code="records",
            fields={"kind": "会上作过表决，不能改成这一种活动。"},
        )
    same = (was.day, was.eligible, was.present) == (now.day, now.eligible, now.present)
    if not records or same:
        return Takes(duties)
    seen = [one for one in await held_at(actor, found.id) if not one.struck]
    return Takes(duties, tuple(seen), records - len(seen))


async def ends(found: Activity, regimes_for: RegimesFor, today: date) -> Takes:
    """What a withdrawal takes away. Raises Conflict while records in cases rest on it."""
    if records := await standing_at(found.id):
        raise Conflict(
            f"这次会上的表决记在 {records} 份档案里，会议不能撤销。请先在各人的档案里撤销那一条记录，再撤销会议。",
            code="records",
        )
    return Takes(await effect(found, None, regimes_for, today))
