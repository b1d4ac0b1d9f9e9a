"""From one county to another: one letter, one outcome, both registers changed in one transaction; nothing else passes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

import pytest

from core import events
from core.casework.access import take_up
from core.casework.acts.end import end_case
from core.casework.acts.going import Beyond
from core.casework.acts.open import take_over
from core.casework.acts.send_back import send_back
from core.errors import Conflict, DomainError, NotFound
from core.events import Happening
from core.register.model import PersonDraft
from core.register.service import enter
from core.statistics.flows import flows
from core.transfers.follow import follow
from core.transfers.model import Presented
from core.transfers.present import present, take
from tenants.database.session import county_session
from tests.core.conftest import TODAY, Clerks, RegimeFor, World, applicant, resident_id, with_roles
from tests.core.transfers.between import Side
from tests.web.cases.seed import PATH

DAY = date(2026, 6, 1)
LATER = DAY + timedelta(days=10)


class Both(NamedTuple):
    """The issuer and the receiver."""

    here: Side
    there: Side

    async def member(self, name: str, born: date, membership: str = "full") -> UUID:
        """Somebody of the first branch here, since long ago."""
        async with county_session(self.here.world.county):
            draft = PersonDraft(
                name=name, national_id=resident_id(born), membership=membership, joined=date(2020, 7, 1),
                converted=date(2021, 7, 1) if membership == "full" else None,
            )  # fmt: skip
            manager = with_roles("管理员", ("department-organizer", self.here.world.department))
            return await enter(manager, self.here.world.east.id, draft, DAY)

    async def sent(self, name: str, born: date, number: str) -> tuple[UUID, UUID]:
        """Somebody with a letter to the other county: his file, his case."""
        person = await self.member(name, born)
        beyond = Beyond(f"{number}号收信的党委", self.there.world.county)
        return person, await self.here.send(person, DAY, beyond, number)

    async def taken(self, number: str, today: date = DAY) -> UUID:
        """The receiver's case about the letter of that number."""
        letter = await self.there.one("select id from letter where number = $1", number)
        async with county_session(self.there.world.county):
            taken = await take(
                self.there.manager,
                letter,
                self.there.world.east.id,
                today=today,
                regime_for=self.there.regime_for,
            )
        return taken.case_id

    async def received(self, case: UUID, day: date = LATER) -> None:
        """Branch and committee there agree."""
        await self.there.do(case, "reception", day, {"consent": {"branch": "granted"}}, "branch")
        await self.there.do(case, "reception", day, {"consent": {"committee": "granted"}}, "committee")


@pytest.fixture
async def both(world: World, other_world: World, regime_for: RegimeFor) -> AsyncIterator[Both]:
    """With letters that hear of cases."""

    async def hear(happenings: Sequence[Happening]) -> None:
        await follow(happenings, regime_for)

    events.listen(hear)
    yield Both(Side(world, regime_for), Side(other_world, regime_for))
    events._listeners.remove(hear)


async def test_he_leaves_one_register_as_he_comes_into_the_other(both: Both) -> None:
    here, there = both
    person, case = await both.sent("出县人", date(1990, 1, 2), "2026-101")
    mine = await both.taken("2026-101")
    awaited = await there.row(
        "select p.* from person p join case_file c on c.person_id = p.id where c.id = $1", mine
    )
    assert (awaited["left_as"], awaited["membership"], awaited["joined"]) == (
        "awaited",
        "full",
        date(2020, 7, 1),
    )
    async with county_session(there.world.county):
        before = await flows(there.world.admin, None, DAY, LATER)
    await both.received(mine)
    assert await here.one("select left_as from person where id = $1", person) == "transferred-out"
    assert await here.one("select left_on from person where id = $1", person) == LATER
    assert await there.one("select left_on from person where id = $1", awaited["id"]) is None
    await there.do(mine, "receipt", LATER, {"documents": ["letter-receipt"]}, "committee")
    await here.follow(LATER)
    stands = await here.row("select membership, open_steps from case_file where id = $1", case)
    assert stands == {"membership": "transfer-received", "open_steps": ["transfer-archiving"]}
    letters = [
        await side.row("select state, ended_on, receipt_on from letter where number = '2026-101'")
        for side in both
    ]
    assert letters[0] == letters[1] == {"state": "received", "ended_on": LATER, "receipt_on": LATER}
    async with county_session(there.world.county):
        after = await flows(there.world.admin, None, DAY, LATER)
        assert after.before == before.before
        assert {one.title: one.full for one in after.changes} == {"从县外转入": 1}
    async with county_session(here.world.county):
        left = await flows(here.world.admin, None, LATER, LATER)
        assert {one.title: one.full for one in left.changes} == {"转出本县": -1}


