"""Whether there is room for more: asked in the transaction that brings it, so that what is refused leaves nothing behind."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from core.database import execute, fetchrow
from core.errors import Conflict
from core.quotas.catalogue import NEAR, QUOTAS, Quota

USED = {
    "files": """select coalesce(sum(size), 0)::bigint from (select size from attachment union all
        select size from activity_file union all select size from unit_file) file""",
    "people": "select count(*) from person",
    "accounts": "select count(*) from account where active and not operator",
    "jobs": """select count(*) from outbox o left join task_run r on r.tenant_id = o.tenant_id and r.message_id = o.run_id
        where o.asked_id is not null and r.finished_at is null and r.given_up_at is null""",
    "exports": "select count(*) from export where at > now() - interval '1 day'",
    "mails": "select coalesce(sum(sent), 0)::bigint from notice_setting where sent_on = current_date",
    "mails_of_one": "select coalesce(max(sent), 0)::bigint from notice_setting where sent_on = current_date",
    "pushes": "select coalesce(sum(sent), 0)::bigint from notice_hook where sent_on = current_date",
}
"""How much there is of each; what comes by the minute is counted elsewhere (tenants/calls.py)."""

ALONE = 0.95
"""Beyond this share, and with more than LITTLE anywhere, whoever brings more waits for who does the same."""

LITTLE = 0.01
"""So much more of what a county may have is brought without counting, where there was plenty of room when it was counted."""


class Full(Conflict):
    """There is no room: the operator's number is reached."""

    code = "quota"

    def __init__(self, quota: Quota, used: int, most: int) -> None:
        super().__init__(
            f"本县{quota.called}已有 {quota.said(used)}，平台运维单位定的上限是 {quota.said(most)}：{quota.then}。"
            "请本县系统管理员（“后台任务—用量”）核对，需要更多的，请平台运维单位提高上限以后再办。"
        )


class Usage(NamedTuple):
    """How a quota stands in this county: `most` allowed, `used` so far (None: not counted here), both as stored."""

    quota: Quota
    most: int
    used: int | None
    usual: bool

    @property
    def share(self) -> float:
        """How full it is; 1 and more: full."""
        return (self.used or 0) / self.most if self.most else 1.0

    @property
    def near(self) -> bool:
        """Whether it is to be said that there is little left."""
        return self.used is not None and self.share >= NEAR


async def has_room(name: str) -> bool:
    """Whether one more of it fits."""
    stands = await standing(name)
    return (stands.used or 0) < stands.most


async def make_room(name: str, more: int = 1) -> None:
    """Raise Full unless `more` of it still fit in this county."""
    if await _plenty(name, more):
        return
    stands = await standing(name)
    if more > stands.most * LITTLE or (stands.used or 0) + more > stands.most * ALONE:
        await execute(
            "select pg_advisory_xact_lock(hashtextextended('quota ' || $1 || session_county(), 0))", name
        )
        stands = await standing(name)
        if (stands.used or 0) + more > stands.most:
            raise Full(stands.quota, stands.used or 0, stands.most)


async def _plenty(name: str, more: int) -> bool:
    """Whether, as it was counted lately and with what was brought since, so little more does not come near the limit.

    What is brought is added there, so that many who bring little do not go far together; while somebody else is just adding,
    it is counted instead of waited for.
    """
    row = await fetchrow(_ADD, name, QUOTAS[name].stored, more)
    return row is not None


_ADD = f"""
    with room as (
        select c.name, coalesce(q.most, $2::bigint) most from quota_counted c left join quota q on q.name = c.name
        where c.name = $1 and c.at > now() - interval '2 hours' and $3::bigint <= {LITTLE} * coalesce(q.most, $2)
            and c.used + $3 < {NEAR} * coalesce(q.most, $2)
        for update of c skip locked)
    update quota_counted c set used = c.used + $3 from room where c.name = room.name
        and c.used + $3 < {NEAR} * room.most
    returning c.used
"""


async def count(now: datetime) -> list[Usage]:
    """How all of them stand, kept for those who bring one more in the next two hours."""
    found = await usages()
    counted = {one.quota.name: one.used for one in found if one.used is not None}
    await execute(
        """insert into quota_counted (name, used, at) select *, $3 from unnest($1::text[], $2::bigint[])
           on conflict (tenant_id, name) do update set used = excluded.used, at = excluded.at""",
        [*counted], [*counted.values()], now,
    )  # fmt: skip
    return found


async def standing(name: str) -> Usage:
    """How one of them stands."""
    row = await fetchrow(f"select (select most from quota where name = $1), ({USED[name]})", name)
    assert row is not None
    return _usage(QUOTAS[name], row[0], row[1])


async def usages() -> list[Usage]:
    """How all of them stand, in the order in which they are shown."""
    row = await fetchrow(_ALL)
    assert row is not None
    return [_usage(quota, row[2 * at], row[2 * at + 1]) for at, quota in enumerate(QUOTAS.values())]


_ALL = "select " + ", ".join(
    f"(select most from quota where name = '{name}'), ({USED.get(name, 'select null')})" for name in QUOTAS
)


def _usage(quota: Quota, most: int | None, used: int | None) -> Usage:
    return Usage(quota, quota.stored if most is None else most, used, most is None)
