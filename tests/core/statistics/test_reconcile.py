"""Whatever happens to people, the numbers of a period agree for every unit: start + came − went = end."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta, timezone
from uuid import UUID

import msgspec
import pytest

from core.actor import Actor
from core.changes.minimise.rule import Rule, rule, set_rule
from core.changes.minimise.run import agree, ask, go_on, runs
from core.changes.minimise.who import Until, due_extent
from core.database import execute, fetch, fetchrow, fetchval
from core.errors import Conflict, Forbidden
from core.organisation.model import UnitView
from core.register.carry import FollowedMembership, carry_people, follow_membership, move_people
from core.register.leaving import LEAVINGS, LeavingDraft, Return, come_back, leave
from core.register.model import PersonDraft
from core.register.service import enter, note_person
from core.statistics.counts import CountQuery, counts
from core.statistics.dimensions import DIMENSIONS
from core.statistics.flows import LINES, Flows, flows
from core.statistics.yearly.model import declared
from core.statistics.yearly.report import Wanted, report
from dangwu import MEMBERSHIPS
from tenants.database.session import county_session
from tests.core.conftest import World, with_roles

BEGIN = date(2025, 1, 1)
DAYS, PEOPLE, MOVES, PERIODS = 600, 60, 200, 25
NOON = timezone(timedelta(hours=8))


class Told(msgspec.Struct):
    """What the test knows of somebody: where he stands from each day on (None: nowhere), newest last, and how that came."""

    id: UUID
    stays: list[tuple[date, str | None, str, str]]

    def on(self, day: date) -> tuple[str | None, str]:
        """His unit's path and his standing at the end of a day."""
        return next(
            ((at, held) for since, at, held, _ in reversed(self.stays) if since <= day), (None, "none")
        )

    def member(self, day: date, top: str) -> str | None:
        """As what he counts in the subtree."""
        at, held = self.on(day)
        return held if at and at.startswith(top) and held in ("full", "probationary") else None


async def test_random_movements_reconcile(world: World) -> None:
    """Entries, admissions, conversions, refusals of them, moves, mergers, leavings, returns; each period is compared with what
    the test has kept itself, those who came and went again in it as well."""
    chance = random.Random(86)
    organizer = with_roles("组织员", ("department-organizer", world.department))
    branches = [world.east, world.west, world.far]
    async with county_session(world.county):
        people = [await _entered(world, chance, number) for number in range(PEOPLE)]
        day = BEGIN + timedelta(days=200)
        for _ in range(MOVES):
            day += timedelta(days=chance.randrange(4))
            if chance.random() < 0.08:
                away, into = chance.sample(branches, 2)
                await carry_people(organizer, away.id, into, day)
                for one in people:
                    at, held = one.on(day)
                    if at == away.path:
                        one.stays.append((day, into.path, held, "moved"))
                continue
            one = chance.choice(people)
            if one.stays[0][0] <= day:
                await _happens(organizer, one, branches, chance, day)
        for _ in range(PERIODS):
            first = BEGIN + timedelta(days=chance.randrange(DAYS))
            last = first + timedelta(days=chance.randrange(200))
            unit = chance.choice([world.department, world.town, world.other_town, *branches])
            found = await flows(world.admin, unit.id, first, last)
            _agrees(found, people, unit.path, first, last)
            on_day = await counts(
                world.admin, CountQuery(day=last, unit_id=unit.id), day + timedelta(days=DAYS)
            )
            assert on_day.total.members == found.after.members == sum(line.members for line in on_day.lines)
        for unit in (world.department, world.town, world.far):
            await _yearly(world.admin, unit.id, day)
        await _minimised(world, day)


async def _yearly(actor: Actor, unit: UUID, today: date) -> None:
    """The yearly tables have what is counted for each alone, and agree with what came and went."""
    found = await report(actor, Wanted(today.year, unit), today)
    assert [one.wrong for one in found.checks if one.wrong] == []
    tables = {one.id: one for one in found.tables}
    for one in declared("members"):
        alone = await counts(actor, CountQuery(day=today, dimension=one.by, unit_id=unit), today)
        expected = {line.title: (line.counts.get("full", 0), line.counts.get("probationary", 0), line.members)
                    for line in alone.lines if line.members}  # fmt: skip
        assert {
            line.title: line.figures for line in tables[one.id].lines if any(line.figures or ())
        } == expected
    period = await flows(actor, unit, found.year.first, today)
    gone = {one.title: -one.members for one in period.changes}
    ways = {"withdrawn": 2, "removed": 3, "expelled": 4, "cancelled": 5}
    lines = tables["disposal"].lines
    assert {way: lines[place].figures for way, place in ways.items()} == {
        way: (gone.get(LINES[way], 0),) for way in ways
    }