async def test_an_admission_goes_along_and_its_periods_continue(both: Both, clerks: Clerks) -> None:
    """Articles 34 and 35: the receiver examines the papers; probation runs from the meeting that admitted him."""
    here, there = both
    async with county_session(here.world.county):
        person = await applicant(
            here.world, "预备人", date(1999, 5, 6), national_id=resident_id(date(1999, 5, 6))
        )
        given = {"application": date(2025, 3, 3), **dict(PATH)}
        begun = await take_over(here.world.organizer, person, given, regime_for=here.regime_for, today=TODAY)
        admission = begun.case_id
    was = await here.row("select status, next_due, membership from case_file where id = $1", admission)
    assert (was["status"], was["membership"]) == ("running", "probationary")
    day = TODAY
    beyond = Beyond("收信的党委", there.world.county)
    await here.send(person, day, beyond, "2026-110")
    mine = await both.taken("2026-110", day)
    for said, level in (
        ({"documents": ["admission-papers-examined"], "consent": {"branch": "granted"}}, "branch"),
        ({"consent": {"committee": "granted"}}, "committee"),
    ):
        await there.do(mine, "reception", day, said, level)
    await here.follow(day)
    assert await here.one("select ended from case_file where id = $1", admission) == "transferred"
    goes_on = await there.row(
        """select c.status, c.next_due, c.membership from case_file c join case_file t on t.person_id = c.person_id
           where t.id = $1 and c.confers = 'membership'""",
        mine,
    )
    assert goes_on == was
    entries = """select count(*) from case_entry e join case_file c on c.id = e.case_id
        join case_file t on t.person_id = c.person_id where t.id = $1 and c.confers = 'membership'"""
    assert await there.one(entries, mine) == 1, "its records stay where they were made"


async def test_what_is_refused_comes_back_and_a_new_letter_can_go(both: Both) -> None:
    here, there = both
    person, case = await both.sent("被退人", date(1991, 1, 2), "2026-102")
    mine = await both.taken("2026-102")
    await there.do(mine, "reception", LATER, {"consent": {"branch": "refused"}}, "branch", note="查无此单位")
    async with county_session(there.world.county):
        matter = await take_up(there.world.committee, mine, there.regime_for)
        await end_case(
            there.world.committee,
            matter,
            "refused-there",
            LATER,
            "查无此单位",
            seen_version=matter.case.version,
            today=LATER,
        )
    await here.follow(LATER)
    told = await here.row("select state, reason from letter where number = '2026-102'")
    assert told == {"state": "refused", "reason": "查无此单位"}
    async with county_session(here.world.county):
        matter = await take_up(here.world.committee, case, here.regime_for)
        assert matter.on(LATER).standing.steps["reception"].state == "failed"
        await send_back(
            here.world.committee,
            matter,
            "introduction-letter",
            LATER,
            "改寄",
            seen_version=matter.case.version,
            today=LATER,
        )
    await here.letter(case, LATER, "2026-103")
    again = await both.taken("2026-103", LATER)
    await both.received(again, LATER)
    assert await here.one("select left_as from person where id = $1", person) == "transferred-out"
    assert await there.one("select count(*) from person where name = '被退人'") == 1, (
        "the file that was awaited"
    )


async def test_two_at_once_and_again(both: Both) -> None:
    here = both.here
    _, case = await both.sent("抢收人", date(1992, 1, 2), "2026-104")
    both_at_once = await asyncio.gather(
        both.taken("2026-104"), both.taken("2026-104"), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in both_at_once) == ["Conflict", "UUID"]
    [mine] = [one for one in both_at_once if isinstance(one, UUID)]
    with pytest.raises(Conflict):
        await both.taken("2026-104")
    letter = await here.one("select id from letter where number = '2026-104'")
    with pytest.raises(NotFound):
        async with county_session(here.world.county):
            await take(here.manager, letter, here.world.east.id, today=DAY, regime_for=here.regime_for)
    await both.received(mine)
    with pytest.raises(Conflict, match="内容完全相同"):
        await both.received(mine)
    moves = "select count(*) from person_change where kind in ('left', 'arrived') and by_name <> '系统'"
    assert await here.one(moves + " and detail ->> 'day' = $1", str(LATER)) <= 3
    async with county_session(here.world.county):
        matter = await take_up(here.world.secretary, case, here.regime_for)
        with pytest.raises(Conflict, match="已经办理接收"):
            await end_case(
                here.world.secretary,
                matter,
                "withdrawn",
                LATER,
                "不去了",
                seen_version=matter.case.version,
                today=LATER,
            )


async def test_a_letter_is_void_once_it_is_taken_back_and_after_its_time(both: Both) -> None:
    here = both.here
    person, case = await both.sent("收回人", date(1993, 1, 2), "2026-105")
    mine = await both.taken("2026-105")
    async with county_session(here.world.county):
        matter = await take_up(here.world.committee, case, here.regime_for)
        await send_back(
            here.world.committee,
            matter,
            "introduction-letter",
            LATER,
            "遗失补开",
            seen_version=matter.case.version,
            today=LATER,
        )
    with pytest.raises(Conflict, match="作废"):
        await both.received(mine)
    assert await here.one("select left_as from person where id = $1", person) is None
    late = DAY + timedelta(days=91)
    _, _ = await both.sent("过期人", date(1994, 1, 2), "2026-106")
    mine = await both.taken("2026-106")
    with pytest.raises(DomainError):
        await both.received(mine, late)


async def test_by_a_letter_on_paper_and_only_once(both: Both) -> None:
    _, there = both
    paper = Presented("京 18", "北京市某区某某街道党工委", DAY, DAY + timedelta(days=60))
    who = PersonDraft(
        name="外来人", national_id=resident_id(date(1988, 8, 8)), membership="full", joined=date(2010, 7, 1),
        converted=date(2011, 7, 1),
    )  # fmt: skip

    async def shown() -> UUID:
        async with county_session(there.world.county):
            begun = await present(
                there.manager, there.world.east.id, who, paper, today=DAY, regime_for=there.regime_for
            )
        return begun.case_id

    case = await shown()
    with pytest.raises(Conflict, match="已经有一份正在办理"):
        await shown()
    await both.received(case)
    assert await there.one("select state from letter where number = '京 18'") == "received"
    with pytest.raises(Conflict, match="已经登记"):
        await shown()
