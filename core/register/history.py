"""What changed in a person's file: by whom, when, which particulars; of numbers and addresses only that they changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from core.actor import Actor
from core.database import fetch
from core.paths import placed
from core.register.access import access_person
from core.register.rights.spans import SpanDraft

NEVER_SHOWN = frozenset({"national_id", "phone", "landline", "address"})
"""Particulars of which the history names the field and never a value."""


class FieldChange(msgspec.Struct, frozen=True):
    """A particular that changed. `was` and `now` are as stored: identifiers, texts, ISO dates; both None unless `shown`."""

    field: str
    shown: bool = False
    was: Any = None
    now: Any = None


class SpanChange(msgspec.Struct, frozen=True):
    """A post or limit (`kind` post|limit of the change) that was `added`, `changed` or `voided`, with a `reason`."""

    act: str
    was: SpanDraft | None = None
    now: SpanDraft | None = None
    reason: str = ""


class PersonChangeView(msgspec.Struct, frozen=True, kw_only=True):
    """One change: `kind` entered|corrected|tags|carried|transferred|followed|decided|post|limit|left|returned|arrived|apart|
    merged|severed|minimised.

    `unit_name` is where he was entered or taken to; `day` from when it holds, where that is another day than `at`;
    an `imported` change came with a roster, of whose fields no values are kept, nor of older ones their names; one that is
    `undone` was taken back with all of it. Who has left or returned did so by the way `title`, for a
    `reason`, by a `paper`; a return that is `mistaken` says that he had never left. `name` is of the other file where two were
    compared or made one; a change is `gone`'s where it was made in a file that has gone into this one.
    """

    kind: str
    by_name: str
    at: datetime
    fields: tuple[FieldChange, ...] = ()
    unit_name: str = ""
    day: date | None = None
    imported: bool = False
    span: SpanChange | None = None
    undone: bool = False
    title: str = ""
    reason: str = ""
    paper: str = ""
    mistaken: bool = False
    name: str = ""
    gone: bool = False


async def person_history(actor: Actor, person_id: UUID, limit: int = 50) -> list[PersonChangeView]:
    """The latest changes of a person's file, and of those that have gone into it, newest first; of limits only with
    `sanction.view`. Raises NotFound, Forbidden."""
    row = await access_person(actor, person_id)
    return await changes_of(person_id, limits=actor.may("sanction.view", row["path"]), limit=limit)


async def changes_of(person_id: UUID, *, limits: bool, limit: int = 50) -> list[PersonChangeView]:
    """The same for who has checked already that they may be seen; with what limits rights if `limits`."""
    rows = await fetch(
        f"""select c.kind, c.detail, c.by_name, c.at, c.person_id <> $1 gone, {placed()} unit_name from person_change c
            left join unit u on u.id = coalesce(c.detail->>'unit', case when c.kind in ('carried', 'transferred')
                then c.detail->>'now'
                when c.kind = 'post' then coalesce(c.detail->'now', c.detail->'was')->>'unit_id' end)::uuid
            where c.person_id = any(array(select id from person where id = $1 or merged_into = $1))
              and (c.kind <> 'limit' or $2) order by c.id desc limit {int(limit)}""",
        person_id, limits,
    )  # fmt: skip
    return [_view(row, msgspec.json.decode(row["detail"])) for row in rows]


def _view(row: Record, detail: dict[str, Any]) -> PersonChangeView:
    kind: str = row["kind"]
    return PersonChangeView(
        kind=kind,
        by_name=row["by_name"],
        at=row["at"],
        gone=row["gone"],
        fields=_fields(kind, detail),
        unit_name=row["unit_name"] or "",
        day=date.fromisoformat(detail["day"]) if detail.get("day") else None,
        imported="batch" in detail,
        span=msgspec.convert(detail, SpanChange) if kind in ("post", "limit") else None,
        undone="undone" in detail,
        title=detail.get("title", ""),
        reason=detail.get("reason", ""),
        paper=detail.get("paper", ""),
        mistaken=detail.get("mistaken", False),
        name=detail.get("name", ""),
    )


def _fields(kind: str, detail: dict[str, Any]) -> tuple[FieldChange, ...]:
    if kind in ("post", "limit"):
        return ()
    if kind == "tags":
        return (FieldChange("tags", True, detail.get("was"), detail.get("now")),)
    if kind == "followed":
        return (FieldChange("membership", True, None, detail.get("membership")),)
    was, now = (one if isinstance(one, dict) else {} for one in (detail.get("was"), detail.get("now")))
    return tuple(
        FieldChange(field)
        if field in NEVER_SHOWN or (field not in was and field not in now)
        else FieldChange(field, True, was.get(field), now.get(field))
        for field in detail.get("fields", ())
    )
