"""A yearly plan by its rules: who draws up, hands up, approves and reports; what is refused; who stands in it and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from core.actor import Actor
from core.casework.access import take_up
from core.casework.acts.entries import NewEntry
from core.casework.acts.listing import Listing, decides_at, gating, list_in_plan, may_list
from core.casework.acts.write import write
from core.casework.model import Way
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.notices.sources.plans import from_plans
from core.organisation.service import UnitDraft, create
from core.plans.access import plan_of
from core.plans.candidates import candidates, offered
from core.plans.decide import ActDraft, decide, may, possible
from core.plans.draw import draw, redraw
from core.plans.model import PlanDraft, PlanFile, due
from core.plans.place import keep_plan, place
from core.plans.queries import draws, owed, plans, used
from dangwu import Adoption, Regime, YearPlan, compose
from tenants.database.session import county_session, current_session
from tests.contract.made import made
from tests.core.casework.cases import taken_to
from tests.core.conftest import TODAY, Clerks, World, make_world, with_roles
from tests.floor import FLOOR

NAME, YEAR, ONE_DAY = "admission-plan", TODAY.year, timedelta(days=1)
PLANNED = made(
    "planned",
    """
    - id: plan.owed
      title: 支部制定，党委、组织部批准
      plan: admission-plan
      owes: {level: branch}
      demand: {by: [02-28]}
      consent: {levels: [committee, department]}
      named: true
      guidance: true
      kinds: [rural]
    - id: plan.committee
      title: 党委也制定
      plan: admission-plan
      owes: {level: committee}
    - id: plan.filed
      title: 报市委
      plan: admission-plan
      filing: {levels: [city]}
    - id: plan.gate
      title: 列入计划才能办
      plan: admission-plan
      gates: admission/prospect-consent
    """,
    head="terms: {plan: {admission-plan: 发展计划}}\n",
)
GUIDED = PlanDraft(total=2, guidance="指导意见")


class Ground(NamedTuple):
    """A county with this policy, and two people whom it lets no further while they are in no plan."""

    clerks: Clerks
    cases: tuple[UUID, ...]
    secretary: Actor
    chief: Actor

    @property
    def world(self) -> World:
        return self.clerks.world

    @property
    def town(self) -> Actor:
        """Who draws up the committee's plan."""
        return with_roles("组织委员", ("committee-organizer", self.world.town))

    async def drawn(
        self, year: int = YEAR, cases: Sequence[UUID] = (), who: Actor | None = None, **more: Any
    ) -> UUID:
        """By the first committee."""
        text = PlanDraft(**{"total": 2, "guidance": "指导意见", "cases": tuple(cases), **more})
        return await draw(
            who or self.town,
            self.world.town.id,
            NAME,
            year,
            text,
            regime_for=self.clerks.regime_for,
            today=TODAY,
        )

    async def file(self, plan: UUID) -> PlanFile:
        """As it is now."""
        return await plan_of(self.chief, plan, regime_for=self.clerks.regime_for, today=TODAY, lock=True)

    async def act(
        self, who: Actor, plan: UUID, act: str, day: date = TODAY, seen: int | None = None, **more: str
    ) -> None:
        """What somebody does with it."""
        file = await self.file(plan)
        text = ActDraft(act=act, day=day, **more)
        count = len(file.acts) if seen is None else seen
        await decide(who, file, text, seen=count, regime_for=self.clerks.regime_for, today=TODAY)

    async def stands(self, case: UUID) -> tuple[int, ...]:
        """The years in whose plan somebody stands."""
        matter = await take_up(self.chief, case, self.clerks.regime_for, lock=False)
        return tuple(matter.case.case.plans_on(TODAY).get(NAME, ()))


@pytest.fixture(scope="module")
async def ground(pool: object) -> Ground:
    """With nothing drawn yet."""
    regime = compose(FLOOR, [Adoption(PLANNED)])

    async def regime_for(way: Way) -> Regime:
        return regime

    world = await make_world("planned", "计划县")
    clerks = Clerks(world, regime, regime_for)
    async with county_session(world.county):
        cases = [await taken_to(clerks, "prospect-selection") for _ in range(3)]
    return Ground(
        clerks, (*cases,), with_roles("党委书记", ("committee-secretary", world.town)),
        with_roles("部长", ("department-organizer", world.department)),
    )  # fmt: skip


async def refused(error: type[DomainError], said: str, attempt: Any) -> None:
    """What is tried is refused so, and leaves nothing behind."""
    with pytest.raises(error, match=said):
        async with current_session().savepoint():
            await attempt


