"""The tree: where a unit may stand, what is refused, how units are found."""

from __future__ import annotations

from datetime import date

import asyncpg
import pytest

from core.changes.dissolve import dissolve
from core.database import execute
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.organisation.access import access_unit
from core.organisation.history import history
from core.organisation.queries import children, crumbs, search, tree
from core.organisation.service import UnitDraft, create, edit, found
from tenants.database.session import county_session
from tests.core.conftest import TODAY, World, applicant, make_world, with_roles

pytestmark = pytest.mark.usefixtures("world")


async def test_a_unit_stands_only_where_its_kind_may(world: World) -> None:
    """Groups under branches, branches under committees; a second department nowhere."""
    async with county_session(world.county):
        group = await create(world.admin, world.east.id, UnitDraft(kind="group", name="第一党小组"), TODAY)
        assert group.path.startswith(world.east.path)
        with pytest.raises(Invalid, match="党委不能设在党支部"):
            await create(world.admin, world.east.id, UnitDraft(kind="committee", name="某党委"), TODAY)
        with pytest.raises(Invalid, match="没有“club”"):
            await create(world.admin, world.town.id, UnitDraft(kind="club", name="某某"), TODAY)
        with pytest.raises(Conflict, match="只有一个"):
            await found(world.admin, UnitDraft(kind="department", name="又一个"), TODAY)


@pytest.mark.parametrize(
    ("parent", "kind", "path"), [(False, "department", "/zz/"), (True, "committee", "/zz/")]
)
async def test_nothing_but_the_department_stands_where_all_of_the_county_is_below(
    world: World, parent: bool, kind: str, path: str
) -> None:
    """Lists ask whoever holds a role there for no path (core/paths.py): the database has only one, of that depth."""
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        async with county_session(world.county):
            await execute(
                """insert into unit (name, short_name, kind, path, parent_id, py, py_initials)
                   values ('x', 'x', $1, $2, $3, '', '')""",
                kind, path, world.department.id if parent else None,
            )  # fmt: skip


async def test_names_and_dates_are_checked(world: World) -> None:
    """No empty or double names, no founding day to come, no code twice."""
    async with county_session(world.county):
        with pytest.raises(Invalid, match="没有填写名称"):
            await create(world.admin, world.town.id, UnitDraft(kind="branch", name=" \u200b "), TODAY)
        with pytest.raises(Conflict, match="同一上级之下已经有"):
            await create(
                world.admin, world.town.id, UnitDraft(kind="branch", name="东街社区第一党支部"), TODAY
            )
        with pytest.raises(Invalid, match="还没有到"):
            draft = UnitDraft(kind="branch", name="明年党支部", founded=date(2027, 1, 1))
            await create(world.admin, world.town.id, draft, TODAY)
        await create(world.admin, world.town.id, UnitDraft(kind="branch", name="甲支部", code="007"), TODAY)
    with pytest.raises(Conflict, match="编码"):
        async with county_session(world.county):
            await create(
                world.admin, world.town.id, UnitDraft(kind="branch", name="乙支部", code="007"), TODAY
            )


async def test_editing_needs_the_version_that_was_seen(world: World) -> None:
    """The second of two editors is told."""
    async with county_session(world.county):
        unit = await create(world.admin, world.town.id, UnitDraft(kind="branch", name="旧名支部"), TODAY)
        draft = UnitDraft(kind="branch", name="新名支部", flags=("rural",))
        renamed = await edit(world.admin, unit.id, draft, unit.version, TODAY)
        assert (renamed.name, renamed.flags, renamed.version) == ("新名支部", ("rural",), 1)
        with pytest.raises(Conflict, match="刚刚被别人修改过"):
            await edit(world.admin, unit.id, draft, unit.version, TODAY)
        with pytest.raises(Invalid, match="类别不能改动"):
            await edit(world.admin, unit.id, UnitDraft(kind="group", name="新名支部"), 1, TODAY)
        changes = await history(world.admin, unit.id)
        assert [change.kind for change in changes] == ["edited", "created"]
        assert changes[0].detail["was"] == {"name": "旧名支部", "short_name": "旧名支部", "flags": []}


async def test_the_tree_counts_what_lies_below(pool: object) -> None:
    """One query; sums go up."""
    world = await make_world("counting", "计数县")
    async with county_session(world.county):
        for number in range(3):
            await applicant(world, f"东街人{number}")
        nodes = {node.name: node for node in await tree(world.admin)}
        assert nodes["东街社区第一党支部"].people == 3
        assert (nodes["城关镇党委"].people, nodes["城关镇党委"].all_people) == (0, 3)
        assert (nodes["计数县县委组织部"].all_people, nodes["计数县县委组织部"].all_units) == (3, 5)
        assert [node.depth for node in await tree(world.admin)] == [0, 1, 2, 2, 1, 2]
        assert [node.name for node in await tree(world.secretary)] == ["东街社区第一党支部"]
        assert len(await children(world.admin, world.town.id)) == 2
        names = await crumbs([world.east.path])
        assert [name for _, name in names[world.east.path]] == [
            "计数县县委组织部",
            "城关镇党委",
            "东街社区第一党支部",
        ]


@pytest.mark.parametrize("text", ["东街", "社区第一", "dongjie", "djsq"])
async def test_units_are_found_by_name_and_pinyin(world: World, text: str) -> None:
    """Infix of the name, beginning of pinyin and initials."""
    async with county_session(world.county):
        assert world.east.id in {unit.id for unit in await search(world.admin, text)}


async def test_outside_ones_subtree_there_is_nothing(world: World, other_world: World) -> None:
    """NotFound outside the subtree and in another county; Forbidden inside without the capability."""
    async with county_session(world.county):
        for actor, unit in (
            (world.secretary, world.west),
            (world.secretary, world.town),
            (world.admin, other_world.east),
        ):
            with pytest.raises(NotFound):
                await access_unit(actor, unit.id)
        with pytest.raises(Forbidden):
            await create(world.secretary, world.east.id, UnitDraft(kind="group", name="小组"), TODAY)
        reader = with_roles("检查员", ("inspector", world.town))
        with pytest.raises(Forbidden):
            await edit(reader, world.east.id, UnitDraft(kind="branch", name="改名"), 0, TODAY)


async def test_nothing_is_founded_after_it_was_dissolved(world: World) -> None:
    """Of what there is no more the founding day can be put right, to a day that can be: the yearly table counts both."""
    day = date(2026, 5, 1)
    async with county_session(world.county):
        unit = await create(world.admin, world.town.id, UnitDraft(kind="branch", name="早撤支部"), TODAY)
        gone = await dissolve(world.admin, unit.id, day, unit.version, TODAY)

        def founded(on: date) -> UnitDraft:
            return UnitDraft(kind="branch", name="早撤支部", founded=on)

        with pytest.raises(Invalid, match="成立日期 2026-05-02 晚于“早撤支部”的撤销日期 2026-05-01"):
            await edit(world.admin, unit.id, founded(date(2026, 5, 2)), gone.version, TODAY)
        assert (await edit(world.admin, unit.id, founded(day), gone.version, TODAY)).founded == day
