"""Quotas of a county: set by the platform's operator, and said to who runs the county's system before they are reached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.errors import Invalid
from core.notices.inbox import tell
from core.notices.model import Found
from core.quotas.catalogue import QUOTAS
from core.quotas.room import Usage, count, usages
from tenants.accounts.access import holders
from tenants.counties import CountyView, everywhere
from tenants.database.session import Session, county_session, owner_session
from tenants.ground.clock import SHANGHAI

MOST = 10**12
"""Of what is counted in units: nobody has so much of anything."""


async def set_quotas(county: CountyView, wanted: Mapping[str, int | None]) -> None:
    """Give a county these numbers, each in its quota's unit (None: the usual one again). Operators only. Raises Invalid."""
    fields = {
        name: f"没有“{name}”这一项上限。可用的：{'、'.join(QUOTAS)}。"
        for name in wanted
        if name not in QUOTAS
    }
    fields |= {
        name: f"{QUOTAS[name].called}应为 0 至 {MOST:,} 的整数。"
        for name, number in wanted.items()
        if name in QUOTAS and number is not None and not 0 <= number <= MOST
    }
    if fields:
        raise Invalid("".join(fields.values()), fields=fields)
    given = {name: number * QUOTAS[name].scale for name, number in wanted.items() if number is not None}
    async with owner_session(county.id) as session:
        await session.execute("delete from quota where name = any($1)", [*wanted])
        await session.execute(
            "insert into quota (name, most) select * from unnest($1::text[], $2::bigint[])",
            [*given],
            [*given.values()],
        )


async def county_usages(county: CountyView) -> list[Usage]:
    """How the quotas of a county stand, for the operator: numbers alone. Opens a session of its own."""
    async with county_session(county.id, only_reads=True):
        return await usages()


async def warn(session: Session, now: datetime) -> int:
    """Count, and tell who runs this county's system what is nearly full, or full: once a month, or a day; how many were told."""
    near = [one for one in await count(now) if one.near]
    if not near:
        return 0
    local = now.astimezone(SHANGHAI)
    found = [_found(one, local) for one in near]
    told = await holders("job.manage", local.date())
    return sum([len(await tell(account, found)) for account in told])


async def warn_everywhere(now: datetime) -> int:
    """The same in every county that is not shut."""
    return await everywhere(lambda session, _: warn(session, now))


def _found(one: Usage, local: datetime) -> Found:
    when = f"{local:%Y-%m-%d}" if one.quota.per else f"{local:%Y-%m}"
    level = "full" if one.share >= 1 else "near"
    return Found(
        kind="quota", occasion=f"quota:{one.quota.name}:{level}:{when}", what=f"{level}:{one.quota.called}"
    )
