"""How long a committee is elected for, what a branch is when it is small, joint or for a task: by the clauses, to the day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.errors import Conflict, Invalid
from core.organisation.branches import MOST_COVERED, said_of_covers, said_of_size, said_of_temporary
from core.organisation.model import UnitView
from core.organisation.service import UnitDraft, create
from core.organisation.terms import (
    TermDraft,
    ending,
    enter_term,
    lasting,
    said_of,
    strike_term,
    terms,
    years_of,
)
from tenants.database.session import county_session
from tests.core.conftest import TODAY, World, make_world, with_roles

ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "flags", "years"),
    [
        ("branch", ("rural",), 5), ("branch", ("community",), 5), ("general-branch", ("community", "old"), 5),
        ("branch", (), 3), ("branch", ("joint",), 3), ("general-branch", (), 3), ("committee", (), 5),
        ("committee", ("rural",), 5),
        ("temporary-branch", (), 0), ("group", ("rural",), 0), ("department", (), 0),
    ],
)  # fmt: skip
def test_terms_by_kind_and_place(kind: str, flags: tuple[str, ...], years: int) -> None:
    """支部工作条例、关于党的基层组织任期的意见: five years in villages and communities and for committees, else three."""
    assert years_of(kind, flags) == years
    assert said_of(kind, flags) == (f"{years} 年（《关于党的基层组织任期的意见》任期）" if years else "")


@pytest.mark.parametrize(
    ("full", "members", "said"),
    [
        (2, 60, "不足 3 名，不能单独成立党支部"), (3, 50, ""), (0, 0, "正式党员 0 名"),
        (40, 51, "党员 51 名，超过 50 名，一般应当分设或者设党总支"), (50, 50, ""),
    ],
)  # fmt: skip
def test_a_branch_has_three_full_members_and_fifty_members(full: int, members: int, said: str) -> None:
    """第四条: at least three full ones, as a rule no more than fifty of both."""
    found = said_of_size(full, members)
    assert said in found
    assert bool(found) == bool(said)
    assert not found or "《中国共产党支部工作条例（试行）》第四条" in found


def test_a_joint_branch_covers_five_workplaces_as_a_rule() -> None:
    assert said_of_covers(5) == ""
    assert "覆盖 6 个单位，一般不超过 5 个" in said_of_covers(6)
    assert all(
        word in said_of_temporary() for word in ("不发展党员", "不处分和处置党员", "不收缴党费", "不换届")
    )


async def branch(world: World, name: str, kind: str = "branch", **more: object) -> UnitView:
    """One of the first committee's."""
    return await create(world.admin, world.town.id, UnitDraft(kind=kind, name=name, **more), TODAY)  # type: ignore[arg-type]


async def test_a_term_follows_the_one_before_and_is_at_most_a_year_longer(world: World) -> None:
    """延期一般不超过一年; elected on a day that has come, after the committee before."""
    async with county_session(world.county):
        unit = await branch(world, "任期支部")
        elected = date(2023, 2, 28)
        made = await enter_term(world.admin, unit.id, TermDraft(elected, "批复"), TODAY)
        assert (made.since, made.until, made.by_name) == (elected, date(2026, 2, 28), world.admin.name)
        for since, basis, until, said in (
            (elected, "批复", None, "上一届是 2023-02-28 产生的"),
            (elected - ONE_DAY, "批复", None, "上一届是 2023-02-28 产生的"),
            (TODAY + ONE_DAY, "批复", None, "选举产生的日期 2026-11-22 还没有到"),
            (elected + ONE_DAY, " ", None, "没有填写批准选举结果的文件"),
            (elected + ONE_DAY, "批复", elected + ONE_DAY, "请填 2023-03-01 以后至 2027-03-01 的日期"),
            (elected + ONE_DAY, "批复", date(2027, 3, 2), "任期 3 年，延期一般不超过 12 个月"),
        ):
            with pytest.raises(Invalid, match=said):
                await enter_term(world.admin, unit.id, TermDraft(since, basis, until), TODAY)
        later = await enter_term(
            world.admin, unit.id, TermDraft(elected + ONE_DAY, "批复", date(2027, 3, 1)), TODAY
        )
        assert [one.id for one in await terms(world.admin, unit.id)] == [later.id, made.id]
        await strike_term(world.admin, unit.id, later.id)
        with pytest.raises(Conflict, match="已经撤销，或者不是这个党组织的"):
            await strike_term(world.admin, unit.id, later.id)
        with pytest.raises(Conflict, match="已经撤销，或者不是这个党组织的"):
            await strike_term(world.admin, world.west.id, made.id)
        assert [one.id for one in await terms(world.admin, unit.id)] == [made.id]
        task = await branch(world, "任务支部", "temporary-branch", until=date(2027, 1, 1))
        for none in (task, world.department):
            with pytest.raises(Conflict, match="没有选举产生、有任期的委员会"):
                await enter_term(world.admin, none.id, TermDraft(elected, "批复"), TODAY)


