"""What spans the contexts refuses: a merger, a division, a move of many, a tag; the day, the kind, what is under way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.actor import Actor
from core.casework.access import access_case
from core.casework.acts.open import open_case
from core.changes.dissolve import dissolve
from core.changes.many import reassign, regroup, retag
from core.changes.merge import merge
from core.changes.move import move
from core.changes.sever import merged_into, sever
from core.changes.split import Part, Split, split
from core.changes.unite import Union, unite
from core.database import execute, fetchrow, fetchval
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Stale
from core.organisation.access import access_unit
from core.organisation.model import UnitView
from core.organisation.service import UnitDraft, create, edit
from core.register.guests import add_guests, guests
from core.register.leaving import LeavingDraft, leave
from core.register.model import PersonDraft
from core.register.past import past_file
from core.register.queries import tags_on
from core.register.service import enter, tags_now
from core.register.twins.pair import access_pair
from tenants.database.session import county_session, current_session
from tests.core.conftest import TODAY, Clerks, RegimeFor, World, applicant, with_roles

ONE_DAY, DAY = timedelta(days=1), date(2026, 6, 1)
FULL: dict[str, Any] = {"membership": "full", "joined": date(2015, 7, 1), "converted": date(2016, 7, 1)}


async def refused(error: type[DomainError], said: str, attempt: Any) -> None:
    """What is tried is refused so, and leaves nothing behind."""
    with pytest.raises(error, match=said):
        async with current_session().savepoint():
            await attempt


async def unit(
    world: World, name: str, kind: str = "branch", under: UnitView | None = None, **more: Any
) -> UnitView:
    """One of the first committee's, or elsewhere."""
    return await create(world.admin, (under or world.town).id, UnitDraft(kind=kind, name=name, **more), TODAY)


async def member(world: World, name: str, where: UnitView) -> UUID:
    """A full one."""
    return await enter(world.organizer, where.id, PersonDraft(name=name, **FULL), TODAY)


async def where(person: UUID) -> UUID:
    """At which unit somebody is."""
    found: UUID = await fetchval("select unit_id from person where id = $1", person)
    return found


async def test_a_merger_joins_two_of_a_kind_that_are_apart(world: World) -> None:
    async with county_session(world.county):
        one, other = await unit(world, "并一"), await unit(world, "并二", founded=DAY)
        town = await unit(world, "并镇党委", "committee", world.department)
        below = await unit(world, "并镇下级党委", "committee", town)
        task = await unit(world, "并临时", "temporary-branch")

        beside = with_roles("远", ("committee-organizer", world.other_town))

        def merged(away: UnitView, into: UnitView, day: date = TODAY, seen: int | None = None) -> Any:
            version = away.version if seen is None else seen
            return merge(world.admin, away.id, into.id, day, version, TODAY)

        for error, said, attempt in (
            (Invalid, "不能并入它自己", merged(one, one)),
            (Conflict, "是本县组织树的根，不能合并", merged(world.department, town)),
            (Conflict, "是临时党支部，任务结束即撤销，不合并", merged(task, one)),
            (Invalid, "“并一”是党支部，不能并入党委“并镇党委”。请选择同类的党组织", merged(one, town)),
            (Invalid, "“并镇下级党委”在“并镇党委”之下，不能并入", merged(town, below)),
            (Invalid, "合并日期早于“并二”的成立日期 2026-06-01", merged(other, one, DAY - ONE_DAY)),
            (Stale, "“并一”刚刚被别人修改过", merged(one, other, seen=1)),
            (NotFound, "没有找到这个党组织", merge(beside, one.id, other.id, TODAY, 0, TODAY)),
        ):  # fmt: skip
            await refused(error, said, attempt)
        await merged(one, other)
        await refused(Conflict, "“并一”已于 2026-11-21 撤销，不能再办理", merged(other, one))
        await refused(
            Invalid, "“并二”已于 2026-11-21 接收了并入的党组织，这次的日期不能早于那一天",
            dissolve(world.admin, other.id, TODAY - ONE_DAY, other.version, TODAY),
        )  # fmt: skip


