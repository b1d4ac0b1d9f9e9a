"""What a case has decided about its person stands in the register from its day; put right or taken back, all is as it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from core.casework.access import take_up
from core.casework.acts.answer import answer
from core.casework.acts.end import end_case
from core.casework.acts.facts import change_facts
from core.casework.acts.open import open_case
from core.casework.acts.send_back import send_back
from core.casework.acts.strike import strike
from core.changes.leave import leave, take_back
from core.database import execute, fetch, fetchrow
from core.errors import Conflict, Invalid
from core.register.decided import suspended_since
from core.register.history import changes_of
from core.register.leaving import LeavingDraft
from core.register.rights.day import known_people, rights_of
from core.register.service import tags_now
from tenants.database.session import county_session, current_session
from tests.core.casework.cases import member
from tests.core.conftest import Clerks, with_roles

TODAY = date(2026, 11, 21)
LAST_CONTACT, NOTICED = date(2025, 1, 10), date(2025, 2, 20)


VOTE = {
    "eligible": 5, "present": 5, "for": 5, "secret": True, "one_by_one": True, "difference": "其余党员流动在外",
}  # fmt: skip


class Register(NamedTuple):
    """What the register says of somebody."""

    lost_contact: bool
    lost_since: date | None
    mobile: bool
    standing: str
    left_as: str | None


MOBILE = frozenset({"mobile"})
THERE = Register(False, None, False, "normal", None)


async def says(person: UUID) -> Register:
    """Now."""
    row = await fetchrow(f"select {', '.join(Register._fields)} from person where id = $1", person)
    assert row is not None
    return Register(*row)


async def began(
    clerks: Clerks, person: UUID, procedure: str, day: date, paper: str, dates: Mapping[str, date] | None = None, **more: Any
) -> UUID:  # fmt: skip
    """A case of his that the branch opens with this paper."""
    written = await open_case(
        clerks.world.secretary, person, day, {"documents": [paper]}, regime_for=clerks.regime_for, today=TODAY,
        procedure=procedure, dates=dates, **more,
    )  # fmt: skip
    return written.case_id


async def lost(clerks: Clerks, person: UUID, last: date = LAST_CONTACT) -> UUID:
    """He is registered as one with whom contact is lost."""
    return await began(clerks, person, "lost-contact", NOTICED, "search-file", {"last-contact": last})


async def suspended(clerks: Clerks, case: UUID) -> None:
    """As far as the suspension, on 2025-07-20."""
    for day, ways in ((date(2025, 3, 1), ["phone", "kin"]), (date(2025, 3, 5), ["on-site"])):
        attempt = {"name": "李红", "day": str(day), "ways": ways, "result": "none"}
        await clerks.do(case, "lost-search", day, {"tracing": [attempt]}, today=TODAY)
    papers = {"vote": VOTE, "documents": ["search-report"]}
    await clerks.do(case, "suspension-proposal", date(2025, 7, 10), papers, today=TODAY)
    await clerks.do(case, "suspension-decision", date(2025, 7, 20), today=TODAY)


async def sent_back(clerks: Clerks, case: UUID, step: str, day: date, who: str = "committee") -> None:
    """To do a step anew."""
    actor = clerks.at(who)
    matter = await take_up(actor, case, clerks.regime_for)
    await send_back(actor, matter, step, day, "记错了", seen_version=matter.case.version, today=TODAY)


async def struck(clerks: Clerks, case: UUID, step: str, who: str) -> None:
    """Its record was a mistake; where the department has to agree, it does."""
    actor, chief = clerks.at(who), with_roles("部长", ("department-organizer", clerks.world.department))
    matter = await take_up(actor, case, clerks.regime_for)
    [wrong] = [one for one in matter.case.entries if (one.step, one.kind) == (step, "record")]
    written = await strike(actor, matter, wrong.id, "误记", seen_version=matter.case.version, today=TODAY)
    matter = await take_up(chief, case, clerks.regime_for)
    if matter.case.entries[-1].asks:
        await answer(chief, matter, written.entry_id, True, "", seen_version=matter.case.version, today=TODAY)


async def ended(clerks: Clerks, case: UUID, reason: str, who: str) -> None:
    """For a reason of the procedure's."""
    actor = clerks.at(who)
    matter = await take_up(actor, case, clerks.regime_for)
    await end_case(actor, matter, reason, TODAY, "核对过了", seen_version=matter.case.version, today=TODAY)


@pytest.mark.parametrize(
    "before",
    [
        {},
        {"lost_contact": True, "lost_since": date(2024, 12, 31)},
        {"lost_contact": True, "lost_since": LAST_CONTACT},
        {"lost_contact": True},
    ],
    ids=["not", "since another day", "since that day", "since nobody knows"],
)
async def test_who_was_registered_as_lost_by_mistake_is_what_he_was(
    clerks: Clerks, before: Mapping[str, object]
) -> None:
    """Also where the register had said already that he is lost, since another day."""
    async with county_session(clerks.world.county):
        person = await member(clerks, f"误登人{len(before)}{before.get('lost_since', '')}", **before)
        was = await says(person)
        case = await lost(clerks, person)
        assert await says(person) == was._replace(lost_contact=True, lost_since=LAST_CONTACT)
        for day in (date(2025, 1, 20), date(2025, 2, 1)):
            matter = await take_up(clerks.world.secretary, case, clerks.regime_for)
            await change_facts(
                clerks.world.secretary, matter, TODAY, seen_version=matter.case.version, today=TODAY,
                dates={"last-contact": day},
            )  # fmt: skip
            assert (await says(person)).lost_since == day
        await ended(clerks, case, "registered-in-error", "department")
        assert await says(person) == was
        lines = [one for one in await changes_of(person, limits=False) if one.kind == "decided"]
        assert all(one.reason == "失联，正在查找" for one in lines)