async def test_what_a_plan_cannot_say_is_refused(ground: Ground) -> None:
    """Of a unit of a level that owes it, of a year around this one, once; its numbers, its names, its guidance."""
    world, chief = ground.world, ground.chief
    async with county_session(world.county):
        leader = with_roles("远", ("branch-secretary", world.far))
        other = await taken_to(
            ground.clerks._replace(world=world._replace(secretary=leader, east=world.far)),
            "prospect-selection",
        )
        for error, said, attempt in (
            (Invalid, "年度 2028 不对：只制定上年、本年和下年的计划", ground.drawn(YEAR + 2)),
            (Invalid, "年度 2024 不对", ground.drawn(YEAR - 2)),
            (Invalid, "计划数应为 0 至 100000", ground.drawn(total=-1)),
            (Invalid, "计划数应为 0 至 100000", ground.drawn(total=100_001)),
            (Invalid, "选了 3 人，超过计划数 2", ground.drawn(cases=ground.cases)),
            (Invalid, "请写明县委组织部年度指导意见", ground.drawn(guidance=" ")),
            (Invalid, "没有要求按所填的类别分列", ground.drawn(kinds={"student": 1})),
            (Invalid, "分列的数应为 0 至计划数", ground.drawn(kinds={"rural": 3})),
            (Invalid, "有人不在这个党组织", ground.drawn(cases=[other])),
            (Invalid, "一份计划最多写明 200 人", ground.drawn(cases=[UUID(int=one) for one in range(201)], total=300)),
            (Forbidden, "城关镇党委的计划由基层党委制定，您不能代为制定", ground.drawn(who=chief)),
            (Forbidden, "没有办理这件事的权限", ground.drawn(who=with_roles("检查员", ("inspector", world.town)))),
            (
                Invalid, "没有要求计划县县委组织部制定这一计划",
                draw(chief, world.department.id, NAME, YEAR, GUIDED, regime_for=ground.clerks.regime_for, today=TODAY),
            ),
        ):  # fmt: skip
            await refused(error, said, attempt)
        made_one = await ground.drawn(YEAR + 1, kinds={"rural": 2})
        await refused(Conflict, "城关镇党委已有 2027 年发展计划", ground.drawn(YEAR + 1))
        file = await ground.file(made_one)
        assert (file.newest.kinds, file.newest.guidance, file.own_level) == (
            {"rural": 2},
            "指导意见",
            "committee",
        )
        with pytest.raises(NotFound, match="没有找到这份计划"):
            await plan_of(
                with_roles("他处", ("committee-secretary", world.other_town)), made_one,
                regime_for=ground.clerks.regime_for, today=TODAY,
            )  # fmt: skip