async def test_whoever_was_late_is_told_what_has_changed(world: World) -> None:
    """Each change since in a sentence, the newest last."""
    async with county_session(world.county):
        one, town = (
            await unit(world, "变更支部"),
            await unit(world, "变更党委", "committee", world.department),
        )
        renamed = await edit(
            world.admin, one.id, UnitDraft(kind="branch", name="改名支部", founded=DAY), one.version, TODAY
        )
        moved = await move(world.admin, one.id, town.id, TODAY, renamed.version, TODAY)
        person = await member(world, "划出人", moved)
        part = Part(UnitDraft(kind="branch", name="划出支部"), frozenset({person}))
        await split(world.admin, one.id, Split(parts=(part,), day=TODAY, paper="批复"), moved.version, TODAY)
        with pytest.raises(Stale) as stale:
            await edit(world.admin, one.id, UnitDraft(kind="branch", name="又改名"), 0, TODAY)
        by = world.admin.name
        assert stale.value.changes == (
            f"{by}修改了名称、简称、成立日期，现在的名称是“改名支部”。", f"{by}把它调整到了“变更党委”之下。",
            f"{by}从它划出了“划出支部”。",
        )  # fmt: skip


async def test_a_division_takes_whom_it_may_and_leaves_nobody_in_two_places(
    world: World, clerks: Clerks, regime_for: RegimeFor
) -> None:
    """Posts at the old unit end; of who is left somebody has to say where."""
    async with county_session(world.county):
        one = await unit(world, "拆支部", founded=DAY)
        staying, going, leaving = [await member(world, f"拆{name}", one) for name in "甲乙丙"]
        stranger = await member(world, "别处人", world.west)
        await open_case(
            with_roles("书记", ("branch-secretary", one)), leaving, DAY, {"documents": ["transfer-request"]},
            regime_for=regime_for, today=TODAY, procedure="transfer", to=world.far.id,
        )  # fmt: skip

        def parted(
            *people: UUID,
            kind: str = "branch",
            name: str = "拆出支部",
            more: tuple[Part, ...] = (),
            **plan: Any,
        ) -> Any:
            parts = (Part(UnitDraft(kind=kind, name=name), frozenset(people)), *more)
            whole = Split(parts=parts, **{"day": TODAY, "paper": "批复", **plan})
            return split(world.admin, one.id, whole, one.version, TODAY)

        again = Part(UnitDraft(kind="branch", name="又一支部"), frozenset({going}))
        for error, said, attempt in (
            (Invalid, "同一人员划入了两个新组织", parted(going, more=(again,))),
            (Invalid, "选中的人员里有 1 个现在不直接属于“拆支部”", parted(going, stranger)),
            (Invalid, "党小组不能设在党委“城关镇党委”之下", parted(going, kind="group")),
            (Invalid, "人员登记在党支部，不能划入党委“拆出支部”", parted(going, kind="committee")),
            (Invalid, "没有人员、也没有下级党组织划入“拆出支部”", parted()),
            (Invalid, "请选择由哪一个新组织接收其余的人员", parted(going, rest=1)),
            (Invalid, "请选择由哪一个新组织接收其余的人员", parted(going, rest=-1)),
            (Invalid, "其余的人员和事项须由党支部接收，“拆出支部”不是", parted(going, kind="general-branch", rest=0)),
            (Conflict, "拆丙正在办理组织关系转移或者处置等事项，不能同时划出", parted(going, leaving)),
            (Invalid, "没有填写批准的文件", parted(going, paper=" ")),
            (Invalid, "拆分日期早于“拆支部”的成立日期", parted(going, day=DAY - ONE_DAY)),
            (Conflict, "同一上级之下已经有“西街社区党支部”", parted(going, name=world.west.name)),
        ):  # fmt: skip
            await refused(error, said, attempt)
        await execute(
            """insert into person_span (person_id, kind, word, unit_id, since, ended, note) values
               ($1, 'post', 'branch-member', $2, '2026-07-01', null, ''),
               ($1, 'post', 'branch-organizer', $2, '2020-01-01', '2021-01-01', ''),
               ($3, 'post', 'branch-secretary', $2, '2026-07-01', null, '')""",
            going, one.id, staying,
        )  # fmt: skip
        done = await parted(going)
        assert (done.people, done.posts, await where(going), await where(staying)) == (
            1,
            1,
            done.units[0].id,
            one.id,
        )
        ended = await fetchval(
            "select ended from person_span where person_id = $1 and word = 'branch-member'", going
        )
        assert ended == TODAY
        await refused(Stale, "刚刚被别人修改过", parted(staying))