async def test_a_day_to_come_is_no_last_contact(clerks: Clerks) -> None:
    async with county_session(clerks.world.county):
        person = await member(clerks, "未来人")
        case = await lost(clerks, person)
        matter = await take_up(clerks.world.secretary, case, clerks.regime_for)
        with pytest.raises(Invalid, match="最后一次联系的日期 2026-11-22"):
            await change_facts(
                clerks.world.secretary, matter, TODAY, seen_version=matter.case.version, today=TODAY,
                dates={"last-contact": date(2026, 11, 22)},
            )  # fmt: skip


async def test_a_suspension_takes_the_vote_from_its_day_and_gives_it_back(clerks: Clerks) -> None:
    """Sent back, there was none; decided again later, it holds from then on; restored, and that sent back, it holds again."""
    async with county_session(clerks.world.county):
        person = await member(clerks, "停籍人")
        case = await lost(clerks, person)
        await suspended(clerks, case)

        async def votes(*days: date) -> list[bool]:
            known = await known_people([person])
            return [(await rights_of(known, day))[person].votes for day in days]

        days = date(2025, 7, 19), date(2025, 7, 20), date(2025, 8, 31), date(2025, 9, 1)
        assert await votes(*days) == [True, False, False, False]
        assert await suspended_since(person) == date(2025, 7, 20)
        await sent_back(clerks, case, "suspension-decision", date(2025, 8, 1))
        assert (await says(person)).standing == "normal"
        assert await votes(*days) == [True] * 4
        assert await suspended_since(person) is None
        await clerks.do(case, "suspension-decision", date(2025, 9, 1), today=TODAY)
        assert await votes(*days) == [True, True, True, False]
        assert (await says(person)).standing == "suspended"
        await ended(clerks, case, "found", "branch")
        assert await says(person) == THERE._replace(standing="suspended")
        back = await began(clerks, person, "restoration", date(2026, 3, 1), "restoration-application")
        for step, day in (
            ("restoration-meeting", date(2026, 3, 10)), ("restoration-examination", date(2026, 3, 20)),
            ("restoration-approval", date(2026, 4, 1)),
        ):  # fmt: skip
            await clerks.do(back, step, day, today=TODAY)
        later = date(2026, 3, 31), date(2026, 4, 1)
        assert (await says(person), await votes(*later)) == (THERE, [False, True])
        await struck(clerks, back, "restoration-approval", "department")
        assert await votes(*later) == [False, False]
        assert await says(person) == THERE._replace(standing="suspended")
        assert await suspended_since(person) == date(2025, 9, 1)


async def test_who_is_away_is_mobile_until_he_is_back(clerks: Clerks) -> None:
    """As a tag, too; a return that was written down by mistake is none."""
    world = clerks.world
    async with county_session(world.county):
        person = await member(clerks, "外出人")
        away = {"went-out": date(2026, 3, 1), "expected-return": date(2026, 12, 1)}
        case = await began(
            clerks, person, "mobile-member", date(2026, 3, 8), "mobile-register", away, to=world.far.id
        )
        assert (await says(person), await tags_now(person)) == (THERE._replace(mobile=True), MOBILE)
        with pytest.raises(Conflict, match="还有正在办理的档案"):
            await leave(world.organizer, person, LeavingDraft("died", TODAY, "病故", "证明"), 1, TODAY)
        there = with_roles("河口村书记", ("branch-secretary", world.far))
        await clerks.do(case, "mobile-certificate-given", date(2026, 3, 9), today=TODAY)
        received = clerks._replace(world=world._replace(secretary=there))
        await received.do(case, "mobile-reception", date(2026, 3, 12), today=TODAY)
        await clerks.do(case, "mobile-return", date(2026, 10, 1), today=TODAY)
        assert (await says(person), await tags_now(person)) == (THERE, frozenset())
        await struck(clerks, case, "mobile-return", "branch")
        assert (await says(person), await tags_now(person)) == (THERE._replace(mobile=True), MOBILE)
        rows = await fetch(
            "select tag, since, ended from person_tag where person_id = $1 order by since, id", person
        )
        assert [tuple(row) for row in rows] == [
            ("mobile", date(2026, 3, 8), date(2026, 10, 1)), ("mobile", date(2026, 10, 1), None),
        ]  # fmt: skip


async def test_who_has_left_by_a_decision_is_brought_back_by_it_alone(clerks: Clerks) -> None:
    """Neither by hand, nor where the department has written something else down meanwhile."""
    world = clerks.world
    async with county_session(world.county):
        person = await member(clerks, "退党人")
        case = await began(clerks, person, "withdrawal", date(2026, 9, 8), "withdrawal-application")
        await clerks.do(case, "withdrawal-meeting", date(2026, 9, 20), today=TODAY)
        assert await says(person) == THERE
        await clerks.do(case, "withdrawal-filing", date(2026, 9, 28), today=TODAY)
        row = await fetchrow("select left_on, left_as from person where id = $1", person)
        assert tuple(row or ()) == (date(2026, 9, 20), "withdrawn"), "from the day of the meeting"
        with pytest.raises(Conflict, match="是由办理档案决定的，不能在这里撤销"):
            await take_back(world.organizer, person, "记错了")
        await execute("update person set left_on = $2 where id = $1", person, date(2026, 9, 21))
        with pytest.raises(Conflict, match="已经由组织部另行变更"):
            async with current_session().savepoint():
                await struck(clerks, case, "withdrawal-filing", "committee")
        await execute("update person set left_on = $2 where id = $1", person, date(2026, 9, 20))
        await struck(clerks, case, "withdrawal-filing", "committee")
        assert await says(person) == THERE
