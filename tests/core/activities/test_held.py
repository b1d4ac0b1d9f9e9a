"""Who counts at a meeting: by the register, else as typed with a reason; what is refused; how often each member was there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from core.activities.amend import amended, changes, correct, to_change, withdraw
from core.activities.attendance import attendance
from core.activities.check import count
from core.activities.model import Absence, ActivityDraft, Away
from core.activities.queries import attended
from core.activities.roll import Entitled
from core.activities.service import hold
from core.actor import Actor
from core.duties.rows import began
from core.errors import Conflict, DomainError, Forbidden, Invalid, Stale
from core.organisation.model import UnitView
from core.organisation.service import UnitDraft, create
from core.register.model import PersonDraft
from core.register.service import enter
from dangwu import Regime
from tenants.database.session import county_session, current_session
from tests.core.conftest import TODAY, World, make_world, with_roles

ROLL = tuple(
    Entitled(uuid4(), name, why) for name, why in (("甲", ""), ("乙", ""), ("丙", ""), ("丁", "预备党员"))
)
DAY = date(2026, 10, 8)


def draft(**given: Any) -> ActivityDraft:
    """A meeting of members."""
    return ActivityDraft(**{"kind": "branch-meeting", "unit_id": uuid4(), "day": DAY, **given})


def away(*places: int, state: Away = "absent", reason: str = "出差") -> tuple[Absence, ...]:
    """These of the roll were not there."""
    return tuple(Absence(ROLL[place].id, state, reason) for place in places)


@pytest.mark.parametrize(
    ("given", "roll", "counted"),
    [
        ({}, ROLL, (3, 3, 3)), ({"absences": away(0)}, ROLL, (3, 2, 3)),
        ({"absences": away(0, 1, 2, state="written")}, ROLL, (3, 0, 3)),
        ({"eligible": 3}, ROLL, (3, 3, 3)), ({"eligible": 5, "present": 4, "why": "名册没有补全"}, ROLL, (5, 4, 3)),
        ({"present": 1, "why": "两人中途离会"}, ROLL, (3, 1, 3)), ({"eligible": 7, "present": 7}, (), (7, 7, None)),
        ({"eligible": 5_000, "present": 0}, (), (5_000, 0, None)),
    ],
)  # fmt: skip
def test_who_counts_is_the_registers_word(
    given: dict[str, Any], roll: Sequence[Entitled], counted: tuple[int, int, int | None]
) -> None:
    """An opinion in writing is a vote and never presence (细则第二十条)."""
    found = count(draft(**given), roll)
    assert (found.eligible, found.present, found.reckoned) == counted


@pytest.mark.parametrize(
    ("given", "roll", "said"),
    [
        ({"absences": away(3)}, ROLL, "缺席名单里有 1 人不在应到名单上"),
        ({"absences": (Absence(uuid4(), "absent", "x"), *away(3))}, ROLL, "缺席名单里有 2 人不在"),
        ({"absences": away(0, reason=" ")}, ROLL, "缺席的人要写明原因"),
        ({"eligible": 4}, ROLL, "按名册应到 3 人，您填的是 4 人。请写明为什么不同"),
        ({"present": 1}, ROLL, "按名册和缺席名单实到 3 人，您填的是 1 人。请写明为什么不同"),
        ({"present": 3, "absences": away(0)}, ROLL, "按名册和缺席名单实到 2 人，您填的是 3 人"),
        ({"eligible": 2, "why": "少一人"}, ROLL, "应到 2 人、实到 3 人，人数不符"),
        ({}, (), "请填写应到和实到的人数"), ({"eligible": 5}, (), "请填写应到和实到的人数"),
        ({"eligible": 0, "present": 0}, (), "应到 0 人、实到 0 人，人数不符"),
        ({"eligible": 5_001, "present": 1}, (), "人数不符"), ({"eligible": 5, "present": -1}, (), "人数不符"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(
    given: dict[str, Any], roll: Sequence[Entitled], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        count(draft(**given), roll)


def test_nobody_is_absent_who_was_there() -> None:
    """What a program sends of an absence is absent or written, and nothing else."""
    with pytest.raises(msgspec.ValidationError, match="present"):
        msgspec.convert({"person_id": str(uuid4()), "state": "present", "reason": "x"}, Absence)


class County:
    """A branch with three members and a probationary one, its group, and who records."""

    world: World
    people: dict[str, UUID]
    group: UnitView
    leader: Actor


@pytest.fixture(scope="module")
async def county(pool: object, national: Regime) -> County:
    """With nothing held yet."""
    made = County()
    world = made.world = await make_world("held", "会议县")
    full = {"membership": "full", "joined": date(2015, 7, 1), "converted": date(2016, 7, 1)}
    async with county_session(world.county):
        made.group = await create(world.admin, world.east.id, UnitDraft(kind="group", name="一组"), TODAY)
        made.people = {}
        for name, unit in (("甲", world.east), ("乙", world.east), ("丙", made.group)):
            given: dict[str, Any] = {"name": f"到会{name}", "born": date(1980, 1, 1), **full}
            made.people[name] = await enter(world.organizer, unit.id, PersonDraft(**given), TODAY)
        probationary = PersonDraft(
            name="到会丁", born=date(1990, 1, 1), membership="probationary", joined=date(2026, 1, 1)
        )
        made.people["丁"] = await enter(world.organizer, world.east.id, probationary, TODAY)
    made.leader = with_roles("组长", ("branch-secretary", made.group))
    return made


async def refused(error: type[DomainError], said: str, attempt: Any) -> None:
    """What is tried is refused so, and leaves nothing behind."""
    with pytest.raises(error, match=said):
        async with current_session().savepoint():
            await attempt


async def test_a_unit_writes_down_what_it_held_itself(county: County, national: Regime) -> None:
    """What its kind holds, once; a record that was withdrawn counts for nothing and is not changed any more."""
    world = county.world

    async def regime_at(path: str) -> Regime:
        return national

    def held(who: Actor = world.secretary, unit: UnitView = world.east, **given: Any) -> Any:
        return hold(who, draft(unit_id=unit.id, **given), regime_at, TODAY)

    async with county_session(world.county):
        assert await began() is None
        away = (Absence(county.people["乙"], "absent", "住院"),)
        for error, said, attempt in (
            (Invalid, "东街社区第一党支部不召开这种会议", held(kind="committee-meeting")),
            (Invalid, "不召开这种会议", held(kind="activist-assessment")),
            (Forbidden, "由东街社区第一党支部自己记录", held(world.committee)),
            (Invalid, "按名册应到 3 人", held(eligible=4, present=4)),
            (Invalid, "按名册和缺席名单实到 3 人，您填的是 2 人", held(present=2)),
            (Invalid, "按名册和缺席名单实到 2 人，您填的是 3 人", held(eligible=3, present=3, absences=away)),
        ):
            await refused(error, said, attempt)
        made, counted = await held(absences=(Absence(county.people["乙"], "written", "住院"),))
        assert (counted.eligible, counted.present) == (3, 2)
        assert {(one.name, one.state) for one in await attended(made)} == {
            ("到会丙", "present"), ("到会甲", "present"), ("到会乙", "written"),
        }  # fmt: skip
        same = draft(unit_id=world.east.id, absences=(Absence(county.people["乙"], "written", "住院"),))
        await refused(Conflict, "内容完全相同，没有再登记一次", hold(world.secretary, same, regime_at, TODAY))
        (
            await held(absences=(Absence(county.people["乙"], "absent", "住院"),)),
            "another roll is another meeting",
        )
        amendment = await amended(world.secretary, made, draft(day=date(2026, 10, 9)), regime_at, TODAY)
        await refused(Invalid, "没有填写原因", correct(world.secretary, amendment, " ", 1))
        await correct(world.secretary, amendment, "记错了日子", 1)
        assert {one.state for one in await attended(made)} == {"present"}
        again = await amended(world.secretary, made, draft(day=DAY), regime_at, TODAY)
        with pytest.raises(Stale) as stale:
            await correct(world.secretary, again, "又改", 1)
        assert stale.value.changes == ("李书记：记错了日子",)
        unchanged = amended(world.secretary, made, draft(day=date(2026, 10, 9)), regime_at, TODAY)
        await refused(Invalid, "没有要更正的", unchanged)
        found, was = await to_change(world.secretary, made)
        await withdraw(world.secretary, found, was, "没有开成", 2)
        await refused(Conflict, "已经撤销，不能再改", to_change(world.secretary, made))
        assert [(one.kind, one.reason) for one in await changes(made)] == [
            ("withdrawal", "没有开成"),
            ("correction", "记错了日子"),
        ]
        assert await began() == DAY, "what was withdrawn begins nothing"


async def test_a_year_of_a_member_is_what_the_rolls_say(county: County, national: Regime) -> None:
    """Called, there, written, and the hours of what he was at; of the year alone, wherever it was held; nothing withdrawn."""
    world = county.world

    async def regime_at(path: str) -> Regime:
        return national

    async with county_session(world.county):
        one, wrote = (
            Absence(county.people["甲"], "absent", "病"),
            Absence(county.people["甲"], "written", "病"),
        )
        for unit, who, day, hours, kind, absences in (
            (world.east, world.secretary, date(2025, 1, 1), 2.5, "study-hours", ()),
            (world.east, world.secretary, date(2025, 12, 31), 1.0, "study-hours", (one,)),
            (
                world.east,
                world.secretary,
                date(2025, 6, 1),
                0,
                "branch-meeting",
                (wrote,),
            ),
            (world.east, world.secretary, date(2024, 12, 31), 9.0, "study-hours", ()),
            (county.group, county.leader, date(2025, 3, 1), 4.0, "group-meeting", ()),
        ):
            held = draft(unit_id=unit.id, day=day, hours=hours, kind=kind, absences=absences)
            await hold(who, held, regime_at, TODAY)
        lost, _ = await hold(
            world.secretary, draft(unit_id=world.east.id, day=date(2025, 7, 1), hours=7.0), regime_at, TODAY
        )
        found, was = await to_change(world.secretary, lost)
        await withdraw(world.secretary, found, was, "没有开成", 1)
        lines = {line.name: line for line in await attendance(world.secretary, 2025, limit=50)}
        assert {name: (one.called, one.present, one.written, one.absent, one.hours) for name, one in lines.items()} == {
            "到会甲": (3, 1, 1, 1, 2.5), "到会乙": (3, 3, 0, 0, 3.5), "到会丙": (4, 4, 0, 0, 7.5), "到会丁": (0, 0, 0, 0, 0),
        }  # fmt: skip
        pages = [line.name for line in await attendance(world.secretary, 2025, limit=2)]
        last = lines[pages[1]]
        rest = await attendance(world.secretary, 2025, after=(last.py, last.id), limit=2)
        assert [*pages[:2], *(line.name for line in rest)] == [*lines]
