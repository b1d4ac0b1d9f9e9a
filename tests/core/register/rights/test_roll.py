"""应到 of a past day: who stood at the branch then with a vote, whatever has become of him since."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.organisation.model import UnitView
from core.organisation.service import UnitDraft, create
from core.register.arriving import arrive, await_person
from core.register.carry import move_people
from core.register.leaving import LeavingDraft, Return, come_back, leave
from core.register.model import PersonDraft
from core.register.rights.roll import roll_of
from core.register.rights.spans import SpanDraft, add_span, void_span
from core.register.service import enter
from tenants.database.session import county_session
from tests.core.conftest import TODAY, World, with_roles

JOINED, FULL = date(2010, 7, 1), date(2011, 7, 1)
GONE, BACK = date(2026, 3, 1), date(2026, 6, 1)


async def member(world: World, name: str, unit: UnitView | None = None, **more: object) -> UUID:
    """A full member since long ago."""
    given = {"membership": "full", "joined": JOINED, "converted": FULL, "born": date(1980, 1, 2), **more}
    draft = PersonDraft(name=name, **given)  # type: ignore[arg-type]
    return await enter(world.organizer, (unit or world.east).id, draft, TODAY)


async def on_roll(unit: UnitView, day: date, **how: object) -> tuple[list[str], list[str]]:
    """Those entitled there on a day, and those who are not."""
    found = await roll_of(unit.path, day, **how)  # type: ignore[arg-type]
    assert found is not None
    return [one.name for one in found.entitled], [one.known.name for one in found.left]


async def left(world: World, person: UUID, day: date) -> None:
    """Out of the county."""
    await leave(world.organizer, person, LeavingDraft("transferred-out", day, "外出", "介绍信"), 0, TODAY)


async def test_who_has_come_or_gone_since_is_where_he_was(world: World) -> None:
    """Moved, left, back at another branch, come from another county, entered by mistake: each stands there on his days alone."""
    async with county_session(world.county):
        east = await create(world.admin, world.town.id, UnitDraft(kind="branch", name="应到支部"), TODAY)
        west = await create(world.admin, world.town.id, UnitDraft(kind="branch", name="另一支部"), TODAY)
        await member(world, "一直在", east)
        await move_people(world.organizer, [await member(world, "二调走", east)], west, GONE)
        await left(world, await member(world, "三离开", east), GONE)
        back = await member(world, "四回来", east)
        await left(world, back, GONE)
        await come_back(world.organizer, back, Return(west.id, BACK, "回来", "介绍信"), TODAY)
        letter = PersonDraft(
            name="五转入", born=date(1985, 1, 2), membership="full", joined=JOINED, converted=FULL
        )
        arrived = await await_person(world.organizer, east, letter, TODAY)
        await arrive(world.organizer, arrived, east, BACK)
        wrong = await member(world, "六记错", east)
        await leave(world.organizer, wrong, LeavingDraft("in-error", TODAY, "重名", ""), 0, TODAY)
        before, between, since = date(2026, 2, 28), date(2026, 5, 31), BACK
        days = before, GONE, between, since
        assert [{*(await on_roll(east, day))[0]} for day in days] == [
            {"一直在", "二调走", "三离开", "四回来"}, {"一直在"}, {"一直在"}, {"一直在", "五转入"},
        ]  # fmt: skip
        assert [{*(await on_roll(west, day))[0]} for day in days] == [
            set(), {"二调走"}, {"二调走"}, {"二调走", "四回来"},
        ]  # fmt: skip


async def test_who_has_no_vote_is_named_with_why(world: World) -> None:
    """Probationary members have none, and are taught all the same; a limit holds from its first day to the day before its end;
    one that was entered in error never held."""
    async with county_session(world.county):
        unit = await create(world.admin, world.town.id, UnitDraft(kind="branch", name="表决支部"), TODAY)
        group = await create(world.admin, unit.id, UnitDraft(kind="group", name="第一党小组"), TODAY)
        clerk = with_roles("组织委员", ("committee-organizer", world.town))
        await member(world, "甲正式", unit)
        await member(world, "乙小组", group)
        await member(
            world, "丙预备", unit, membership="probationary", joined=date(2026, 1, 10), converted=None
        )
        punished = await member(world, "丁受处分", unit)
        span = await add_span(
            clerk,
            punished,
            "limit",
            SpanDraft(word="probation-within-party", since=GONE, ended=date(2027, 3, 1)),
            TODAY,
        )
        day, end = date(2026, 2, 28), date(2027, 3, 1)
        assert await on_roll(unit, day) == (["丁受处分", "甲正式", "乙小组"], ["丙预备"])
        assert await on_roll(unit, GONE) == (["甲正式", "乙小组"], ["丙预备", "丁受处分"])
        assert await on_roll(unit, GONE, right="taught") == (["丙预备", "丁受处分", "甲正式", "乙小组"], [])
        assert await on_roll(unit, end) == (["丁受处分", "甲正式", "乙小组"], ["丙预备"])
        assert await on_roll(group, GONE, group=True) == (["乙小组"], [])
        assert await on_roll(unit, date(2026, 1, 9)) == (["丁受处分", "甲正式", "乙小组"], []), (
            "not yet a member"
        )
        assert await on_roll(unit, date(2011, 6, 30)) == ([], ["丁受处分", "甲正式", "乙小组"]), (
            "on probation then"
        )
        await void_span(clerk, punished, span, "记错了人")
        assert (await on_roll(unit, GONE))[0] == ["丁受处分", "甲正式", "乙小组"]
        assert await roll_of(world.town.path, GONE) is None, "a committee has no meeting of members"
