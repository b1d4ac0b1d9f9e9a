"""The tables of a year at their edges: the first and the last day, the birthday, the day after; what nobody may infer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest

from core.database import execute, fetchval
from core.errors import Invalid
from core.organisation.model import UnitView
from core.organisation.service import UnitDraft, create
from core.register.carry import FollowedMembership, follow_membership
from core.register.model import PersonDraft
from core.register.service import enter
from core.statistics.counts import CountQuery, counts
from core.statistics.yearly.model import Line, Report, Table
from core.statistics.yearly.report import Wanted, report
from core.statistics.yearly.withhold import withheld
from tenants.database.session import county_session, owner_session
from tests.core.conftest import World

TODAY = date(2026, 11, 21)
FIRST, LAST, ONE_DAY = date(2025, 1, 1), date(2025, 12, 31), timedelta(days=1)


async def unit(
    world: World, name: str, kind: str = "branch", under: UnitView | None = None, **more: object
) -> UnitView:
    """One under the second committee, or elsewhere."""
    draft = UnitDraft(kind=kind, name=name, **more)  # type: ignore[arg-type]
    return await create(world.admin, (under or world.other_town).id, draft, TODAY)


async def member(world: World, branch: UnitView, name: str, **more: object) -> UUID:
    """A full member since 2015, in the register since before all days here."""
    given = {"membership": "full", "joined": date(2014, 7, 1), "converted": date(2015, 7, 1), **more}
    person = await enter(world.organizer, branch.id, PersonDraft(name=name, **given), TODAY, distinct=True)  # type: ignore[arg-type]
    await execute("update person set created_at = '2020-01-01' where id = $1", person)
    return person


async def year(world: World, number: int, unit: UnitView) -> Report:
    """The tables of a unit; everything in them agrees."""
    found = await report(world.admin, Wanted(number, unit.id), TODAY)
    assert [one.wrong for one in found.checks if one.wrong] == []
    return found


def lines(found: Report, table: str) -> dict[str, tuple[int | float, ...]]:
    """Row → its figures, those with nothing left out."""
    [one] = [one for one in found.tables if one.id == table]
    return {line.title: line.figures for line in one.lines if line.figures and any(line.figures)}


async def test_an_organisation_is_there_from_its_first_day_to_the_day_before_its_end(world: World) -> None:
    """What was founded and dissolved in the year is in both columns, and in neither number of the ends."""
    async with county_session(world.county):
        town = await unit(world, "成立撤销党委", "committee", world.department, founded=date(2001, 7, 1))
        for name, founded, dissolved in (
            ("去年末成立", FIRST - ONE_DAY, None), ("元旦成立", FIRST, None), ("年末成立", LAST, None),
            ("明年成立", LAST + ONE_DAY, None), ("没有登记", None, None), ("元旦撤销", None, FIRST), ("年末撤销", None, LAST),
            ("明年撤销", None, LAST + ONE_DAY), ("去年末撤销", None, FIRST - ONE_DAY),
            ("年内成立又撤销", date(2025, 3, 1), date(2025, 9, 1)),
        ):  # fmt: skip
            made = await unit(world, name, under=town, founded=founded)
            await execute("update unit set dissolved = $2 where id = $1", made.id, dissolved)
        found = lines(await year(world, 2025, town), "organisations")
        # 年初：去年末成立、没有登记、元旦撤销、年末撤销、明年撤销
        assert found == {"党委": (1, 0, 0, 1), "党支部": (5, 3, 3, 5)}
        assert lines(await year(world, 2026, town), "organisations")["党支部"] == (5, 1, 1, 5)
        with pytest.raises(Invalid, match="2027 年还没有到"):
            await report(world.admin, Wanted(2027, town.id), TODAY)


async def test_who_had_to_elect_by_the_end_of_the_year(world: World) -> None:
    """A term that is full on the last day is over, one that is full the day after is not; an election in the year makes up."""
    async with county_session(world.county):
        town = await unit(world, "换届党委", "committee", world.department, founded=date(2001, 7, 1))
        old = date(2022, 6, 1)
        for name, *known in (
            ("到期已换", (old, date(2025, 6, 1)), (date(2025, 6, 1), date(2028, 6, 1))),
            ("末日到期未换", (old, LAST)),
            ("次日到期", (old, LAST + ONE_DAY)),
            ("早就到期元旦才换", (date(2020, 1, 1), date(2023, 1, 1)), (FIRST, date(2028, 1, 1))),
            ("提前换届", (old, date(2026, 6, 1)), (LAST, date(2028, 12, 31))),
            ("明年才换", (old, date(2025, 6, 1)), (LAST + ONE_DAY, date(2029, 1, 1))),
            ("没有登记",),
        ):
            made = await unit(world, f"{name}支部", under=town, founded=old)
            for since, until in known:
                await execute(
                    """insert into unit_term (unit_id, path, since, until, basis, by_id, by_name)
                       values ($1, $2, $3, $4, '批复', $5, '某')""",
                    made.id, made.path, since, until, world.admin.id,
                )  # fmt: skip
        void = await unit(world, "记错的支部", under=town, founded=old)
        await execute(
            """insert into unit_term (unit_id, path, since, until, basis, by_id, by_name, void)
               values ($1, $2, $3, $4, '批复', $5, '某', true)""",
            void.id, void.path, old, LAST, world.admin.id,
        )  # fmt: skip
        found = lines(await year(world, 2025, town), "terms")
        assert found == {"党委": (0, 0, 0, 0, 1), "党支部": (4, 2, 2, 1, 2)}


async def test_people_are_in_the_group_of_their_age_on_the_last_day(world: World) -> None:
    """公报的八段和两段: a birthday on that very day counts; the day after, it does not."""
    async with county_session(world.county):
        branch = await unit(world, "年龄支部")
        edges = {"30 岁及以下": (18, 30), "31 至 35 岁": (31, 35), "36 至 40 岁": (36, 40), "41 至 45 岁": (41, 45),
                 "46 至 50 岁": (46, 50), "51 至 55 岁": (51, 55), "56 至 60 岁": (56, 60), "61 岁及以上": (61, 90)}  # fmt: skip
        joined = {"joined": date(2024, 7, 1), "converted": date(2025, 7, 1)}
        for first, last in edges.values():
            turns, about_to = LAST.replace(year=2025 - first), LAST.replace(year=2025 - last - 1) + ONE_DAY
            for number, born in enumerate((turns, about_to)):
                await member(world, branch, f"岁{first}之{number}", born=born, **joined)
        await member(world, branch, "不知年龄")
        found = await counts(world.admin, CountQuery(day=LAST, dimension="age", unit_id=branch.id), TODAY)
        assert [(line.title, line.members) for line in found.lines] == [
            *((title, 2) for title in edges),
            ("未登记", 1),
        ]
        tables = await year(world, 2025, branch)
        assert lines(tables, "age") == {**dict.fromkeys(edges, (2, 0, 2)), "未登记": (1, 0, 1)}
        young = await counts(world.admin, CountQuery(day=LAST, dimension="youth", unit_id=branch.id), TODAY)
        assert [line.members for line in young.lines] == [4, 12, 1]
        on_the_eve = await counts(
            world.admin, CountQuery(day=LAST - ONE_DAY, dimension="age", unit_id=branch.id), TODAY
        )
        assert on_the_eve.lines[0].members == 3, "whoever turns 31 on the last day is 30 the day before"


@pytest.mark.parametrize(
    ("dimension", "column", "edges"),
    [
        ("epoch", "joined", [date(1949, 9, 30), date(1978, 12, 17), date(2012, 11, 7)]),
        (
            "period", "joined",
            [date(1937, 7, 6), date(1945, 9, 2), date(1949, 9, 30), date(1966, 4, 30), date(1976, 10, 31), date(1978, 12, 31),
             date(2002, 10, 31), date(2012, 10, 31)],
        ),
    ],
)  # fmt: skip
async def test_the_last_day_of_an_epoch_is_in_it(
    world: World, dimension: str, column: str, edges: Sequence[date]
) -> None:
    """党内统计公报的四段、年报的九段: one in each for the last day, one more for the first of the next."""
    async with county_session(world.county):
        branch = await unit(world, f"{dimension}支部")
        for number, day in enumerate(day for edge in edges for day in (edge, edge + ONE_DAY)):
            await member(world, branch, f"时段{number}", **{column: day, "converted": None})
        found = await counts(world.admin, CountQuery(day=LAST, dimension=dimension, unit_id=branch.id), TODAY)
        assert [line.members for line in found.lines] == [1, *[2] * (len(edges) - 1), 1]


async def test_who_was_on_the_way_at_the_end_of_a_past_year(world: World) -> None:
    """What cases have made of people since is taken back; who was entered later was not there."""
    async with county_session(world.county):
        branch = await unit(world, "发展支部")
        stages = {"甲": "applicant", "乙": "activist", "丙": "activist", "丁": "prospect"}
        people = {}
        for name, stage in stages.items():
            born = LAST.replace(year=1990) if name != "丁" else LAST.replace(year=1989)
            draft = PersonDraft(name=f"发展{name}", born=born, sex="female" if name in "甲乙" else "male",
                                ethnicity="满族" if name == "乙" else "汉族", membership=stage)  # fmt: skip
            people[name] = await enter(world.organizer, branch.id, draft, TODAY)
            await execute("update person set created_at = '2024-05-01' where id = $1", people[name])
        await follow_membership([FollowedMembership(people["甲"], "activist", None)])
        await follow_membership([FollowedMembership(people["丙"], "probationary", date(2026, 2, 1))])
        late = PersonDraft(name="发展戊", born=date(1990, 1, 1), membership="applicant")
        people["戊"] = await enter(world.organizer, branch.id, late, TODAY)
    async with owner_session(world.county):
        for name, at in (("甲", "2025-12-31 15:59:59+00"), ("丙", "2025-12-31 16:00:00+00")):
            await execute(f"update person_change set at = '{at}' where person_id = $1", people[name])
        await execute("update person set created_at = '2026-01-01 00:00:00+08' where id = $1", people["戊"])
    async with county_session(world.county):
        assert lines(await year(world, 2026, branch), "stages") == {
            "入党申请人": (1, 0, 0, 0), "入党积极分子": (2, 2, 1, 2), "发展对象": (1, 0, 0, 0),
        }  # fmt: skip
        assert lines(await year(world, 2025, branch), "stages") == {
            "入党积极分子": (2, 2, 1, 2), "发展对象": (1, 0, 0, 0),
        }, "what the register alone had said of 丙 is not known any more"  # fmt: skip


async def test_suspensions_and_restorations_by_their_days(world: World) -> None:
    """Each counts in the year of its own day; one that was entered in error in none."""
    async with county_session(world.county):
        branch = await unit(world, "处置支部")
        for number, (since, ended, void) in enumerate(
            (
                (FIRST, None, False), (LAST, LAST + ONE_DAY, False), (FIRST - ONE_DAY, FIRST, False),
                (date(2024, 5, 1), LAST, False), (date(2025, 5, 1), date(2025, 6, 1), True),
            )
        ):  # fmt: skip
            person = await member(world, branch, f"停籍{number}")
            await execute(
                """insert into person_span (person_id, kind, word, since, ended, note, void)
                   values ($1, 'limit', 'suspended', $2, $3, '', $4)""",
                person, since, ended, void,
            )  # fmt: skip
        found = lines(await year(world, 2025, branch), "disposal")
        assert found == {"停止党籍": (2,), "恢复党籍": (2,)}
        assert lines(await year(world, 2024, branch), "disposal") == {"停止党籍": (2,)}
        assert lines(await year(world, 2026, branch), "disposal") == {"恢复党籍": (1,)}


async def test_results_of_an_appraisal_are_those_of_rounds_that_end_in_the_year(world: World) -> None:
    """Decided and on: by grade; whoever has none, or none yet, is counted as such; no withdrawn rounds, none of units."""
    async with county_session(world.county):
        branch, other = await unit(world, "评议支部"), await unit(world, "评议另一支部")

        async def rated(
            where: UnitView, last: date, results: Sequence[tuple[str, str]], **more: object
        ) -> None:
            given = {"scheme": "democratic-appraisal", "units": False, **more}
            round_id = await fetchval(
                """insert into rating_round (scheme, title, name, first, last, opened, rules, units, unit_id, path, by_id,
                       by_name) values ($1, '民主评议', $2, $3, $4, $3, '{}', $5, $6, $7, $8, '某') returning id""",
                given["scheme"], f"{last.year}-{last:%m%d}", last.replace(day=1), last, given["units"], where.id, where.path,
                world.admin.id,
            )  # fmt: skip
            for number, (state, grade) in enumerate(results):
                person = await member(world, where, f"被评{last:%m%d}{number}{where.name}{given['scheme']}")
                await execute(
                    """insert into rating_subject (round_id, person_id, membership, tags, state, grade, unit_id, path)
                       values ($1, $2, 'full', '{}', $3, $4, $5, $6)""",
                    round_id, person, state, grade, where.id, where.path,
                )  # fmt: skip

        await rated(
            branch,
            LAST,
            [("decided", "excellent"), ("closed", "qualified"), ("proposed", "excellent"), ("ungraded", "")],
        )
        await rated(other, FIRST, [("announced", "qualified"), ("appealed", "not-qualified")])
        await rated(other, LAST + ONE_DAY, [("closed", "excellent")])
        await rated(other, LAST - ONE_DAY, [("closed", "excellent")], scheme="five-stars")
        found = lines(await year(world, 2025, world.other_town), "appraisal")
        assert found == {
            "优秀": (1, 1), "合格": (2, 2), "不合格": (1, 1), "没有等次（预备党员、还在评议的）": (2, 1),
        }  # fmt: skip


def table(*figures: tuple[int, ...]) -> Table:
    """One of these rows, with their sum."""
    rows = tuple(Line(f"第 {number} 行", one) for number, one in enumerate(figures, start=1))
    sums = tuple(sum(column) for column in zip(*figures, strict=True))
    return Table(
        id="sex",
        title="性别",
        columns=("人数",),
        lines=rows,
        total=Line("合计", sums),
        source="",
        unverified="",
        note="",
    )


@pytest.mark.parametrize(
    ("figures", "shown"),
    [
        ([(3,), (4,)], [True, True]),
        ([(2,), (9,), (4,)], [False, True, False]),
        ([(1,), (2,), (9,)], [False, False, True]),
        ([(0,), (9,), (5,)], [True, True, True]),
        ([(2,), (0,), (9,)], [False, True, False]),
        ([(9, 0, 9), (5, 2, 7), (6, 3, 8)], [True, False, False]),
    ],
)
def test_few_people_in_a_row_are_not_shown_and_do_not_follow_from_the_total(
    figures: Sequence[tuple[int, ...]], shown: Sequence[bool]
) -> None:
    """The smallest of the others is withheld with a row that would be the only one."""
    found = withheld(table(*figures))
    assert [line.figures is not None for line in found.lines] == shown
    assert [line.figures for line in found.lines if line.figures] == [
        one for one, there in zip(figures, shown, strict=True) if there
    ]


@pytest.mark.parametrize("figures", [[(2,), (0,)], [(0,), (1,), (0,)]])
def test_where_all_are_few_no_row_is_shown_nor_their_sum(figures: Sequence[tuple[int, ...]]) -> None:
    """A total of one or two beside rows of nobody says where they are."""
    found = withheld(table(*figures))
    assert {line.figures for line in found.lines} == {None}
    assert found.total is not None
    assert found.total.figures is None
