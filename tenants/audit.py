"""The ledger as the people of a county read it: who did what, with the names of today beside the ids."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec

from core.actor import Actor
from core.errors import Forbidden
from core.ledger.verbs import VERBS
from tenants.database.session import current_session
from tenants.ground.clock import SHANGHAI

_LEEWAY = timedelta(hours=1)
"""By which a clock may have been put back: an id never goes back with it."""
_LAST = UUID(int=2**128 - 1)
_LINES = """
select e.id, e.at, e.by_name, f.name as for_name, e.verb, e.title, e.subject_kind, e.subject_id,
       coalesce(a.name, p.name) as subject_name, u.short_name as unit_name, e.said
from ledger_entry e left join unit u on u.tenant_id = e.tenant_id and u.id = e.unit_id
left join account f on f.tenant_id = e.tenant_id and f.id = e.acts_for
left join account a on a.tenant_id = e.tenant_id and a.id = e.subject_id and e.subject_kind = 'account'
left join person p on p.tenant_id = e.tenant_id and p.id = e.subject_id and e.subject_kind = 'person'
where ($1::uuid is null or e.subject_id = $1) and e.id >= $6 and e.id < $2
  and e.verb = any($5)
  and e.at >= coalesce($7::timestamptz, '-infinity') and e.at < coalesce($8::timestamptz, 'infinity')
  and exists (select from unnest($3::text[]) as scope
              where starts_with(u.path, scope) or (u.path is null and scope ~ '^/[^/]+/$'))
order by e.id desc limit $4
"""


class Entry(msgspec.Struct, frozen=True):
    """One line of the log; `title` is as it was written, `subject_name` that of the account or person.

    `for_name` is whose deputy he was; `erased`: the details are gone, by a decision that has a line of its own.
    """

    id: UUID
    at: datetime
    by_name: str
    for_name: str | None
    verb: str
    title: str
    subject_kind: str
    subject_id: UUID | None
    subject_name: str | None
    unit_name: str | None
    detail: dict[str, Any]
    erased: bool


async def entries(
    actor: Actor,
    *,
    subject_id: UUID | None = None,
    verbs: Collection[str] = tuple(VERBS),
    since: date | None = None,
    until: date | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[Entry]:
    """The log, newest first, of the units over which he holds `audit.view`, of the days from `since` to `until`
    (both included); `before` is the last id of the page before.

    Entries without a unit (sign-ins, settings of the county) are shown to whoever oversees the whole county.
    """
    scopes = actor.scopes("audit.view")
    if not scopes:
        raise Forbidden("您没有查看操作日志的权限。如工作需要，请由组织部管理员授权。")
    first = datetime.combine(since, time.min, SHANGHAI) if since else None
    end = datetime.combine(until, time.min, SHANGHAI) + timedelta(days=1) if until else None
    rows = await current_session().fetch(
        _LINES,
        subject_id,
        min(before or _LAST, _made_at(end + _LEEWAY) if end else _LAST),
        list(scopes),
        min(limit, 200),
        list(verbs),
        _made_at(first - _LEEWAY) if first else UUID(int=0),
        first,
        end,
    )
    return [
        Entry(r["id"], r["at"], r["by_name"], r["for_name"], r["verb"], r["title"], r["subject_kind"], r["subject_id"],
              r["subject_name"], r["unit_name"], msgspec.json.decode(r["said"] or "{}"), r["said"] is None)
        for r in rows
    ]  # fmt: skip


def _made_at(moment: datetime) -> UUID:
    """The least id that a row of this moment can have (RFC 9562, version 7: milliseconds in front): the key finds days by it."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)
