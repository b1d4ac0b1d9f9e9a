"""What an operator is told of the counties: figures and states, and nothing of what is in them."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from core.quotas.room import Usage, usages
from deploy.noted import first_altered, last
from migrations.migrate import missing
from tenants.counties import CountyView, counties
from tenants.database.session import county_session, owner_session
from tenants.ground.pulse import troubles
from tenants.ground.redis import redis_client
from tenants.ground.space import short_of_space
from tenants.queue.jobs import Counted, counted
from tenants.queue.starts import MOST_DEATHS

PAGE = 50


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A county: `poison` messages have ended their process again and again; `policies` is the version of its policies in force;
    `sealed_at` closes its newest epoch of the ledger, `altered` findings came of its last verification (None: never verified)."""

    county: CountyView
    opened: date
    delete_after: date | None
    usages: list[Usage]
    jobs: Counted
    poison: int
    policies: int
    sealed_at: datetime | None
    verified_at: datetime | None
    altered: int | None

    def used(self, name: str) -> Usage:
        """How one of its quotas stands."""
        return next(one for one in self.usages if one.quota.name == name)

    @property
    def near(self) -> list[Usage]:
        """What is nearly full, or full."""
        return [one for one in self.usages if one.near]


class Installation(msgspec.Struct, frozen=True):
    """What concerns them all: its last migration and those that have not run, the floor's texts in force, the last backup,
    what is wrong with the machine, and the first line of the operators' ledger that was altered."""

    migration: str
    missing: list[str]
    floors: list[str]
    backed_up: datetime | None
    troubles: list[str]
    altered: int | None


async def listed(after: str = "") -> list[CountyView]:
    """Counties by slug, PAGE of them and one more."""
    return [one for one in await counties() if one.slug > after][: PAGE + 1]


async def told(county: CountyView) -> Told:
    """One of them. Opens sessions of its own."""
    async with owner_session() as session:
        row = await session.fetchrow(
            "select opened, delete_after, policy_version from county where id = $1", county.id
        )
    assert row is not None
    async with county_session(county.id, only_reads=True) as session:
        kept = await session.fetchrow(_KEPT, MOST_DEATHS)
        assert kept is not None
        return Told(
            county=county, opened=row["opened"], delete_after=row["delete_after"], policies=row["policy_version"],
            usages=await usages(), jobs=await counted(), poison=kept["poison"], sealed_at=kept["sealed_at"],
            verified_at=kept["verified_at"], altered=kept["altered"],
        )  # fmt: skip


_KEPT = """
    select (select count(*) from task_run where deaths >= $1 and given_up_at is not null) poison,
           (select closed_at from ledger_epoch order by number desc limit 1) sealed_at,
           checked.ended_at verified_at, (checked.report::json ->> 'found')::int altered
    from (select) one left join lateral (
        select ended_at, report from ledger_check where report is not null order by id desc limit 1) checked on true
"""


async def installation() -> Installation:
    """As it is now."""
    async with owner_session() as session:
        migration = await session.fetchval("select max(name) from migration")
        floors = await session.fetch(
            "select distinct on (plugin) plugin, left(hash, 12) hash, since from floor_text"
            " where since is null or since <= current_date order by plugin, since desc nulls last"
        )
    return Installation(
        migration or "", await missing(), [_floor(*row.values()) for row in floors],
        await last("backed-up"), [*troubles(), *await short_of_space(redis_client())], await first_altered(),
    )  # fmt: skip


def _floor(plugin: str, digest: str, since: date | None) -> str:
    return f"{plugin} {digest}" + (f"（{since} 起）" if since else "")