async def test_a_plan_goes_up_level_by_level_and_back(ground: Ground) -> None:
    """Drawn, handed up, approved by the committee and then the department, reported; by different people, day after day; whoever
    is named stands in it from the last approval on, whoever is left out of the next text no longer."""
    world, town, boss, chief = ground.world, ground.town, ground.secretary, ground.chief
    first, second, third = ground.cases
    async with county_session(world.county):
        plan = await ground.drawn(cases=[first, second])
        gated = await take_up(chief, first, ground.clerks.regime_for, lock=False)
        assert [*gating(gated, TODAY)] == [NAME]
        assert decides_at(gating(gated, TODAY)[NAME]) == "department"
        assert (may_list(chief, gated, TODAY), may_list(boss, gated, TODAY)) == (True, False)
        assert possible(await ground.file(plan)) == ("submit",)
        for error, said, attempt in (
            (Invalid, "没有这一项", ground.act(town, plan, "draw")),
            (Conflict, "这份计划现在不能批准", ground.act(boss, plan, "approve")),
            (Conflict, "期间已有别人办理过", ground.act(town, plan, "submit", seen=0)),
            (Forbidden, "由基层党委有职责的人员办理", ground.act(chief, plan, "submit")),
            (Invalid, "早于计划年度的上一年", ground.act(town, plan, "submit", date(YEAR - 2, 12, 31))),
            (Invalid, "日期 2026-11-22 还没有到", ground.act(town, plan, "submit", TODAY + ONE_DAY)),
        ):
            await refused(error, said, attempt)
        await ground.act(town, plan, "submit", date(2026, 11, 10))
        redrawn = redraw(town, await ground.file(plan), GUIDED, seen=2, today=TODAY)
        await refused(Conflict, "正在报批，不能改动", redrawn)
        for error, said, attempt in (
            (Forbidden, "起草、报批的人不能批准自己的计划", ground.act(town, plan, "approve")),
            (Forbidden, "由基层党委有职责的人员办理", ground.act(chief, plan, "approve")),
            (Invalid, "请写明退回的理由", ground.act(boss, plan, "return")),
            (Invalid, "早于前一项的日期 2026-11-10", ground.act(boss, plan, "approve", date(2026, 11, 9))),
        ):
            await refused(error, said, attempt)
        await ground.act(boss, plan, "return", note="人选不实")
        assert (await ground.file(plan)).line.state == "returned"
        noted = [one.what for one in await from_plans(town, date.today())]
        assert noted == ["return:2026 年发展计划"]
        assert await from_plans(boss, date.today()) == [], "nobody is told what he did himself"
        bare = redraw(town, await ground.file(plan), GUIDED, seen=3, today=TODAY)
        await refused(Invalid, "请写明调整的理由", bare)
        text = PlanDraft(total=1, guidance="指导意见", reason="去掉一人", cases=(first,))
        assert await redraw(town, await ground.file(plan), text, seen=3, today=TODAY) == 2
        await ground.act(town, plan, "submit", date(2026, 11, 12))
        assert may(boss, await ground.file(plan), "approve"), "what he handed back before is another text"
        await ground.act(boss, plan, "approve", date(2026, 11, 13), paper="城党〔2026〕1 号")
        file = await ground.file(plan)
        assert (file.line.state, file.next_approver, await ground.stands(first)) == (
            "submitted",
            "department",
            (),
        )
        await refused(Forbidden, "同一个人不能在两级办理", ground.act(boss, plan, "approve"))
        await ground.act(chief, plan, "approve", date(2026, 11, 14), paper="批复")
        assert [await ground.stands(one) for one in ground.cases] == [(YEAR,), (), ()]
        file = await ground.file(plan)
        assert (file.line.state, file.line.approved, file.untold) == ("approved", 2, ("city",))
        for error, said, attempt in (
            (Invalid, "请选择还没有报备的上级", ground.act(town, plan, "report", receiver="province", paper="报告")),
            (Invalid, "没有填写报备文件的名称和文号", ground.act(town, plan, "report", receiver="city")),
            (Invalid, "报备的日期 2026-11-13 早于批准的日期 2026-11-14",
             ground.act(town, plan, "report", date(2026, 11, 13), receiver="city", paper="报告")),
        ):  # fmt: skip
            await refused(error, said, attempt)
        await ground.act(town, plan, "report", date(2026, 11, 14), receiver="city", paper="报告")
        assert possible(await ground.file(plan)) == ()
        file = await ground.file(plan)
        named = await candidates(file.newest.cases)
        use = await used(file, named)
        assert (use.total, use.named, use.members, use.left, use.admitted) == (1, 1, 0, 0, 0)
        await _adjusted(ground, plan, first, third)


async def _adjusted(ground: Ground, plan: UUID, first: UUID, third: UUID) -> None:
    """The next text in force takes one out and one in; until it is approved all is as it was."""
    town, boss, chief = ground.town, ground.secretary, ground.chief
    file = await ground.file(plan)
    text = PlanDraft(total=1, guidance="指导意见", reason="换人", cases=(third,))
    await redraw(town, file, text, seen=len(file.acts), today=TODAY)
    assert (await ground.file(plan)).line.named == 1
    await ground.act(town, plan, "submit")
    await ground.act(boss, plan, "approve")
    assert await ground.stands(first) == (YEAR,)
    await ground.act(chief, plan, "approve")
    assert (await ground.stands(first), await ground.stands(third)) == ((), (YEAR,))
    assert (await ground.file(plan)).untold == ("city",), "another text is reported anew"


async def test_one_more_in_the_course_of_the_year(ground: Ground) -> None:
    """By the level that approves, into a plan that is in force and has room; nobody twice, nobody out who is not in."""
    world, chief = ground.world, ground.chief
    first, second, third = ground.cases
    async with county_session(world.county):

        async def placed(
            case: UUID, stands: bool, year: int = YEAR, who: Actor = chief, because: str = "增列"
        ) -> None:
            known = await keep_plan(case, NAME, year)
            matter = await take_up(who, case, ground.clerks.regime_for)
            listing = Listing(NAME, year, stands, because)
            await place(who, matter, known, listing, TODAY, seen=matter.case.version, today=TODAY)

        for error, said, attempt in (
            (Conflict, "计划数是 1 人，已经列满。请由党支部、基层党委调整计划数", placed(second, True)),
            (Conflict, "已经列入 2026 年“发展计划”", placed(third, True)),
            (Conflict, "没有列入 2026 年“发展计划”", placed(first, False)),
            (Conflict, "2025 年还没有批准的“发展计划”", placed(second, True, YEAR - 1)),
            (Invalid, "只登记上年、本年和下年的计划，不能登记 2028 年的", placed(second, True, YEAR + 2)),
            (Invalid, "没有填写依据和理由", placed(second, True, because=" ")),
            (Forbidden, "由县委组织部审定，您不能登记", placed(second, True, who=ground.secretary)),
        ):
            await refused(error, said, attempt)
        await placed(third, False)
        await placed(second, True)
        assert [await ground.stands(one) for one in ground.cases] == [(), (YEAR,), ()]
        [line] = [one for one in await plans(chief, YEAR) if one.unit_id == world.town.id]
        assert (line.edition, line.approved, line.named) == (5, 5, 1)
        assert {one.case_id for one in await offered(world.town.path)} == {*ground.cases}


