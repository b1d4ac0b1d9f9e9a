"""Previews over many cases: worked out by a task in parts, kept until the next day, read by the one who asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.standing.sweep import running_below
from core.errors import NotFound
from core.progress import told
from tenants.database.session import Session, current_session
from tenants.policies.changes import Change
from tenants.policies.preview.found import NOBODY, CaseChanges
from tenants.policies.preview.preview import (
    Preview,
    Previewed,
    cases_changed,
    planned_for,
    previewed,
)
from tenants.policies.service import Planned
from tenants.queue.outbox import enqueue
from tenants.queue.run import Ended, task

AT_ONCE = 500
"""So many cases are judged while whoever asks is waiting."""
FIRST_PART, PART = 500, 2_500
"""Cases of a message: the first figures come at once, and no part takes long or much memory."""
KEEP = "1 day"

Fields = Sequence[tuple[str, str]]
"""What the page that asked was filled in with, to be carried through the preview."""


class StoredPreview(msgspec.Struct, frozen=True, kw_only=True):
    """A preview that was asked for, as far as it has come: `state` running, done, lost (given up by the worker) or cancelled.

    `previewed.preview.cases` has what was found in `cases.under_way` of `total` cases; `id` is None where they were few.
    """

    id: UUID | None
    unit_id: UUID
    plugin: str
    state: str
    total: int
    previewed: Previewed
    fields: Fields = ()


async def ask(actor: Actor, unit_id: UUID, change: Change, today: date, fields: Fields = ()) -> StoredPreview:
    """What a change at a unit would do: at once where few cases lie below it, else `state` is running and a task goes on.

    Writes nothing but the question itself. Raises what `service.apply` would raise.
    """
    planned, day = await planned_for(actor, unit_id, change, today)
    below = await running_below(planned.place.path)
    few = len(below) <= AT_ONCE
    found = await cases_changed(planned, day, below) if few else NOBODY
    shown = await previewed(planned, day, found)
    kept = None if few else await _keep(actor, planned, shown, len(below), fields)
    return StoredPreview(
        id=kept, unit_id=unit_id, plugin=planned.added[0].plugin, state="done" if few else "running",
        total=len(below), previewed=shown, fields=fields,
    )  # fmt: skip


async def _keep(actor: Actor, planned: Planned, previewed: Previewed, total: int, fields: Fields) -> UUID:
    found: UUID = await current_session().fetchval(
        """insert into policy_preview (by_id, unit_id, planned, seen, preview, total, fields)
           values ($1, $2, $3, $4, $5, $6, $7) returning id""",
        actor.id, planned.place.unit_id, _json(planned), previewed.seen, _json(previewed.preview), total, _json(fields),
    )  # fmt: skip
    await enqueue(preview_part, preview_id=str(found))
    return found


async def asked(actor: Actor, preview_id: UUID) -> StoredPreview:
    """A preview that he has asked for himself. Raises NotFound, also once it has been forgotten."""
    row = await current_session().fetchrow(
        "select id, unit_id, planned -> 'added' -> 0 ->> 'plugin' plugin, state, total, preview, seen, fields"
        " from policy_preview where id = $1 and by_id = $2",
        preview_id, actor.id,
    )  # fmt: skip
    if row is None:
        raise NotFound("没有找到这次预览，它可能已经过期。请回到政策页面重新预览。")
    return StoredPreview(
        id=row["id"], unit_id=row["unit_id"], plugin=row["plugin"], state=row["state"], total=row["total"],
        previewed=Previewed(msgspec.json.decode(row["preview"], type=Preview), row["seen"]),
        fields=msgspec.json.decode(row["fields"], type=list[tuple[str, str]]),
    )  # fmt: skip


async def _lost(session: Session, preview_id: str, *, ended: Ended, after: str | None = None) -> None:
    state = "cancelled" if ended == "cancelled" else "lost"
    await session.execute("update policy_preview set state = $2 where id = $1", UUID(preview_id), state)


@task("预览政策改动", given_up=_lost, asked=True, singly=True)
async def preview_part(
    session: Session, preview_id: str, after: str | None = None, until: str | None = None
) -> None:
    """Judge the next cases of a preview, those behind the case `after` up to `until`, and call for the next part.

    Behind the first part go two chains of parts, each through a half of what is left: where the worker has two processes, they
    work side by side.
    """
    row = await session.fetchrow(
        "select planned, preview, total from policy_preview where id = $1", UUID(preview_id)
    )
    if row is None:
        # Forgotten meanwhile: nobody waits for it.
        return
    planned = msgspec.json.decode(row["planned"], type=Planned)
    day = msgspec.json.decode(row["preview"], type=Preview).day
    part, most = (
        _Part(UUID(after) if after else None, UUID(until) if until else None),
        PART if after else FIRST_PART,
    )
    ids = await part.cases(planned.place.path, most)
    found = await cases_changed(planned, day, ids)
    follow = await part.following(planned.place.path, ids) if len(ids) == most else []
    await _add(session, UUID(preview_id), found, len(follow) - 1)
    await told(len(ids), row["total"])
    for one in follow:
        await enqueue(
            preview_part, goes_on=True, preview_id=preview_id,
            after=str(one.after), until=str(one.until) if one.until else None,
        )  # fmt: skip


class _Part(NamedTuple):
    """The cases behind `after` up to `until` (None: from the first, to the last), by their ids."""

    after: UUID | None
    until: UUID | None

    async def cases(self, path: str, most: int | None = None) -> list[UUID]:
        """The first of them."""
        return await running_below(path, after=self.after, until=self.until, most=most)

    async def following(self, path: str, done: Sequence[UUID]) -> list[_Part]:
        """What is left behind those that are done; behind the very first, in two halves."""
        rest = _Part(done[-1], self.until)
        left = await rest.cases(path) if self.after is None else []
        if len(left) < 2:
            return [rest]
        middle = left[len(left) // 2 - 1]
        return [_Part(rest.after, middle), _Part(middle, None)]


async def _add(session: Session, preview_id: UUID, found: CaseChanges, chains: int) -> None:
    """Add what a part has found; `chains` is by how many there are more, or fewer, now. With the last one it is done."""
    kept = await session.fetchval("select preview from policy_preview where id = $1 for update", preview_id)
    if kept is None:
        return
    preview = msgspec.json.decode(kept, type=Preview)
    preview = msgspec.structs.replace(preview, cases=preview.cases.with_more(found))
    await session.execute(
        """update policy_preview set preview = $2, chains = chains + $3, total = greatest(total, $4),
               state = case when state = 'running' and chains + $3 = 0 then 'done' else state end where id = $1""",
        preview_id, _json(preview), chains, preview.cases.under_way,
    )  # fmt: skip


async def forget_old_previews(session: Session) -> None:
    """Drop previews that nobody will confirm any more."""
    await session.execute(f"delete from policy_preview where at < now() - interval '{KEEP}'")


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