async def test_a_term_is_thought_of_half_a_year_before_its_end(pool: object) -> None:
    """第二十一条; the first to end first, those of which nobody has said anything last; of what one sees alone."""
    world = await make_world("terms", "任期县")
    async with county_session(world.county):
        for name, until in (
            ("半年后", date(2027, 5, 21)),
            ("半年又一天后", date(2027, 5, 22)),
            ("已满", date(2026, 11, 20)),
        ):
            unit = await branch(world, f"{name}支部")
            await enter_term(world.admin, unit.id, TermDraft(date(2024, 1, 1), "批复", until), TODAY)
        renewed = await branch(world, "换届了的支部")
        for since in (date(2020, 1, 1), date(2025, 6, 1)):
            await enter_term(world.admin, renewed.id, TermDraft(since, "批复"), TODAY)
        found = [(one.name, one.until) for one in await ending(world.admin, TODAY)]
        assert found[:2] == [("已满支部", date(2026, 11, 20)), ("半年后支部", date(2027, 5, 21))]
        assert {until for _, until in found[2:]} == {None}
        assert {name for name, _ in found[2:]} == {
            world.town.name, world.other_town.name, world.east.name, world.west.name, world.far.name,
        }  # fmt: skip
        assert [one.name for one in await ending(world.secretary, TODAY)] == [world.east.name]


async def test_a_task_is_thought_of_a_month_before_its_end(pool: object) -> None:
    """临时党支部任务结束即撤销: those without a day last."""
    world = await make_world("tasks", "任务县")
    async with county_session(world.county):
        for name, until in (
            ("三十天后", TODAY + 30 * ONE_DAY), ("三十一天后", TODAY + 31 * ONE_DAY), ("昨天", TODAY - ONE_DAY), ("不定", None),
        ):  # fmt: skip
            await branch(world, f"{name}支部", "temporary-branch", task="防汛", until=until)
        found = [one.name for one in await lasting(world.admin, TODAY)]
        assert found == ["昨天支部", "三十天后支部", "不定支部"]
        assert await lasting(with_roles("他处", ("committee-secretary", world.other_town)), TODAY) == []


async def test_what_only_temporary_and_joint_branches_have(world: World) -> None:
    """A task that ends after it began; workplaces of a joint branch, each once, so many at most."""
    async with county_session(world.county):
        day = date(2026, 6, 1)
        places = tuple(f"单位{number}" for number in range(MOST_COVERED))
        for draft, said in (
            ({"task": "防汛"}, "只有临时党支部登记任务"),
            ({"until": day}, "只有临时党支部登记任务"),
            ({"kind": "temporary-branch", "founded": day, "until": day}, "不晚于成立日期 2026-06-01"),
            ({"covers": ("某厂",)}, "只有联合党支部登记覆盖的单位"),
            ({"covers": (*places, "又一个"), "flags": ("joint",)}, "最多登记 20 个"),
            ({"covers": ("某厂", " "), "flags": ("joint",)}, "没有填写单位名称"),
        ):
            with pytest.raises(Invalid, match=said):
                await branch(world, "不成的支部", **draft)
        task = await branch(
            world, "防汛支部", "temporary-branch", task=" 防汛 ", founded=day, until=day + ONE_DAY
        )
        assert (task.task, task.until) == ("防汛", day + ONE_DAY)
        joint = await branch(world, "联合支部", flags=("joint",), covers=("某厂", "某店", "某厂"))
        assert joint.covers == ("某厂", "某店")
