"""Corrections in a text of the floor: previewed over every county, signed by the operator, from then on they hold for what began
before the text was installed, too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

from core.casework.model import Way
from core.casework.standing.sweep import running_below
from core.errors import Conflict, Invalid, NotFound
from dangwu import Floor, Regime, Rule
from tenants.counties import CountyView, counties
from tenants.database.session import county_session, global_session, owner_session
from tenants.policies import floors, texts
from tenants.policies.floors import Line
from tenants.policies.preview.found import NOBODY, CaseChanges
from tenants.policies.preview.preview import changed
from tenants.policies.regimes import CountyPolicies, cache, county_policies, on_floor, where_judged
from tenants.policies.standings import recompute_below
from tenants.queue.outbox import enqueue

PART = 500
"""Cases that are judged at once."""


async def pending() -> list[tuple[Line, tuple[Rule, ...]]]:
    """The texts of the floor with corrections that nobody has signed, and these. Opens a session of its own."""
    async with global_session():
        found = await floors.lines()
        await texts.load(line.hash for line in found)
    return [
        (line, rules)
        for line in found
        if line.since is not None and line.corrected_at is None and (rules := _corrections(line))
    ]


def _corrections(line: Line) -> tuple[Rule, ...]:
    return tuple(rule for rule in texts.policy_of(line.hash, line.plugin).rules if rule.corrects)


async def preview(line: Line, today: date) -> list[tuple[CountyView, CaseChanges]]:
    """What the corrections of a text change in the running cases of each county. Opens sessions of its own."""
    async with global_session():
        floor = floors.floor_of(_signed(await floors.lines(), line))
    return [(county, await _in_county(county, floor, today)) for county in await counties()]


def _signed(found: Iterable[Line], line: Line) -> list[Line]:
    return [one._replace(corrected_at=one.found_at) if one.id == line.id else one for one in found]


async def _in_county(county: CountyView, floor: Floor, today: date) -> CaseChanges:
    found = NOBODY
    async with county_session(county.id):
        known = await county_policies()
        part = await running_below("/", most=PART)
        while part:
            found = found.with_more(
                await changed(part, partial(_now, known), partial(_then, known, floor), today)
            )
            part = await running_below("/", after=part[-1], most=PART)
    return found


def _now(known: CountyPolicies, ways: set[Way]) -> dict[Way, Regime]:
    return where_judged(ways, lambda way: cache.regime(known.reaching(way)))


def _then(known: CountyPolicies, floor: Floor, ways: set[Way]) -> dict[Way, Regime]:
    return where_judged(ways, lambda way: on_floor(known.reaching(way), floor))


async def sign(line: Line, by_name: str, today: date) -> None:
    """Let the corrections of a text hold for what began earlier, in the operator's name; all standings are worked out anew.

    Raises Invalid without a name, NotFound, Conflict when they have been signed already.
    """
    if not by_name.strip():
        raise Invalid("更正要有人签名。请写明姓名，例如 --sign 王秀兰。")
    async with owner_session() as session:
        row = await session.fetchrow("select corrected_at from floor_text where id = $1 for update", line.id)
        if row is None:
            raise NotFound("没有找到这份底线文本。")
        if row["corrected_at"] is not None:
            raise Conflict("这份文本的更正已经签过了。")
        await session.execute(
            "update floor_text set corrected_at = now(), corrected_by = $2 where id = $1",
            line.id,
            by_name.strip(),
        )
        await session.execute("update county set policy_version = policy_version + 1")
    for county in await counties():
        async with county_session(county.id):
            await enqueue(recompute_below, path="/", today=today.isoformat())