async def test_many_are_moved_within_a_branch_or_by_the_departments_decision(
    world: World, clerks: Clerks, regime_for: RegimeFor
) -> None:
    """Not before they came; not while something says where they are; their cases go along."""
    secretary, chief = world.secretary, world.organizer
    async with county_session(world.county):
        groups = [await unit(world, f"{number}组", "group", world.east) for number in "一二"]
        closed = await unit(world, "撤销了的组", "group", world.east)
        await dissolve(world.admin, closed.id, TODAY, closed.version, TODAY)
        person = await applicant(world, "调整人")
        case = (await clerks.open(person, DAY, TODAY)).case_id

        def grouped(into: UnitView, day: date = DAY, who: Actor = secretary) -> Any:
            return regroup(who, person, into.id, day, TODAY, regime_for)

        def moved(into: UnitView, day: date = DAY, who: Actor = chief, of: UUID | None = None) -> Any:
            return reassign(who, of or person, into.id, day, "县委文件", TODAY, regime_for)

        await refused(Conflict, "已经在东街社区第一党支部", grouped(world.east))
        await refused(Invalid, "调整日期 2026-11-22 还没有到", grouped(groups[0], TODAY + ONE_DAY))
        await refused(Invalid, "人员只能编入现有的党支部、党小组", grouped(closed))
        await refused(NotFound, "没有找到这个党组织", grouped(world.west))
        await refused(Invalid, "不在这个党支部，不能编入它的党小组", grouped(world.west, who=chief))
        await grouped(groups[0])
        await grouped(groups[1], DAY + ONE_DAY)
        await refused(Invalid, "2026-06-02 才到现在的党组织，调整日期不能更早", grouped(groups[0]))
        await refused(Invalid, "2026-06-02 才到现在的党组织", moved(world.west))
        await refused(Forbidden, "没有办理这件事的权限", moved(world.west, who=secretary))
        await refused(Invalid, "人员只能编入现有的党支部", moved(world.town, TODAY))
        assert (await access_case(chief, case)).unit_id == groups[1].id
        await moved(world.far, TODAY)
        assert (await where(person), (await access_case(chief, case)).unit_id) == (world.far.id, world.far.id)
        going = await member(world, "在转人", world.east)
        await open_case(
            secretary, going, DAY, {"documents": ["transfer-request"]}, regime_for=regime_for, today=TODAY,
            procedure="transfer", to=world.far.id,
        )  # fmt: skip
        await refused(
            Conflict, "正在办理组织关系转移或者处置等事项，不能同时调整", moved(world.west, TODAY, of=going)
        )
        gone = await member(world, "走了的人", world.east)
        await leave(chief, gone, LeavingDraft("died", DAY, "病故", "证明"), 0, TODAY)
        await refused(Conflict, "自 2026-06-01 起不在册", moved(world.west, TODAY, of=gone))


async def test_a_tag_is_given_and_taken_once_and_not_beside_a_case(world: World, clerks: Clerks) -> None:
    """From its day on; whose case goes by his tags has them changed there."""
    async with county_session(world.county):
        person = await member(world, "特征人", world.east)

        def tagged(given: bool, day: date = DAY, tag: str = "student", of: UUID = person) -> Any:
            return retag(world.secretary, of, tag, given, day, TODAY)

        await refused(Conflict, "没有这个特征", tagged(False))
        await refused(Invalid, "生效日期 2026-11-22 还没有到", tagged(True, TODAY + ONE_DAY))
        await refused(Invalid, "不认识“Not A Tag”", tagged(True, tag="Not A Tag"))
        await tagged(True)
        await refused(Conflict, "已经有这个特征", tagged(True))
        assert await tags_now(person) == {"student"}
        await tagged(False, TODAY)
        row = await fetchrow("select since, ended from person_tag where person_id = $1", person)
        assert tuple(row or ()) == (DAY, TODAY)
        await tagged(True, DAY - ONE_DAY)
        await tagged(False, DAY - 2 * ONE_DAY)
        held = [await tags_on(person, DAY + days * ONE_DAY) for days in range(-3, 3)]
        assert held == [frozenset()] * 6, (
            "what was given for a later day never held, nor what had ended since"
        )
        await tagged(True, tag="rural")
        await tagged(False, DAY + 9 * ONE_DAY, tag="rural")
        await tagged(True, DAY + 9 * ONE_DAY)
        assert await tags_on(person, DAY + 8 * ONE_DAY) == {"rural"}, (
            "what is given beside it leaves it alone"
        )
        busy = await applicant(world, "有档案的人")
        await clerks.open(busy, DAY, TODAY)
        await refused(Conflict, "此人有正在办理的档案，特征变更要记入档案", tagged(True, of=busy))


