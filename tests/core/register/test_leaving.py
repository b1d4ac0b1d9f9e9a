"""Leaving the register, coming back, coming by a letter, taking part in a temporary branch: what is refused, what is undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.actor import Actor
from core.changes.dissolve import dissolve
from core.changes.leave import come_back, leave, take_back
from core.database import fetchrow
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Stale
from core.organisation.access import access_unit
from core.organisation.model import UnitView
from core.organisation.service import UnitDraft, create
from core.register.access import access_person
from core.register.arriving import arrive, await_person
from core.register.former import FormerFilter, count_former, former
from core.register.guests import add_guests, end_guest, guests, taking_part
from core.register.history import changes_of
from core.register.leaving import LEAVINGS, LeavingDraft, Return, told, ways_out
from core.register.model import PersonDraft
from core.register.service import enter, reveal
from tenants.database.session import county_session, current_session
from tests.core.conftest import TODAY, World, make_world, resident_id, with_roles

ONE_DAY = timedelta(days=1)
DAY = date(2026, 6, 1)
NO_DAYS: dict[str, Any] = {"joined": None, "converted": None}
FULL: dict[str, Any] = {"membership": "full", "joined": date(2015, 7, 1), "converted": date(2016, 7, 1)}


async def person(world: World, name: str, unit: UnitView | None = None, **more: Any) -> UUID:
    """Somebody in the register."""
    return await enter(world.organizer, (unit or world.east).id, PersonDraft(name=name, **more), TODAY)


async def version(person_id: UUID) -> int:
    """Of his file."""
    row = await fetchrow("select version from person where id = $1", person_id)
    assert row is not None
    return int(row["version"])


async def gone(world: World, person_id: UUID, kind: str = "transferred-out", day: date = DAY) -> None:
    """He has left."""
    draft = LeavingDraft(kind, day, "事由", "依据")
    await leave(world.organizer, person_id, draft, await version(person_id), TODAY)


async def refused(error: type[DomainError], said: str, attempt: Any) -> None:
    """What is tried is refused so, and leaves nothing behind."""
    with pytest.raises(error, match=said):
        async with current_session().savepoint():
            await attempt


async def test_who_writes_down_which_way_of_leaving(world: World) -> None:
    """党章第九条、第四十二条: what ends a membership only the department, and only of a member."""
    branch, committee, department = world.secretary, world.committee, world.organizer
    clerk = with_roles("组织委员", ("committee-organizer", world.town))
    ends = {"withdrawn", "removed", "expelled"}
    for actor, membership, ways in (
        (department, "full", {*LEAVINGS}), (department, "probationary", {*LEAVINGS}),
        (department, "activist", {*LEAVINGS} - ends), (clerk, "full", {*LEAVINGS} - ends), (branch, "full", set()),
    ):  # fmt: skip
        assert {*ways_out(actor, world.east.path, membership)} == ways
    assert {*ways_out(clerk, world.far.path, "full")} == set(), "another committee's"
    assert {*ways_out(committee, world.east.path, "full")} <= {*LEAVINGS} - ends


async def test_what_of_leaving_is_refused(world: World) -> None:
    """A way that there is not, a day that cannot be, another level, a file that was changed, who has left already."""
    clerk = with_roles("组织委员", ("committee-organizer", world.town))
    async with county_session(world.county):
        member = await person(world, "离开甲", born=date(1990, 1, 2), **FULL)
        other = await person(world, "离开乙", born=date(1990, 1, 3))

        def left(
            kind: str, day: date = DAY, *, who: Actor = clerk, of: UUID = member, seen: int = 0, **more: str
        ) -> Any:
            draft = LeavingDraft(kind, day, **{"reason": "事由", "paper": "依据", **more})
            return leave(who, of, draft, seen, TODAY)

        for error, said, attempt in (
            (Invalid, "请选择离开的情形", left("vanished")),
            (Forbidden, "开除党籍由县委组织部登记。请报县委组织部办理", left("expelled")),
            (Invalid, "离开乙是非党员|没有党籍，不能登记退党", left("withdrawn", who=world.organizer, of=other)),
            (Invalid, "离开的日期 2026-11-22 还没有到", left("died", TODAY + ONE_DAY)),
            (Invalid, "早于入党日期 2015-07-01", left("died", date(2015, 6, 30))),
            (Invalid, "早于转正日期 2016-07-01", left("died", date(2016, 6, 30))),
            (Invalid, "没有填写事由", left("died", reason=" ")),
            (Invalid, "没有填写依据", left("died", paper="")),
            (Stale, "刚刚被别人修改过", left("died", seen=1)),
            (Forbidden, "没有办理这件事的权限", left("died", who=world.secretary)),
            (NotFound, "没有找到这个人", left("died", who=with_roles("他处", ("committee-organizer", world.other_town)))),
            (Conflict, "现在在册，没有登记离开", take_back(clerk, member, "记错了")),
        ):  # fmt: skip
            await refused(error, said, attempt)
        joined = await person(
            world, "当日离开", born=date(1990, 1, 4), **{**FULL, "converted": FULL["joined"]}
        )
        await left("died", FULL["joined"], of=joined)
        await left("in-error", of=other, paper="")
        row = await fetchrow(
            "select left_on, left_as, left_reason, left_paper from person where id = $1", other
        )
        assert tuple(row or ()) == (DAY, "in-error", "事由", "")
        await refused(Conflict, "因登记有误移出名册，不能再登记一次", left("died", of=other, seen=1))
        row = await access_person(clerk, other)
        assert told(row) == "已于 2026-06-01 因登记有误移出名册"
        await refused(Conflict, "自 2026-06-01 起不在册", access_person(clerk, other, "person.edit"))


async def test_whoever_comes_back_is_what_he_was_but_for_a_membership_that_ended(world: World) -> None:
    """Not before he left, not from the dead; at a living branch; the number is his again unless somebody else has it."""
    clerk = with_roles("组织委员", ("committee-organizer", world.town))
    async with county_session(world.county):
        number = resident_id(date(1988, 5, 6), 31)
        member = await person(world, "回来甲", national_id=number, **FULL)
        await gone(world, member)

        def back(
            unit: UnitView = world.west,
            day: date = DAY,
            *,
            who: Actor = clerk,
            of: UUID = member,
            **more: str,
        ) -> Any:
            return come_back(
                who, of, Return(unit.id, day, **{"reason": "事由", "paper": "依据", **more}), TODAY
            )

        dead = await person(world, "回来乙", **FULL)
        await gone(world, dead, "died")
        removed = await person(world, "回来丙", born=date(1991, 1, 2), **FULL)
        await gone(world, removed, "removed")
        closed = await create(world.admin, world.town.id, UnitDraft(kind="branch", name="将撤销支部"), TODAY)
        stranded = await person(world, "回来丁", closed, **FULL)
        await gone(world, stranded)
        await dissolve(world.admin, closed.id, TODAY, closed.version, TODAY)
        for error, said, attempt in (
            (Invalid, "回来的日期早于离开的日期 2026-06-01", back(day=DAY - ONE_DAY)),
            (Invalid, "回来的日期 2026-11-22 还没有到", back(day=TODAY + ONE_DAY)),
            (Invalid, "“城关镇党委”不是党支部", back(world.town)),
            (Conflict, "将撤销支部”已于 2026-11-21 撤销", back(closed)),
            (Conflict, "已于 2026-06-01 去世，不能重新登记", back(of=dead)),
            (Forbidden, "由县委组织部登记，也由它变更", back(of=removed)),
            (Invalid, "没有填写依据", back(paper=" ")),
            (Conflict, "原来所在的“将撤销支部”已于 2026-11-21 撤销，不能恢复到那里", take_back(clerk, stranded, "记错了")),
        ):  # fmt: skip
            await refused(error, said, attempt)
        wrong = await person(world, "回来戊", national_id=resident_id(date(1988, 5, 6), 33))
        await gone(world, wrong, "in-error")
        await person(world, "占号人", national_id=resident_id(date(1988, 5, 6), 33))
        await refused(Conflict, "已经登记在本县的名册中", take_back(clerk, wrong, "没有记错"))
        await back()
        await back(who=world.organizer, of=removed, day=TODAY)
        rows = [
            await fetchrow(
                "select unit_id, left_on, membership, joined, converted, removed from person where id = $1",
                one,
            )
            for one in (member, removed)
        ]
        assert [tuple(row or ()) for row in rows] == [
            (world.west.id, None, "full", FULL["joined"], FULL["converted"], None),
            (world.west.id, None, "none", None, None, DAY),
        ]


async def test_what_was_written_down_by_mistake_is_as_before(world: World) -> None:
    """With the temporary branch in which he took part, where that is still there."""
    async with county_session(world.county):
        kind = "temporary-branch"
        lasting, over = [
            await create(world.admin, world.town.id, UnitDraft(kind=kind, name=name, founded=DAY), TODAY)
            for name in ("防汛临时支部", "抗旱临时支部")
        ]
        first, second = await person(world, "误离甲", **FULL), await person(world, "误离乙", **FULL)
        await add_guests(world.admin, lasting.id, [first], DAY, TODAY)
        await add_guests(world.admin, over.id, [second], DAY, TODAY)
        for one in (first, second):
            await gone(world, one, "died", DAY + ONE_DAY)
            assert await taking_part(one) is None
        [ended] = await guests(world.admin, lasting.id)
        assert (ended.name, ended.ended) == ("误离甲", DAY + ONE_DAY)
        current = await access_unit(world.admin, over.id)
        await dissolve(world.admin, over.id, TODAY, current.version, TODAY)
        for one in (first, second):
            await take_back(world.organizer, one, "同名的人")
        row = await fetchrow("select left_on, left_as, left_reason, unit_id from person where id = $1", first)
        assert tuple(row or ()) == (None, None, "", world.east.id)
        history = [(one.kind, one.reason) for one in await changes_of(first, limits=False)]
        assert [one for one in history if one[0] in ("left", "returned")] == [
            ("returned", "同名的人"), ("left", "事由"),
        ]  # fmt: skip
        again = await taking_part(first)
        assert again is not None
        assert (again.unit_id, again.since) == (lasting.id, DAY)
        assert await taking_part(second) is None, "that branch is no more"


async def test_who_takes_part_in_a_temporary_branch(world: World) -> None:
    """Members alone, of whom one sees, in one at a time, from a day on which it was there to a day that has come."""
    async with county_session(world.county):
        draft = UnitDraft(kind="temporary-branch", name="援建临时支部", founded=DAY)
        unit, other = [
            await create(world.admin, world.town.id, one, TODAY)
            for one in (draft, UnitDraft(kind="temporary-branch", name="抢险临时支部"))
        ]
        member, second = await person(world, "编入甲", **FULL), await person(world, "编入乙", **FULL)
        activist = await person(world, "编入丙", membership="activist")
        away = await person(world, "编入丁", **FULL)
        await gone(world, away)
        far = await person(world, "编入戊", world.far, **FULL)
        town = with_roles("组织委员", ("committee-organizer", world.town))
        for error, said, attempt in (
            (Invalid, "编入日期早于“援建临时支部”的成立日期", add_guests(town, unit.id, [member], DAY - ONE_DAY, TODAY)),
            (Invalid, "编入日期 2026-11-22 还没有到", add_guests(town, unit.id, [member], TODAY + ONE_DAY, TODAY)),
            (Invalid, "编入丙不是党员，不能编入临时党支部", add_guests(town, unit.id, [member, activist], DAY, TODAY)),
            (NotFound, "可能不在您的管理范围内，或者已经离开", add_guests(town, unit.id, [member, away], DAY, TODAY)),
            (NotFound, "可能不在您的管理范围内，或者已经离开", add_guests(town, unit.id, [far], DAY, TODAY)),
            (Conflict, "不是临时党支部，人员直接登记在这里", add_guests(town, world.east.id, [member], DAY, TODAY)),
            (Invalid, "“援建临时支部”不是党支部", person(world, "直接登记", unit)),
        ):  # fmt: skip
            await refused(error, said, attempt)
        assert await add_guests(town, unit.id, {member, second}, DAY, TODAY) == 2
        await refused(Conflict, "一个人同时只编入一个", add_guests(town, other.id, [member], DAY, TODAY))
        [first, last] = await guests(
            world.secretary if world.secretary.may("org.view", unit.path) else town, unit.id
        )
        assert [(one.name, one.home, one.ended) for one in (first, last)] == [
            ("编入甲", world.east.short_name, None), ("编入乙", world.east.short_name, None),
        ]  # fmt: skip
        for error, said, ending in (
            (
                Invalid,
                "退出日期早于编入日期 2026-06-01",
                end_guest(town, unit.id, first.id, DAY - ONE_DAY, TODAY),
            ),
            (
                Invalid,
                "退出日期 2026-11-22 还没有到",
                end_guest(town, unit.id, first.id, TODAY + ONE_DAY, TODAY),
            ),
            (NotFound, "没有找到这一条登记", end_guest(town, other.id, first.id, DAY, TODAY)),
        ):
            await refused(error, said, ending)
        await end_guest(town, unit.id, first.id, DAY, TODAY)
        await refused(Conflict, "已于 2026-06-01 登记退出", end_guest(town, unit.id, first.id, TODAY, TODAY))
        assert await add_guests(town, other.id, [member], TODAY, TODAY) == 1
        assert [one.name for one in await guests(town, unit.id)] == ["编入乙", "编入甲"], (
            "those who are there first"
        )


async def test_whoever_comes_by_a_letter_is_awaited_first(world: World) -> None:
    """A member, not here already, not dead; his file from before goes on; nothing else begins with it until he is received."""
    async with county_session(world.county):
        unit = world.west

        def letter(number: str | None, name: str = "来人", **more: Any) -> Any:
            draft = PersonDraft(**{"name": name, "national_id": number, **FULL, **more})
            return await_person(world.organizer, unit, draft, TODAY)

        here, dead, before, fresh = (resident_id(date(1985, 1, day), 41 + day) for day in (1, 2, 3, 4))
        await person(world, "在册人", national_id=here, **FULL)
        await gone(world, await person(world, "已故人", national_id=dead, **FULL), "died")
        returning = await person(world, "出去过的人", national_id=before, **FULL)
        await gone(world, returning)
        for error, said, attempt in (
            (Invalid, "组织关系介绍信只用于正式党员和预备党员", letter(fresh, membership="activist", **NO_DAYS)),
            (Conflict, "已经登记在本县的名册中", letter(here)),
            (Conflict, "已故人已于 2026-06-01 去世。去世的不能凭介绍信转入", letter(dead)),
        ):  # fmt: skip
            await refused(error, said, attempt)
        assert await letter(before, "出去过的人", job="教师") == returning
        coming = await letter(fresh)
        row = await fetchrow("select left_as, unit_id from person where id = $1", coming)
        assert tuple(row or ()) == ("awaited", unit.id)
        assert await letter(fresh, "来人", job="医生") == coming, "the same letter again is the same file"
        clerk = with_roles("组织委员", ("committee-organizer", world.town))
        for error, said, attempt in (
            (Conflict, "等待接收，接收以前不能办理别的事项", access_person(clerk, coming, "person.edit")),
            (Conflict, "凭组织关系介绍信等待接收，不能再登记一次", gone(world, coming)),
            (Conflict, "由接收的党组织在办理档案中接收或者退回", take_back(clerk, coming, "记错了")),
        ):
            await refused(error, said, attempt)
        listed = await former(world.organizer, FormerFilter())
        assert coming not in {line.id for line in listed.lines}, "he has not left"
        early = arrive(world.organizer, returning, unit, DAY - ONE_DAY)
        await refused(Conflict, "出去过的人已于 2026-06-01 转出本县，接收的日期 2026-05-31 不能更早", early)
        for one in (coming, returning):
            await arrive(world.organizer, one, unit, TODAY)
        rows = [
            await fetchrow("select unit_id, left_on, job from person where id = $1", one)
            for one in (coming, returning)
        ]
        assert [tuple(row or ()) for row in rows] == [(unit.id, None, "医生"), (unit.id, None, "教师")]
        await refused(
            Conflict, "登记已经变动，不能按这封介绍信接收", arrive(world.organizer, coming, unit, TODAY)
        )


async def test_those_who_have_left_are_listed_by_way_and_day(pool: object) -> None:
    """The latest first, page by page, of what one sees; narrowed by way, days and name."""
    world = await make_world("former", "历史县")
    async with county_session(world.county):
        ways = [
            ("died", DAY),
            ("transferred-out", DAY + ONE_DAY),
            ("transferred-out", DAY + 2 * ONE_DAY),
            ("in-error", DAY),
        ]
        for number, (kind, day) in enumerate(ways):
            unit = world.far if number == 3 else world.east
            await gone(world, await person(world, f"历史{'甲乙丙丁'[number]}", unit), kind, day)

        async def names(actor: Actor = world.organizer, **wanted: Any) -> list[str]:
            return [line.name for line in (await former(actor, FormerFilter(**wanted))).lines]

        assert await names() == ["历史丙", "历史乙", "历史丁", "历史甲"]
        assert await names(world.secretary) == ["历史丙", "历史乙", "历史甲"]
        assert await names(kind="transferred-out") == ["历史丙", "历史乙"]
        assert await names(since=DAY + ONE_DAY, until=DAY + ONE_DAY) == ["历史乙"]
        assert await names(until=DAY) == ["历史丁", "历史甲"]
        assert await names(search="历史甲") == await names(search="lishijia") == ["历史甲"]
        assert await names(unit_id=world.other_town.id) == ["历史丁"]
        counted = await count_former(world.organizer, FormerFilter(kind="died", until=DAY + ONE_DAY))
        assert counted == {"died": 1, "transferred-out": 1, "in-error": 1}, (
            "beside each other, whatever is chosen"
        )
        first = await former(world.organizer, FormerFilter(), limit=3)
        rest = await former(world.organizer, FormerFilter(), after=first.after, limit=3)
        assert ([one.name for one in rest.lines], rest.after) == (["历史甲"], None)


async def test_numbers_are_shown_for_a_purpose_alone(world: World) -> None:
    """And only those that there are."""
    async with county_session(world.county):
        bare = await person(world, "无号人")
        for error, said, what, purpose in (
            (Invalid, "查看目的太短", "phone", "核对"), (Invalid, "没有填写查看目的", "phone", " "),
            (Invalid, "可以查看的只有身份证号码和手机号", "address", "核对地址用"),
            (NotFound, "没有登记这项号码", "phone", "联系本人用"),
        ):  # fmt: skip
            await refused(error, said, reveal(world.organizer, bare, what, purpose))


@pytest.mark.parametrize("more", [{}, {"born": date(1993, 4, 5)}])
async def test_who_is_entered_twice_is_asked_about(world: World, more: Mapping[str, Any]) -> None:
    """The same form again; another of the same name and day; a number that is taken is told before that is."""
    async with county_session(world.county):
        name = f"重复{len(more)}"
        number = resident_id(date(1993, 4, 5), 51 + len(more))
        await person(world, name, **more)
        await refused(Conflict, "内容完全相同，没有再登记一次", person(world, name, **more))
        if more:
            await refused(
                Conflict,
                "同名、同一天出生的人：东街社区第一党支部（群众）",
                person(world, name, job="教师", **more),
            )
            far = with_roles("他处", ("branch-secretary", world.far))
            attempt = enter(far, world.far.id, PersonDraft(name=name, **more), TODAY)
            await refused(Conflict, "同一天出生的人：您管理范围以外的党组织", attempt)
            distinct = PersonDraft(name=name, job="教师", **more)
            await enter(world.organizer, world.east.id, distinct, TODAY, distinct=True)
        await person(world, f"有号{name}", national_id=number)
        await refused(
            Conflict, "这个身份证号码已经登记在本县的名册中", person(world, name, national_id=number)
        )
