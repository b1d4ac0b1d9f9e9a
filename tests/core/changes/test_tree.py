"""What goes along when a unit moves or merges, and when one can be dissolved."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from msgspec.structs import replace

from core.casework.access import access_case
from core.changes.dissolve import dissolve
from core.changes.merge import merge
from core.changes.move import move
from core.changes.split import Part, Split, checked_split, split
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.organisation.access import access_unit
from core.organisation.history import history
from core.organisation.queries import tree
from core.organisation.service import UnitDraft, create
from core.register.access import access_person
from core.register.history import person_history
from core.register.model import PersonDraft
from core.register.rights.holders import holders
from core.register.rights.spans import SpanDraft, add_span
from core.register.service import enter
from tenants.database.session import county_session
from tenants.divided import foreseen_split
from tests.core.conftest import TODAY, Clerks, World, applicant, make_world

pytestmark = pytest.mark.usefixtures("world")


async def test_moving_takes_people_cases_and_units_along(pool: object, clerks: Clerks) -> None:
    """Every stored path follows."""
    world = await make_world("moving", "搬迁县")
    async with county_session(world.county):
        clerks = clerks._replace(world=world)
        person = await applicant(world, "随迁人")
        case = await clerks.open(person, date(2026, 6, 1), TODAY)
        group = await create(world.admin, world.east.id, UnitDraft(kind="group", name="第一党小组"), TODAY)
        await move(world.admin, world.east.id, world.other_town.id, TODAY, 0, TODAY)
        moved = await access_unit(world.admin, world.east.id)
        assert moved.path.startswith(world.other_town.path)
        assert moved.parent_id == world.other_town.id
        assert (await access_unit(world.admin, group.id)).path.startswith(moved.path)
        assert (await access_person(world.admin, person))["path"] == moved.path
        assert (await access_case(world.admin, case.case_id)).path == moved.path
        with pytest.raises(NotFound):
            await access_person(world.committee, person)


async def test_moving_below_itself_is_refused(world: World) -> None:
    """A tree has no circles."""
    async with county_session(world.county):
        work = await create(world.admin, world.department.id, UnitDraft(kind="committee", name="工委"), TODAY)
        below = await create(world.admin, work.id, UnitDraft(kind="committee", name="下级党委"), TODAY)
        with pytest.raises(Invalid, match="不能作为它的上级"):
            await move(world.admin, work.id, below.id, TODAY, 0, TODAY)


async def test_merging_takes_all_along_and_dissolves(pool: object, clerks: Clerks) -> None:
    """People and cases go to the successor; the old unit stays in the books."""
    world = await make_world("merging", "合并县")
    async with county_session(world.county):
        clerks = clerks._replace(world=world)
        person = await applicant(world, "并入人")
        case = await clerks.open(person, date(2026, 6, 1), TODAY)
        await create(world.admin, world.east.id, UnitDraft(kind="group", name="第一党小组"), TODAY)
        with pytest.raises(Conflict, match="还有 1 个下级党组织、1 名人员、1 件正在办理"):
            await dissolve(world.admin, world.east.id, TODAY, 0, TODAY)
        with pytest.raises(Invalid, match="不能并入党委"):
            await merge(world.admin, world.east.id, world.town.id, TODAY, 0, TODAY)
        merged = await merge(world.admin, world.east.id, world.west.id, TODAY, 0, TODAY)
        assert (merged.people, merged.cases, merged.units) == (1, 1, 1)
        assert (await access_person(world.admin, person))["unit_id"] == world.west.id
        assert (await access_case(world.admin, case.case_id)).unit_id == world.west.id
        old = await access_unit(world.admin, world.east.id)
        assert (old.dissolved, old.successor_id) == (TODAY, world.west.id)
        assert world.east.id not in {node.id for node in await tree(world.admin)}
        assert world.east.id in {node.id for node in await tree(world.admin, dissolved=True)}
        with pytest.raises(Conflict, match="撤销"):
            await create(world.admin, world.east.id, UnitDraft(kind="group", name="又一小组"), TODAY)


async def test_an_empty_unit_can_be_dissolved(world: World) -> None:
    """With a day that can be."""
    async with county_session(world.county):
        draft = UnitDraft(kind="branch", name="临时支部", founded=date(2020, 1, 1))
        unit = await create(world.admin, world.town.id, draft, TODAY)
        with pytest.raises(Invalid, match="早于"):
            await dissolve(world.admin, unit.id, date(2019, 1, 1), 0, TODAY)
        gone = await dissolve(world.admin, unit.id, TODAY, 0, TODAY)
        assert gone.dissolved == TODAY


async def test_days_of_moves_and_mergers_follow_each_other(pool: object) -> None:
    """What was in force where goes by these days: none may lie before the one that came last."""
    world = await make_world("ordering", "次序县")
    late, early = date(2026, 10, 1), date(2026, 9, 1)
    async with county_session(world.county):
        await move(world.admin, world.east.id, world.other_town.id, late, 0, TODAY)
        version = (await access_unit(world.admin, world.east.id)).version
        with pytest.raises(Invalid, match="已于 2026-10-01 调整了隶属关系，这次的日期不能早于那一天"):
            await move(world.admin, world.east.id, world.town.id, early, version, TODAY)
        draft = UnitDraft(kind="branch", name="新设支部", founded=late)
        young = await create(world.admin, world.town.id, draft, TODAY)
        with pytest.raises(Invalid, match="调整日期早于“新设支部”的成立日期 2026-10-01"):
            await move(world.admin, young.id, world.other_town.id, early, 0, TODAY)
        await merge(world.admin, young.id, world.west.id, late, 0, TODAY)
        with pytest.raises(Invalid, match="不能早于那一天"):
            await merge(world.admin, world.west.id, world.east.id, early, 0, TODAY)
        moved = (await history(world.admin, world.east.id))[0]
        assert (moved.detail["was_name"], moved.detail["now_name"]) == (
            world.town.name,
            world.other_town.name,
        )


async def test_units_below_with_the_same_name_are_named_before_a_merger(pool: object) -> None:
    """Nearly every branch has a 第一党小组."""
    world = await make_world("twins", "同名县")
    async with county_session(world.county):
        for branch in (world.east, world.west):
            await create(world.admin, branch.id, UnitDraft(kind="group", name="第一党小组"), TODAY)
        with pytest.raises(Conflict, match="下级都有“第一党小组”，合并后无法区分。请先改名"):
            await merge(world.admin, world.east.id, world.west.id, TODAY, 0, TODAY)
        assert (await access_unit(world.admin, world.east.id)).dissolved is None


async def test_dividing_takes_the_chosen_along_and_leaves_the_rest(pool: object, clerks: Clerks) -> None:
    """In one act: their cases, a whole group, the post that ends; whoever is on his way stays; nothing is half done."""
    world = await make_world("dividing", "拆分县")
    member = PersonDraft(
        name="", born=date(1980, 5, 6), membership="full", joined=date(2010, 7, 1), converted=date(2011, 7, 1)
    )
    organizer = world.organizer
    async with county_session(world.county):
        clerks = clerks._replace(world=world)
        goes, stays = await applicant(world, "划出人"), await applicant(world, "留下人")
        leader = await enter(organizer, world.east.id, replace(member, name="书记甲"), TODAY)
        case = await clerks.open(goes, date(2026, 6, 1), TODAY)
        post = SpanDraft(word="branch-secretary", since=date(2025, 1, 1), unit_id=world.east.id)
        await add_span(organizer, leader, "post", post, TODAY)
        group = await create(world.admin, world.east.id, UnitDraft(kind="group", name="第一党小组"), TODAY)
        grouped = await enter(organizer, group.id, replace(member, name="组员乙"), TODAY)
        new = UnitDraft(kind="branch", name="东街社区第二党支部", code="220106002")
        plan = Split(
            parts=(Part(new, frozenset({goes, leader}), frozenset({group.id})),),
            day=TODAY,
            paper="城党发〔2026〕12 号",
        )
        for wrong, sentence in (
            (replace(plan, parts=(Part(new, frozenset({goes})), Part(new, frozenset({goes})))), "划入了两个新组织"),
            (replace(plan, parts=(Part(new, frozenset({grouped})),)), "现在不直接属于"),
            (replace(plan, parts=(Part(replace(new, kind="committee"), frozenset({goes})),)), "不能划入党委"),
            (replace(plan, parts=(Part(new),)), "没有人员、也没有下级党组织划入"),
            (replace(plan, rest=3), "请选择由哪一个新组织接收"),
            (replace(plan, day=date(2026, 11, 22)), "还没有到"),
        ):  # fmt: skip
            with pytest.raises(Invalid, match=sentence):
                await checked_split(world.admin, world.east.id, wrong, 0, TODAY)
        with pytest.raises(Forbidden):
            await split(world.secretary, world.east.id, plan, 0, TODAY)
        with pytest.raises(NotFound):
            await split(world.admin, UUID(int=1), plan, 0, TODAY)
        found = await foreseen_split(world.admin, world.east.id, plan, 0, TODAY)
        assert (found.parts[0].people, found.parts[0].full, found.parts[0].units) == (2, 1, ("第一党小组",))
        assert found.parts[0].cases == {"admission": 1}
        assert (found.left.people, [one.title for one in found.posts]) == (1, ["党支部书记"])
        assert (
            "不足 3 名，不能单独成立党支部（《中国共产党支部工作条例（试行）》第四条，转引" in found.left.size
        )
        done = await split(world.admin, world.east.id, plan, 0, TODAY)
        [made] = done.units
        assert (made.founded, made.parent_id, done.people, done.posts) == (TODAY, world.town.id, 2, 1)
        assert (await access_case(world.admin, case.case_id)).unit_id == made.id
        assert (await access_person(world.admin, grouped))["path"].startswith(made.path)
        assert (await access_person(world.admin, stays))["unit_id"] == world.east.id
        assert await holders(world.east.id, TODAY) == []
        told = (await person_history(organizer, leader))[:2]
        assert [(one.kind, one.paper) for one in told] == [("post", ""), ("transferred", plan.paper)]
        with pytest.raises(Stale):
            await split(world.admin, world.east.id, plan, 0, TODAY)
        again = replace(
            plan,
            parts=(Part(replace(new, name="东街社区第三党支部", code=None), frozenset({stays})),),
            rest=0,
        )
        last = await split(world.admin, world.east.id, again, 1, TODAY)
        assert last.merged is not None
        gone = await access_unit(world.admin, world.east.id)
        assert (gone.dissolved, gone.successor_id) == (TODAY, last.units[0].id)
        kinds = [one.kind for one in await history(world.admin, world.east.id)]
        assert kinds[:3] == ["merged", "split", "split"]