async def _minimised(world: World, day: date) -> None:
    """What goes of those who left long ago changes no number of any day; nothing goes that one person alone has asked for."""
    later, units = day + timedelta(days=6 * 366), (world.department, world.town, world.east)

    async def numbers() -> list[object]:
        return [
            await counts(world.admin, CountQuery(day=BEGIN + timedelta(days=since), dimension=by, unit_id=unit.id), later)
            for since in (200, 500) for by in DIMENSIONS for unit in units
        ] + [await flows(world.admin, unit.id, BEGIN, day) for unit in units]  # fmt: skip

    before = await numbers()
    await execute("update person set landline = '0431-8888', address = '东街 1 号'")
    person = await fetchval("select id from person where left_on is not null limit 1")
    await note_person(world.admin, person, "corrected", fields=["address", "job"], was={"address": "西街", "job": "甲"},
                      now={"address": "东街 1 号", "job": "乙"})  # fmt: skip
    await set_rule(world.admin, Rule(gone=5, ended=0))
    held = await due_extent(Until.by(await rule(), later))
    with pytest.raises(Conflict, match="名单有变化"):
        await ask(world.admin, "others", later)
    run = await ask(world.admin, held.mark, later)
    with pytest.raises(Forbidden, match="另一位"):
        await agree(world.admin, run)
    assert not await go_on(later)
    await agree(with_roles("组织员", ("department-organizer", world.department)), run)
    back = await fetchrow(
        "select id, left_on, left_as from person where left_on is not null and id <> $1 limit 1", person
    )
    assert back is not None
    await execute("update person set left_on = null, left_as = null where id = $1", back["id"])
    while await go_on(later):
        pass
    await execute("update person set left_on = $2, left_as = $3 where id = $1", *back)
    assert await numbers() == before
    rows = await fetch(
        """select left_on is not null and id <> $1 away, address is null and landline is null gone, minimised is not null noted
           from person""",
        back["id"],
    )
    assert {tuple(row) for row in rows} == {(True, True, True), (False, False, False)}
    said = await fetchval(
        "select detail from person_change where person_id = $1 and kind = 'corrected' order by id desc limit 1",
        person,
    )
    assert [msgspec.json.decode(said)[one] for one in ("was", "now")] == [{"job": "甲"}, {"job": "乙"}]
    [done] = await runs()
    assert (done.state, done.total, done.done, done.passed_over) == ("done", held.total, held.total - 1, 1)


async def _happens(
    organizer: Actor, one: Told, branches: list[UnitView], chance: random.Random, day: date
) -> None:
    at, held = one.on(day)
    into = chance.choice(branches)
    if at is None:
        how = one.stays[-1][3]
        if how in LEAVINGS and not LEAVINGS[how].final:
            await come_back(organizer, one.id, Return(into.id, day, "测试", "测试文件"), day)
            one.stays.append((day, into.path, "none" if LEAVINGS[how].member else held, "returned"))
    elif held in ("activist", "probationary") and chance.random() < 0.6:
        become = chance.choice(["probationary" if held == "activist" else "full"] * 3 + ["none"])
        await follow_membership([FollowedMembership(one.id, become, day)])
        one.stays.append((day, at, become, "cancelled" if become == "none" else "followed"))
    elif chance.random() < 0.5 and into.path != at:
        await move_people(organizer, [one.id], into, day)
        one.stays.append((day, into.path, held, "moved"))
    else:
        how = chance.choice(
            [kind for kind, way in LEAVINGS.items() if MEMBERSHIPS[held].member or not way.member]
        )
        version = await fetchval("select version from person where id = $1", one.id)
        await leave(organizer, one.id, LeavingDraft(how, day, "测试", "测试文件"), version, day)
        one.stays.append((day, None, held, how))


async def _entered(world: World, chance: random.Random, number: int) -> Told:
    """The first ones on the day on which the register was begun, the others later; some were members long before."""
    branch = chance.choice([world.east, world.west, world.far])
    came = BEGIN + timedelta(days=0 if number < PEOPLE // 2 else chance.randrange(150))
    held = chance.choice(["activist", "probationary", "full", "full"])
    joined = date(2023, 11, 1) - timedelta(days=chance.randrange(9000)) if held != "activist" else None
    draft = PersonDraft(
        name="张" + chr(0x4E00 + number),
        sex=chance.choice(["male", "female", None]),
        membership=held,
        joined=joined,
        converted=joined + timedelta(days=400) if joined and held == "full" else None,
    )
    organizer = with_roles("组织员", ("department-organizer", world.department))
    person = await enter(organizer, branch.id, draft, date(2026, 11, 21))
    at = datetime(came.year, came.month, came.day, 12, tzinfo=NOON)
    await execute("update person set created_at = $2 where id = $1", person, at)
    return Told(person, [(BEGIN if number < PEOPLE // 2 else came, branch.path, held, "entered")])


def _agrees(found: Flows, people: list[Told], top: str, first: date, last: date) -> None:
    expected: dict[str, list[int]] = {}
    before, after = [0, 0], [0, 0]
    for one in people:
        was = one.member(first - timedelta(days=1), top)
        for held, sums in ((was, before), (one.member(last, top), after)):
            if held:
                sums[held == "probationary"] += 1
        for day in sorted({since for since, *_ in one.stays if first <= since <= last}):
            now = one.member(day, top)
            if was != now:
                line = expected.setdefault(_why(one, was, now, top, day), [0, 0])
                if was:
                    line[was == "probationary"] -= 1
                if now:
                    line[now == "probationary"] += 1
            was = now
    assert [found.before.full, found.before.probationary] == before
    assert [found.after.full, found.after.probationary] == after
    assert {one.title: [one.full, one.probationary] for one in found.changes} == expected
    assert (found.missing.full, found.missing.probationary) == (0, 0)


def _why(one: Told, was: str | None, now: str | None, top: str, day: date) -> str:
    on_day = [how for since, _, _, how in one.stays if since == day]
    if was and now:
        return LINES["converted"]
    if was:
        stood = [at for since, at, _, _ in one.stays if since <= day and at]
        gone = one.member(day, "/") is None and stood[-1].startswith(top)
        return LINES[on_day[-1] if gone else "moved-out"]
    if one.member(day - timedelta(days=1), "/"):
        return LINES["moved-in"]
    if "returned" in on_day:
        return LINES["returned"]
    return LINES["entered" if one.stays[0][2] != "activist" else "admitted"]
