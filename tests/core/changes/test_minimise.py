"""Whose contact data go, from which day on; what of asking, signing and declining is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.casework.access import take_up
from core.casework.acts.end import end_case
from core.changes.minimise.rule import LONGEST, Rule, rule, set_rule
from core.changes.minimise.run import agree, ask, decline, go_on, known_run, runs, signed
from core.changes.minimise.who import Until, due_extent, due_people, people_of
from core.database import execute, fetch, fetchval
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.register.leaving import LeavingDraft, leave
from core.register.model import PersonDraft
from core.register.service import enter
from dangwu import add_months
from tenants.database.session import county_session, current_session
from tests.core.casework.cases import begun
from tests.core.conftest import TODAY, Clerks, World, with_roles

ONE_DAY = timedelta(days=1)
LEFT, ENDED = date(2026, 6, 1), date(2026, 9, 1)
GONE_YEARS, ENDED_YEARS = 5, 2
GONE, DONE_WITH = add_months(LEFT, 12 * GONE_YEARS), add_months(ENDED, 12 * ENDED_YEARS)


async def refused(error: type[DomainError], said: str, attempt: Any) -> None:
    with pytest.raises(error, match=said):
        async with current_session().savepoint():
            await attempt


async def member(world: World, name: str) -> UUID:
    draft = PersonDraft(
        name=name, membership="full", joined=date(2010, 7, 1), converted=date(2011, 7, 1),
        address="东街", landline="0431-85551234"
    )  # fmt: skip
    return await enter(world.organizer, world.east.id, draft, TODAY)


async def gone(world: World, name: str, kind: str = "transferred-out") -> UUID:
    person = await member(world, name)
    await leave(world.organizer, person, LeavingDraft(kind, LEFT, "事由", "依据"), 0, TODAY)
    return person


async def ended(clerks: Clerks, name: str) -> UUID:
    """Somebody who applied, and withdrew."""
    secretary = clerks.world.secretary
    case = await begun(clerks, name, date(2026, 6, 1))
    matter = await take_up(secretary, case, clerks.regime_for)
    known: dict[str, Any] = {"seen_version": matter.case.version, "today": TODAY}
    await end_case(secretary, matter, "withdrawn", ENDED, "不办了", **known)
    found: UUID = matter.case.person_id
    return found


async def due(today: date) -> set[str]:
    """Their names."""
    return {one.name for one in await due_people(Until.by(await rule(), today))}


async def test_the_years_are_the_countys_and_never_too_few(world: World) -> None:
    async with county_session(world.county):
        assert await rule() == Rule(0, 0)
        for wrong, field in (
            (Rule(4, 0), "gone"), (Rule(LONGEST + 1, 0), "gone"), (Rule(0, 1), "ended"), (Rule(-1, 2), "gone"),
        ):  # fmt: skip
            with pytest.raises(Invalid, match="年限不对") as caught:
                await set_rule(world.admin, wrong)
            assert set(caught.value.fields) == {field}
        await refused(Forbidden, "由县委组织部办理", set_rule(world.committee, Rule(5, 2)))
        for right in (Rule(5, 0), Rule(0, 2), Rule(LONGEST, LONGEST), Rule(0, 0)):
            await set_rule(world.admin, right)
            assert await rule() == right


async def test_who_is_due_from_which_day_on(clerks: Clerks) -> None:
    """On the day on which the years are full; not while anything is under way, and not twice for one leaving."""
    world = clerks.world
    async with county_session(world.county):
        person = await gone(world, "离开满五年")
        await gone(world, "去世满五年", "died")
        await member(world, "在册的人")
        applicant = await ended(clerks, "终止满两年")
        awaited = await gone(world, "等待接收的人")
        await execute("update person set left_as = 'awaited' where id = $1", awaited)
        left = {"离开满五年", "去世满五年"}
        await set_rule(world.admin, Rule(GONE_YEARS, ENDED_YEARS))
        assert DONE_WITH < GONE
        for today, who in (
            (DONE_WITH - ONE_DAY, set()),
            (DONE_WITH, {"终止满两年"}),
            (GONE - ONE_DAY, {"终止满两年"}),
            (GONE, {"终止满两年"} | left),
        ):
            assert await due(today) == who, today
        await set_rule(world.admin, Rule(GONE_YEARS, 0))
        assert await due(GONE) == left
        await set_rule(world.admin, Rule(0, ENDED_YEARS))
        assert await due(GONE) == {"终止满两年"}
        await set_rule(world.admin, Rule(0, 0))
        assert await due(GONE) == set()
        await set_rule(world.admin, Rule(GONE_YEARS, ENDED_YEARS))
        await execute("update person set minimised = $2 where id = $1", person, LEFT - ONE_DAY)
        assert "离开满五年" in await due(GONE), "that was of another time that he was away"
        await execute("update person set minimised = $2 where id = $1", person, LEFT)
        assert "离开满五年" not in await due(GONE)
        await execute("update person set minimised = $2 where id = $1", applicant, ENDED)
        assert "终止满两年" not in await due(GONE)
        await execute("update person set minimised = null")
        secretary = world.secretary
        matter = await take_up(
            secretary, (await clerks.open(applicant, ENDED, TODAY)).case_id, clerks.regime_for
        )
        assert await due(GONE) == left, "he has applied again"
        known: dict[str, Any] = {"seen_version": matter.case.version, "today": TODAY}
        await end_case(secretary, matter, "withdrawn", ENDED + ONE_DAY, "又不办了", **known)
        assert await due(DONE_WITH) == set(), "since he was done with last"
        assert await due(DONE_WITH + ONE_DAY) == {"终止满两年"}


async def test_two_see_to_it_and_either_can_stop_it(clerks: Clerks) -> None:
    """These people and no others; whoever has come back meanwhile keeps everything."""
    world = clerks.world
    other = with_roles("另一位", ("department-organizer", world.department))
    async with county_session(world.county):
        await execute("update person set minimised = '2100-01-01'")
        await set_rule(world.admin, Rule(GONE_YEARS, 0))
        people = [await gone(world, name) for name in ("精简甲", "精简乙", "精简丙")]
        until = Until.by(await rule(), GONE)
        mark = (await due_extent(until)).mark
        await refused(Forbidden, "由县委组织部办理", ask(world.committee, mark, GONE))
        await refused(Conflict, "现在没有到年限的人", ask(world.admin, mark, GONE - ONE_DAY))
        await refused(Conflict, "现在是 3 人。请刷新这一页", ask(world.admin, mark[::-1] + "x", GONE))
        run = await ask(world.admin, mark, GONE)
        assert [one.name for one in await people_of(run)] == ["精简甲", "精简乙", "精简丙"]
        assert [one.name for one in await people_of(run, people[0])] == ["精简乙", "精简丙"]
        await refused(Conflict, "已经有一批在办", ask(other, mark, GONE))
        await refused(Forbidden, "须由另一位同志签字", agree(world.admin, run))
        await refused(Forbidden, "由县委组织部办理", agree(world.committee, run))
        for unknown in (agree(other, uuid4()), decline(other, uuid4(), "不知道"), known_run(uuid4())):
            await refused(NotFound, "没有找到这一批", unknown)
        await known_run(run)
        await refused(Invalid, "没有填写理由", decline(other, run, " "))
        await decline(other, run, "名单不对")
        for late in (agree(other, run), decline(world.admin, run, "再来一次")):
            await refused(Conflict, "这一批已经有人办理", late)
        second = await ask(world.admin, mark, GONE)
        await decline(world.admin, second, "我自己撤回")
        third = await ask(world.admin, mark, GONE)
        assert not await signed()
        assert not await go_on(GONE)
        await agree(other, third)
        await refused(Conflict, "这一批已经有人办理", agree(other, third))
        await refused(Conflict, "已经有一批在办", ask(world.admin, mark, GONE))
        assert await signed()
        await execute("update person set left_on = null, left_as = null where id = $1", people[1])
        assert await go_on(GONE)
        assert not await go_on(GONE)
        assert not await signed()
        states = {
            one.id: (one.state, one.reason, one.total, one.done, one.passed_over) for one in await runs()
        }
        assert states == {
            run: ("declined", "名单不对", 3, 0, 0), second: ("withdrawn", "我自己撤回", 3, 0, 0), third: ("done", "", 3, 2, 1),
        }  # fmt: skip
        rows = await fetch(
            "select address, landline, minimised from person where id = any($1) order by id", people
        )
        assert [tuple(row) for row in rows] == [
            (None, None, GONE),
            ("东街", "0431-85551234", None),
            (None, None, GONE),
        ]
        told = await fetch(
            "select person_id, by_name from person_change where kind = 'minimised' and person_id = any($1) order by 1",
            people,
        )
        assert [tuple(row) for row in told] == [(people[0], "另一位"), (people[2], "另一位")]
        await decline_what_is_done(world, third)


async def decline_what_is_done(world: World, run: UUID) -> None:
    """It is too late for that."""
    await refused(Conflict, "这一批已经有人办理", decline(world.admin, run, "太晚了"))
    assert await fetchval("select state from minimise_run where id = $1", run) == "done"
