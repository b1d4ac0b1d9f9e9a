"""A round of a rating: who opens, proposes and decides, what is refused, when it is over; what a grade proposes is for people."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import msgspec
import pytest

from core.actor import Actor
from core.database import execute, fetch, fetchval
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Stale
from core.organisation.model import UnitView
from core.ratings.matter import matter_of
from core.ratings.model import WAITING, ActDraft, Matter
from core.ratings.open import offers, open_rounds
from core.ratings.queries import grades, proposed, round_of, rounds, subjects, waiting
from core.ratings.record import level_of, may, possible, record
from core.register.leaving import LeavingDraft, leave
from core.register.model import PersonDraft
from core.register.service import enter
from dangwu import Adoption, Regime, compose
from tenants.database.session import county_session, current_session
from tests.contract.made import made
from tests.core.conftest import World, make_world, with_roles
from tests.floor import FLOOR

TODAY, FIRST, NAME, ONE_DAY = date(2026, 11, 21), date(2026, 7, 1), "2026-2", timedelta(days=1)
STARS = made(
    "starred",
    """
    - id: star.base
      title: 星级
      rating: stars
      of: members
      scale: [low, middle, high]
      items: [study, work]
      round: {by: [06-30, 12-31]}
      propose: {level: branch}
      decide: {level: committee}
      exempt: {when: [infirm], on: own-application}
      pending: {when: [mobile], until: proof}
      share: {high: "<=1/3"}
      follows: {low: guidance}
    - id: unit.base
      title: 支部分类
      rating: kinds
      of: units
      level: branch
      scale: [weak, good]
      round: {by: [06-30, 12-31]}
      propose: {level: branch}
      decide: {level: committee}
    """,
    head="""\
    tags: {infirm: 年老体弱}
    terms:
      grade: {low: 低, middle: 中, high: 高, weak: 薄弱, good: 好}
      item: {study: 学习, work: 工作}
      kind: {proof: 证明}
    """,
)


class Round(NamedTuple):
    """A county with this policy; three full members of a branch and one who is away."""

    world: World
    regime: Regime
    people: dict[str, UUID]
    branch: Actor
    chief: Actor

    async def regime_at(self, path: str) -> Regime:
        return self.regime

    async def known_at(self, path: str, at: datetime) -> Regime:
        return self.regime

    async def opened(self, scheme: str = "stars", name: str = NAME, unit: UnitView | None = None) -> UUID:
        """The first of the rounds that this opens."""
        who = with_roles("组织委员", ("committee-organizer", self.world.town))
        found = await open_rounds(
            who, (unit or self.world.town).id, scheme, name, regime_for=self.regime_at, today=TODAY
        )
        return found[0]

    async def of(self, name: str, round_id: UUID) -> Matter:
        """Somebody's rating in hand."""
        subject = await fetchval(
            "select id from rating_subject where person_id = $1 and round_id = $2",
            self.people[name],
            round_id,
        )
        return await self.taken(subject)

    async def taken(self, subject: UUID) -> Matter:
        """The same by its id."""
        return await matter_of(
            self.chief, subject, regime_for=self.regime_at, known_for=self.known_at, today=TODAY, lock=True
        )

    async def act(self, who: Actor, matter: Matter, act: str, day: date = TODAY, **more: Any) -> None:
        """What somebody records."""
        given = {"items": ("study", "work")} if act == "propose" else {}
        seen = more.pop("seen", matter.line.acts)
        await record(who, matter, ActDraft(act=act, day=day, **{**given, **more}), today=TODAY, seen=seen)


@pytest.fixture(scope="module")
async def round_(pool: object) -> Round:
    """Nothing opened yet."""
    world = await make_world("rated", "评级县")
    full: dict[str, Any] = {"membership": "full", "joined": date(2010, 7, 1), "converted": date(2011, 7, 1)}
    async with county_session(world.county):
        people = {}
        for name in ("甲", "乙", "丙", "动"):
            draft = PersonDraft(name=f"评{name}", born=date(1980, 1, 1), mobile=name == "动", **full)
            people[name] = await enter(world.organizer, world.east.id, draft, TODAY)
        await execute(
            "insert into person_tag (person_id, tag, since) values ($1, 'infirm', '2026-01-01')", people["丙"]
        )
    return Round(
        world, compose(FLOOR, [Adoption(STARS)]), people, with_roles("支书", ("branch-secretary", world.east)),
        with_roles("书记", ("committee-secretary", world.town)),
    )  # fmt: skip


async def refused(error: type[DomainError], said: str, attempt: Any) -> None:
    """What is tried is refused so, and leaves nothing behind."""
    with pytest.raises(error, match=said):
        async with current_session().savepoint():
            await attempt


