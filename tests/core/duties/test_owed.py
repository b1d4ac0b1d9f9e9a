"""What units and members owe: since when, what was done of it, who is behind and who hears of it; what an activity changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from core.activities.amend import amended, to_change
from core.activities.amend import withdraw as withdrawn
from core.activities.model import Absence, ActivityDraft
from core.activities.service import hold
from core.actor import Actor
from core.changes.amend import ends, takes
from core.changes.dissolve import dissolve
from core.duties.mine import coming, mine
from core.duties.queries import AHEAD, BEFORE, behind, behind_right_below, calendar
from core.duties.rows import began, happened
from core.errors import NotFound
from core.organisation.access import access_unit
from core.organisation.model import UnitView
from core.organisation.service import UnitDraft, create
from core.register.leaving import LeavingDraft, leave
from core.register.model import PersonDraft
from core.register.service import enter
from dangwu import Regime
from tenants.database.session import county_session
from tests.core.conftest import TODAY, World, make_world, with_roles

ONE_DAY = timedelta(days=1)
FIRST = date(2025, 12, 31)
FULL: dict[str, Any] = {"membership": "full", "joined": date(2015, 7, 1), "converted": date(2016, 7, 1)}


class County(NamedTuple):
    """Its people by name, the group of the first branch, and by which policies it goes."""

    world: World
    people: dict[str, UUID]
    group: UnitView
    regime: Regime

    async def regimes_for(self, paths: Iterable[str]) -> dict[str, Regime]:
        return dict.fromkeys(paths, self.regime)

    async def regime_at(self, path: str) -> Regime:
        return self.regime

    async def held(self, kind: str, day: date, who: Actor | None = None, **more: Any) -> UUID:
        """Recorded by the branch."""
        given = {"kind": kind, "unit_id": self.world.east.id, "day": day, **more}
        made, _ = await hold(who or self.world.secretary, ActivityDraft(**given), self.regime_at, TODAY)
        return made

    async def learnt(self, day: date = TODAY) -> dict[str, tuple[float, str]]:
        """By member what he has of his hours, and how that stands."""
        found = await calendar(self.world.secretary, self.world.east.id, self.regimes_for, day)
        return {
            one.name: (owed.amount, owed.state)
            for one in found.members
            for owed in one.owed
            if owed.family == "study-hours"
        }


@pytest.fixture(scope="module")
async def county(pool: object, national: Regime) -> County:
    """With nothing held yet."""
    world = await make_world("owed", "职责县")
    async with county_session(world.county):
        group = await create(world.admin, world.east.id, UnitDraft(kind="group", name="一组"), TODAY)
        people = {}
        for name, unit, more in (
            ("甲", world.east, {}), ("乙", world.east, {}), ("丙", group, {}),
            ("新", world.east, {"membership": "probationary", "joined": date(2026, 10, 15), "converted": None}),
            ("申", world.east, {"membership": "applicant", "joined": None, "converted": None}),
            ("走", world.east, {}), ("西", world.west, {}),
        ):  # fmt: skip
            draft = PersonDraft(name=f"学员{name}", born=date(1980, 1, 1), **{**FULL, **more})
            people[name] = await enter(world.organizer, unit.id, draft, TODAY, distinct=True)
    return County(world, people, group, national)


async def test_nothing_is_owed_before_anything_is_recorded(county: County) -> None:
    world = county.world
    async with county_session(world.county):
        assert await began() is None
        assert (await behind(world.committee, county.regimes_for, TODAY)).behind == ()
        assert await behind_right_below([world.town.id], county.regimes_for, TODAY) == ()
        found = await calendar(world.secretary, world.east.id, county.regimes_for, TODAY)
        assert (found.began, found.owed, found.members) == (None, (), ())
        assert await mine(world.secretary, county.regimes_for, TODAY) == []
        assert await coming(world.secretary, county.regimes_for, TODAY, TODAY + 40 * ONE_DAY) == []


async def test_who_is_behind_and_who_hears_of_it(county: County) -> None:
    """The last month that is over, and not what is still to come; whoever sees the unit, and who is named right above it."""
    world = county.world
    async with county_session(world.county):
        await county.held("party-day", FIRST)
        await county.held("party-day", date(2026, 8, 10))
        assert await began() == FIRST

        async def months(unit: UnitView, today: date = TODAY) -> dict[str, str]:
            found = await calendar(world.admin, unit.id, county.regimes_for, today)
            return {str(one.due): one.state for one in found.owed if one.family == "party-day"}

        assert await months(world.east) == {
            "2026-05-31": "missed", "2026-06-30": "missed", "2026-07-31": "missed", "2026-08-31": "discharged",
            "2026-09-30": "missed", "2026-10-31": "missed", "2026-11-30": "owed", "2026-12-31": "early",
            "2027-01-31": "early", "2027-02-28": "early",
        }  # fmt: skip
        assert (BEFORE, AHEAD) == (6, 3)
        assert (await months(world.west))["2026-08-31"] == "missed"

        async def told(actor: Actor, path: str | None = None, today: date = TODAY) -> dict[str, set[str]]:
            board = await behind(actor, county.regimes_for, today, path=path)
            assert board.began == FIRST
            return {
                one.unit.name: {str(owed.due) for owed in one.missed if owed.family == "party-day"}
                for one in board.behind
            }

        east, west = world.east.short_name, world.west.short_name
        found = await told(world.committee)
        assert (found[east], found[west]) == ({"2026-10-31"}, {"2026-10-31"})
        assert world.far.short_name not in found
        assert set(await told(world.committee, world.west.path)) == {west}
        assert (await told(world.committee, today=date(2026, 9, 1)))[west] == {"2026-08-31"}
        assert "2026-08-31" not in (await told(world.committee, today=date(2026, 9, 1))).get(east, set())
        right_below = await behind_right_below([world.town.id], county.regimes_for, TODAY)
        assert {one.unit.id for one in right_below} == {world.east.id, world.west.id}, (
            "no group, nothing elsewhere"
        )
        assert await behind_right_below([], county.regimes_for, TODAY) == ()
        await county.held("party-day", date(2026, 10, 31))
        assert "2026-10-31" not in (await told(world.committee)).get(east, set())
        with pytest.raises(NotFound):
            await calendar(world.secretary, world.far.id, county.regimes_for, TODAY)


async def test_hours_are_those_at_which_somebody_was_there(county: County) -> None:
    """Wherever it was held; not who was away, not what was withdrawn; from the day on which he joined."""
    world, people = county.world, county.people
    async with county_session(world.county):
        away = (Absence(people["乙"], "absent", "出差"), Absence(people["走"], "written", "住院"))
        await county.held("training", date(2026, 9, 1), hours=20, absences=away)
        assert await county.learnt() == {
            "学员甲": (20, "owed"), "学员乙": (0, "owed"), "学员丙": (20, "owed"), "学员走": (0, "owed"),
        }  # fmt: skip
        more = await county.held("training", date(2026, 10, 20), hours=12)
        done = await county.learnt()
        assert done == {
            "学员甲": (32, "discharged"), "学员乙": (12, "owed"), "学员丙": (32, "discharged"), "学员走": (12, "owed"),
        }  # fmt: skip
        found, was = await to_change(world.secretary, more)
        await withdrawn(world.secretary, found, was, "没有开成", 1)
        assert (await county.learnt())["学员甲"] == (20, "owed")
        organizer = with_roles("组织委员", ("committee-organizer", world.town))
        await leave(organizer, people["走"], LeavingDraft("died", TODAY, "病故", "证明"), 0, TODAY)
        assert "学员走" not in await county.learnt()
        later = await calendar(world.secretary, world.east.id, county.regimes_for, date(2027, 1, 1))
        stands = {
            one.name: {str(owed.due): owed.state for owed in one.owed if owed.family == "study-hours"}
            for one in later.members
        }
        assert stands == {
            name: {"2026-12-31": "missed", "2027-12-31": "owed"} for name in ("学员甲", "学员乙", "学员丙")
        } | {"学员新": {"2027-12-31": "owed"}}, "not of the year in which he joined"
        groups = await calendar(world.secretary, county.group.id, county.regimes_for, TODAY)
        assert groups.members == (), "of a branch alone"


async def test_what_is_still_to_do_is_told_before_its_day(county: County) -> None:
    """For the units whose activities somebody records, with their groups; until the day on which it is due, and that day too."""
    world = county.world
    async with county_session(world.county):
        due = date(2026, 11, 30)

        async def days(last: date, today: date = TODAY, who: Actor = world.secretary) -> set[tuple[str, str]]:
            found = await coming(who, county.regimes_for, today, last)
            return {(one.unit.kind, one.owed.family) for one in found if one.owed.due == due}

        expected = {("branch", "party-day"), ("group", "group-meeting")}
        assert await days(due - ONE_DAY) == set()
        assert expected <= await days(due)
        assert expected <= await days(due, today=due)
        assert await days(due + ONE_DAY, today=due + ONE_DAY) == set()
        assert await days(due, who=Actor(world.admin.id, "旁观")) == set()
        [count] = await mine(world.secretary, county.regimes_for, TODAY)
        assert (count.unit_id, count.month >= 2, count.late >= 1) == (world.east.id, True, True)
        await county.held("party-day", date(2026, 11, 20))
        assert ("branch", "party-day") not in await days(due)
        [after] = await mine(world.secretary, county.regimes_for, TODAY)
        assert (after.month, after.late) == (count.month - 1, count.late)


async def test_what_a_changed_record_does_to_duties(county: County) -> None:
    """Moved into another month it is lost there and won here; withdrawn it is lost."""
    world = county.world
    async with county_session(world.county):
        made = await county.held("party-day", date(2026, 9, 15), place="会议室")
        draft = ActivityDraft(kind="party-day", unit_id=world.east.id, day=date(2026, 8, 20), place="会议室")
        change = await amended(world.secretary, made, draft, county.regime_at, TODAY)
        found = await takes(world.secretary, change, county.regimes_for, TODAY)
        assert [str(one.due) for one in found.duties.lost if one.family == "party-day"] == ["2026-09-30"]
        assert [one for one in found.duties.won if one.family == "party-day"] == [], "August was done already"
        activity, _ = await to_change(world.secretary, made)
        ended = await ends(activity, county.regimes_for, TODAY)
        assert [str(one.due) for one in ended.duties.lost if one.family == "party-day"] == ["2026-09-30"]
        assert (ended.apart, ended.others) == ((), 0)
        other = await county.held("life-meeting", date(2026, 8, 12))
        draft = ActivityDraft(kind="party-day", unit_id=world.east.id, day=date(2026, 8, 12))
        change = await amended(world.secretary, other, draft, county.regime_at, TODAY)
        lost = await takes(world.secretary, change, county.regimes_for, TODAY)
        assert [one.family for one in lost.duties.lost] == ["life-meeting"]


async def test_a_unit_owes_nothing_of_before_it_was_founded(county: County) -> None:
    """Nor once it is no more; what was founded has that as something after which something may be owed."""
    world = county.world
    async with county_session(world.county):
        draft = UnitDraft(kind="branch", name="新建支部", founded=date(2026, 10, 10))
        unit = await create(world.admin, world.town.id, draft, TODAY)
        found = await calendar(world.admin, unit.id, county.regimes_for, TODAY)
        assert [str(one.due) for one in found.owed if one.family == "party-day"][:2] == [
            "2026-11-30",
            "2026-12-31",
        ]
        assert await happened({unit.id: unit.founded, world.west.id: None}) == {
            unit.id: (("founding", date(2026, 10, 10)),), world.west.id: (),
        }  # fmt: skip
        later = date(2026, 12, 1)

        async def missing() -> list[UUID]:
            board = await behind(world.committee, county.regimes_for, later, path=unit.path)
            return [one.unit.id for one in board.behind]

        assert await missing() == [unit.id]
        current = await access_unit(world.admin, unit.id)
        await dissolve(world.admin, unit.id, TODAY, current.version, TODAY)
        assert await missing() == []