async def test_what_is_owed_and_by_whom(ground: Ground) -> None:
    """Each level that the rules name, of living units of its own, but those within a branch; the year's day of February."""
    world = ground.world
    async with county_session(world.county):
        await create(world.admin, world.town.id, UnitDraft(kind="temporary-branch", name="临时支部"), TODAY)
        await create(world.admin, world.east.id, UnitDraft(kind="group", name="一组"), TODAY)
        found = await owed(ground.chief, regime_for=ground.clerks.regime_for, today=TODAY)
        assert [(one.level, one.count, {*one.names}, one.by) for one in found] == [
            (
                "党支部",
                3,
                {world.east.short_name, world.west.short_name, world.far.short_name},
                date(YEAR, 2, 28),
            ),
            ("基层党委", 1, {world.other_town.short_name}, date(YEAR, 2, 28)),
        ]
        for actor, does in (
            (ground.town, True),
            (ground.chief, True),
            (with_roles("检查员", ("inspector", world.town)), False),
        ):
            assert await draws(actor, regime_for=ground.clerks.regime_for, today=TODAY) == does


async def test_a_temporary_branch_draws_up_what_a_branch_does(ground: Ground) -> None:
    """It acts as a branch: its plan is of that level."""
    world = ground.world
    async with county_session(world.county):
        unit = await create(
            world.admin, world.town.id, UnitDraft(kind="temporary-branch", name="工程临时支部"), TODAY
        )
        leader = with_roles("临时书记", ("branch-secretary", unit))
        plan = await draw(
            leader, unit.id, NAME, YEAR, GUIDED, regime_for=ground.clerks.regime_for, today=TODAY
        )
        file = await ground.file(plan)
        assert file.own_level == "branch"
        await ground.act(leader, plan, "submit")
        assert (await ground.file(plan)).line.state == "submitted"


@pytest.mark.parametrize(
    ("by", "year", "day"),
    [
        ("01-31", 2026, date(2026, 1, 31)),
        ("02-29", 2026, date(2026, 2, 28)),
        ("02-29", 2028, date(2028, 2, 29)),
        (None, 2026, None),
    ],
)
def test_a_day_that_a_year_has_not_is_the_months_last(by: str | None, year: int, day: date | None) -> None:
    from msgspec.structs import replace

    asked = compose(FLOOR, [Adoption(PLANNED)]).plans(TODAY)[NAME]
    given = YearPlan(asked.plan, replace(asked.asks, by=by), asked.origins, asked.gates)
    assert due(given, year) == day


async def test_what_is_said_of_one_plan_says_nothing_of_another(ground: Ground) -> None:
    """Whoever came into another plan later did not stand in it before, though this one is spoken of as of a day before that."""
    chief, regime_for = ground.chief, ground.clerks.regime_for
    async with county_session(ground.world.county):
        case = await taken_to(ground.clerks, "prospect-selection")
        matter = await take_up(chief, case, regime_for)
        other = NewEntry(
            kind="facts", day=TODAY, entered=TODAY, evidence={"plans": {"other-plan": [YEAR]}}, note="另一项", level="department"
        )  # fmt: skip
        await write(chief, matter, other, TODAY, "facts")
        for stands, year in ((True, YEAR), (True, YEAR + 1), (False, YEAR)):
            matter = await take_up(chief, case, regime_for)
            known: dict[str, Any] = {"seen_version": matter.case.version, "today": TODAY}
            await list_in_plan(
                chief, matter, Listing(NAME, year, stands, "会议决定"), TODAY - ONE_DAY, **known
            )
        said = (await take_up(chief, case, regime_for)).case.case
        assert said.plans_on(TODAY - 2 * ONE_DAY) == {}
        assert said.plans_on(TODAY - ONE_DAY) == {NAME: (YEAR + 1,)}
        assert said.plans_on(TODAY) == {NAME: (YEAR + 1,), "other-plan": (YEAR,)}