async def test_a_round_is_opened_where_it_is_held_and_once(round_: Round) -> None:
    """That of today or of the year before; at branches with somebody to rate; by who opens rounds there."""
    world = round_.world
    found = {one.scheme.id: one for one in offers(round_.regime, "branch", TODAY)}
    assert {*found} == {"stars", "democratic-appraisal"}
    assert (found["stars"].name, found["stars"].first, found["stars"].last) == (
        NAME,
        FIRST,
        date(2026, 12, 31),
    )
    assert {one.scheme.id for one in offers(round_.regime, "committee", TODAY)} == {*found, "kinds"}
    reader = with_roles("检查员", ("inspector", world.town))
    async with county_session(world.county):
        for error, said, attempt in (
            (Invalid, "这里没有可以开展的这一期评定", round_.opened("moons")),
            (Invalid, "“2026-3”这一期。请重新选择", round_.opened(name="2026-3")),
            (Invalid, "“2027-1”这一期（2027-01-01 至 2027-06-30）还没有到", round_.opened(name="2027-1")),
            (Invalid, "“2024-2”这一期（2024-07-01 至 2024-12-31）还没有到，或者早已过去", round_.opened(name="2024-2")),
            (Invalid, "这里没有可以开展的这一期评定", round_.opened(unit=world.west)),
            (Forbidden, "没有办理这件事的权限", open_rounds(
                reader, world.town.id, "stars", NAME, regime_for=round_.regime_at, today=TODAY)),
        ):  # fmt: skip
            await refused(error, said.replace("（", "[（]").replace("）", "[）]"), attempt)
        opened = await round_.opened()
        await refused(Invalid, "这一期已经开展", round_.opened())
        line = await round_of(round_.chief, opened)
        assert (line.count, line.waits, dict(line.states), line.period) == (
            4,
            4,
            {"owed": 3, "pending": 1},
            "2026 年第 2 期",
        )
        assert await round_.opened(name="2025-2"), "the year before can still be held"
        with pytest.raises(NotFound, match="没有找到这一期评定"):
            await round_of(with_roles("他处", ("committee-secretary", world.other_town)), opened)


async def test_what_cannot_be_recorded(round_: Round) -> None:
    """By each level its own acts, of nobody himself, in order, in words of the scheme, with its reasons, under its ceilings."""
    branch, chief = round_.branch, round_.chief
    async with county_session(round_.world.county):
        [line] = [one for one in await rounds(chief) if (one.scheme, one.name) == ("stars", NAME)]
        one = await round_.of("甲", line.id)
        assert (level_of(one, "propose"), level_of(one, "decide")) == ("branch", "committee")
        himself = msgspec.structs.replace(branch, person=round_.people["甲"])
        assert [may(who, one, "propose") for who in (branch, chief, himself)] == [True, False, False]
        for error, said, attempt in (
            (Invalid, "没有“sing”这一项", round_.act(branch, one, "sing")),
            (Forbidden, "这是您本人的事项", round_.act(himself, one, "propose", grade="middle")),
            (Forbidden, "这一项由党支部有职责的人员办理", round_.act(chief, one, "propose", grade="middle")),
            (Forbidden, "这一项由基层党委有职责的人员办理", round_.act(branch, one, "decide", grade="middle")),
            (Stale, "期间已有别人记录过", round_.act(branch, one, "propose", grade="middle", seen=1)),
            (Invalid, "日期 2026-11-22 还没有到", round_.act(branch, one, "propose", TODAY + ONE_DAY, grade="middle")),
            (Invalid, "这一期从 2026-07-01 开始", round_.act(branch, one, "propose", FIRST - ONE_DAY, grade="middle")),
            (Invalid, "这一评级方案没有luck", round_.act(branch, one, "propose", grade="middle", items=("luck",))),
            (Invalid, "这一评级方案没有letter", round_.act(branch, one, "certify", papers=("letter",))),
            (Conflict, "没有“best”这一等次", round_.act(branch, one, "propose", grade="best")),
            (Conflict, "还没有提出等次建议", round_.act(chief, one, "decide", grade="middle")),
            (Conflict, "没有待研究的建议", round_.act(chief, one, "consider", note="采纳")),
            (Conflict, "不属于可以申请不参加评定的人员，仍须评定", round_.act(branch, one, "apply", own=True)),
        ):  # fmt: skip
            await refused(error, said, attempt)
        assert "apply" not in possible(one)
        infirm, away = await round_.of("丙", line.id), await round_.of("动", line.id)
        assert "apply" in possible(infirm)
        assert "certify" in possible(away)
        await round_.act(branch, one, "propose", FIRST, grade="high")
        await refused(
            Stale,
            "期间已有别人记录过",
            round_.act(branch, await round_.of("甲", line.id), "propose", grade="low", seen=0),
        )
        await round_.act(chief, await round_.of("甲", line.id), "decide", grade="high")
        second = await round_.of("乙", line.id)
        await round_.act(branch, second, "propose", grade="high")
        over = round_.act(chief, await round_.of("乙", line.id), "decide", grade="high")
        await refused(Conflict, "评为高的已有 2 人，4 人中最多 1/3，即 1 人", over)
        assert await grades(chief, line.id) == {"high": 1}