async def test_two_files_are_made_one_and_two_again_only_as_they_are(
    world: World, regime_for: RegimeFor
) -> None:
    """As they were seen; by particulars that there are; what has gone into one that has gone itself waits."""
    async with county_session(world.county):
        names = {"born": date(1980, 1, 1), **FULL}

        async def file(number: int) -> UUID:
            draft = PersonDraft(name="同一人", job=f"工作{number}", **names)
            return await enter(world.organizer, world.east.id, draft, TODAY, distinct=True)

        first, second, third = [await file(number) for number in range(3)]
        clerk = with_roles("组织委员", ("committee-organizer", world.town))

        def united(
            kept: UUID,
            gone: UUID,
            taken: frozenset[str] = frozenset(),
            versions: tuple[int, int] = (0, 0),
            reason: str = "同一人",
        ) -> Any:
            whole = Union(kept=kept, gone=gone, taken=taken, versions=versions, reason=reason)
            return unite(clerk, whole, TODAY, regime_for)

        for error, said, attempt in (
            (Stale, "两份档案中有一份刚刚被别人修改过", united(first, second, versions=(0, 1))),
            (Invalid, "没有“shoe-size”这样的项目", united(first, second, frozenset({"shoe-size", "job"}))),
            (Invalid, "没有填写理由", united(first, second, reason=" ")),
            (Conflict, "没有并入别的档案，没有合并可以撤销", merged_into(clerk, first)),
        ):
            await refused(error, said, attempt)
        with pytest.raises(DomainError, match="同一份档案"):
            await access_pair(clerk, first, first, "person.merge")
        await united(first, second, frozenset({"job"}))
        assert await fetchval("select job from person where id = $1", first) == "工作1"
        version = await fetchval("select version from person where id = $1", first)
        await united(third, first, versions=(0, version))
        await refused(
            Conflict, "保留的那一份后来又并入了别的档案。请先撤销后一次合并",
            sever(clerk, second, "不是同一人", TODAY, regime_for),
        )  # fmt: skip
        await sever(clerk, first, "不是同一人", TODAY, regime_for)
        await refused(
            Conflict,
            "没有并入别的档案",
            sever(clerk, first, "再撤销", TODAY, regime_for),
        )


async def test_who_takes_part_in_a_temporary_branch_does_so_once(world: World, regime_for: RegimeFor) -> None:
    """Two files of one person that both did are one guest; made two again they are two, and a branch that is over stays so."""
    clerk = with_roles("组织委员", ("committee-organizer", world.town))
    async with county_session(world.county):
        unit = await create(
            world.admin,
            world.town.id,
            UnitDraft(kind="temporary-branch", name="两份临时支部", founded=DAY),
            TODAY,
        )
        drafts = [
            PersonDraft(name="两份来宾", born=date(1981, 2, 3), job=job, **FULL) for job in ("甲", "乙", "丙")
        ]
        kept, gone, third = [
            await enter(world.organizer, world.east.id, draft, TODAY, distinct=True) for draft in drafts
        ]
        await add_guests(world.admin, unit.id, [kept, gone], DAY, TODAY)

        async def there() -> list[tuple[UUID, date | None]]:
            return [(one.person_id, one.ended) for one in await guests(world.admin, unit.id)]

        both = await there()
        assert set(both) == {(kept, None), (gone, None)}
        await unite(
            clerk,
            Union(kept=kept, gone=gone, taken=frozenset(), versions=(0, 0), reason="同一人"),
            TODAY,
            regime_for,
        )
        assert await there() == [(kept, None), (gone, TODAY)]
        await sever(clerk, gone, "不是同一人", TODAY, regime_for)
        assert await there() == both
        versions = (0, await fetchval("select version from person where id = $1", gone))
        union = Union(kept=third, gone=gone, taken=frozenset(), versions=versions, reason="同一人")
        await unite(clerk, union, TODAY, regime_for)
        assert set(await there()) == {(kept, None), (third, None)}, "who took part goes on as the kept file"
        await sever(clerk, gone, "不是同一人", TODAY, regime_for)
        assert set(await there()) == {(kept, None), (gone, None)}


async def test_a_file_is_shown_as_it_was_from_the_day_on_which_it_was_made(world: World) -> None:
    """No day to come, none before."""
    async with county_session(world.county):
        person = await member(world, "往日人", world.east)
        entered = await fetchval(
            "select (created_at at time zone 'Asia/Shanghai')::date from person where id = $1", person
        )
        later = entered + 30 * ONE_DAY
        await refused(
            Invalid,
            "还没有到。请选择今天或以前的日期",
            past_file(world.secretary, person, later + ONE_DAY, later),
        )
        await refused(
            Invalid,
            "登记到本县名册，以前的情况没有记录",
            past_file(world.secretary, person, entered - ONE_DAY, later),
        )
        _, past = await past_file(world.secretary, person, entered, later)
        assert (past.there, past.values["unit"], past.unknown) == (True, world.east.name, frozenset())
        here = await access_unit(world.secretary, world.east.id)
        assert here.name == past.values["unit"]