async def test_a_round_is_over_when_nothing_waits_and_what_a_grade_proposes_is_considered(
    round_: Round,
) -> None:
    """A result is corrected with its reason; who has left keeps no round open; each proposal is answered once, by who decides."""
    branch, chief = round_.branch, round_.chief
    async with county_session(round_.world.county):
        [line] = [one for one in await rounds(chief) if (one.scheme, one.name) == ("stars", NAME)]
        second = await round_.of("乙", line.id)
        if second.now.state == "owed":
            await round_.act(branch, second, "propose", grade="low")
        await round_.act(chief, await round_.of("乙", line.id), "decide", grade="low")
        again = round_.act(chief, await round_.of("乙", line.id), "decide", grade="middle")
        await refused(Invalid, "请写明理由", again)
        await round_.act(chief, await round_.of("乙", line.id), "decide", grade="low", note="核对过")
        assert (await round_.of("乙", line.id)).line.edition == 2
        infirm = await round_.of("丙", line.id)
        await round_.act(branch, infirm, "apply", own=True, note="年老体弱")
        bare = round_.act(chief, await round_.of("丙", line.id), "decline")
        await refused(Invalid, "请写明理由", bare)
        await round_.act(chief, await round_.of("丙", line.id), "excuse")
        for name in ("甲", "乙"):
            await round_.act(chief, await round_.of(name, line.id), "close")
        assert (await round_of(chief, line.id)).closed is None, "one is away"
        [listed] = await proposed(chief)
        assert (listed.name, listed.proposes, listed.grade) == ("评乙", ("guidance",), "low")
        assert [one.name for one in await waiting(chief, WAITING) if one.round_id == line.id] == ["评动"]
        await leave(
            round_.world.organizer,
            round_.people["动"],
            LeavingDraft("transferred-out", TODAY, "外出", "介绍信"),
            0,
            TODAY,
        )
        assert [one.name for one in await waiting(chief, WAITING) if one.round_id == line.id] == []
        known = await round_.of("乙", line.id)
        for error, said, attempt in (
            (Invalid, "请写明研究的结果", round_.act(chief, known, "consider")),
            (Invalid, "早于前一项的日期 2026-11-21", round_.act(chief, known, "consider", TODAY - ONE_DAY, note="采纳")),
            (Forbidden, "由基层党委有职责的人员办理", round_.act(branch, known, "consider", note="采纳")),
        ):  # fmt: skip
            await refused(error, said, attempt)
        await round_.act(chief, known, "consider", note="不采纳：已经谈过")
        assert await proposed(chief) == []
        await refused(
            Conflict,
            "已经研究过",
            round_.act(chief, await round_.of("乙", line.id), "consider", note="又研究"),
        )
        states = {one.name: one.state for one in await subjects(chief, line.id)}
        assert states == {"评甲": "closed", "评乙": "closed", "评丙": "exempt", "评动": "pending"}
        assert [one.name for one in await subjects(chief, line.id, "closed")] == [
            one.name for one in await subjects(chief, line.id) if one.state == "closed"
        ]
        page = await subjects(chief, line.id, limit=1)
        rest = await subjects(chief, line.id, after=(page[0].place, page[0].id), limit=50)
        assert [page[0].name, *(one.name for one in rest)] == [*states]


async def test_who_holds_office_in_a_unit_has_no_part_in_what_is_decided_on_it(round_: Round) -> None:
    """By his account or by the register; what the unit says for itself it says by him."""
    world, chief = round_.world, round_.chief
    async with county_session(world.county):
        opened = await round_.opened("kinds")
        rows = await fetch("select id, unit_id from rating_subject where round_id = $1", opened)
        units = {row["unit_id"]: row["id"] for row in rows}
        assert {*units} == {world.east.id, world.west.id}, "those below the one that decides"
        one = await round_.taken(units[world.east.id])
        both = with_roles("兼职书记", ("committee-secretary", world.town), ("branch-secretary", world.east))
        assert [may(who, one, "decide") for who in (chief, both)] == [True, False]
        await refused(
            Forbidden,
            "您在被评的.*任职，上级对它的评定由您回避",
            round_.act(both, one, "decide", grade="good"),
        )
        await execute(
            """insert into person_span (person_id, kind, word, unit_id, since, note)
               values ($1, 'post', 'branch-member', $2, $3, '')""",
            round_.people["甲"], world.east.id, FIRST,
        )  # fmt: skip
        one = await round_.taken(units[world.east.id])
        in_office = msgspec.structs.replace(chief, person=round_.people["甲"], id=uuid4())
        assert [
            may(in_office, found, "decide") for found in (one, await round_.taken(units[world.west.id]))
        ] == [False, True]
        assert may(both, one, "propose"), "its own word"
