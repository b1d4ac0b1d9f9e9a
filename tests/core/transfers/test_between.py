"""From one county to another: one letter, one outcome, both registers changed in one transaction; nothing else passes."""

from __future__ import annotations

import asyncio
from contextvars import Context
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from core.casework.access import take_up
from core.casework.acts.end import end_case
from core.casework.acts.facts import change_facts
from core.casework.acts.going import Beyond
from core.casework.acts.open import open_case, take_over
from core.casework.acts.send_back import send_back
from core.casework.model import Way
from core.changes.carry import carry_unit
from core.changes.correct import correct
from core.changes.roster import apply, ask_undo, read, undo
from core.changes.sever import sever
from core.changes.unite import Union, unite
from core.database import fetchval
from core.errors import Conflict, DomainError, Invalid, NotFound
from core.register.access import access_person
from core.register.columns import draft_of
from core.register.model import PersonDraft
from core.register.roster.batch import Batch, batch, confirm, upload
from core.register.roster.preview import preview
from core.register.service import enter
from core.statistics.flows import flows
from core.transfers.model import Presented
from core.transfers.present import present, take
from core.transfers.queries import letters_of, offer
from core.transfers.queries import said as what_it_says
from core.transfers.renew import outdated, renew
from dangwu import Adoption, Regime, compose
from tenants.database.session import county_session
from tests.contract.made import made
from tests.core.conftest import TODAY, Clerks, applicant, resident_id, with_roles
from tests.core.register.roster.rosters import roster, row
from tests.core.transfers.between import DAY, LATER, SAID, Both, Side
from tests.floor import FLOOR
from tests.web.cases.seed import PATH


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
        matter = await take_up(here.world.secretary, admission, here.regime_for)
        await change_facts(
            here.world.secretary, matter, TODAY,
            seen_version=matter.case.version, today=TODAY, dates={"graduation": date(2027, 6, 30)},
        )  # fmt: skip
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
    known = """select c.dates ->> 'graduation' from case_file c join case_file t on t.person_id = c.person_id
        where t.id = $1 and c.confers = 'membership'"""
    assert await there.one(known, mine) == "2027-06-30", "also what was said of him later"
    entries = """select count(*) from case_entry e join case_file c on c.id = e.case_id
        join case_file t on t.person_id = c.person_id where t.id = $1 and c.confers = 'membership'"""
    assert await there.one(entries, mine) == 1, "its records stay where they were made"
    await _ended_and_moved(there, mine, day)
    assert await there.one(entries + " and e.level = 'department'", mine) == 1, "it is taken up once"


async def _ended_and_moved(side: Side, transfer: UUID, day: date) -> None:
    """What was taken up of somebody ends, and he goes to another branch with all the others."""
    admission = await side.one(
        """select c.id from case_file c join case_file t on t.person_id = c.person_id
           where t.id = $1 and c.confers = 'membership'""",
        transfer,
    )
    async with county_session(side.world.county):
        matter = await take_up(side.world.secretary, admission, side.regime_for)
        known: dict[str, Any] = {"seen_version": matter.case.version, "today": day}
        await end_case(side.world.secretary, matter, "died", day, "弄错了人", **known)
        manager = with_roles("管理员", ("department-organizer", side.world.department))
        await carry_unit(manager, side.world.east.id, side.world.west, day)


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


OF = "select person_id from letter where number = $1"


async def test_a_letter_goes_on_as_the_file_into_which_its_own_has_gone(both: Both) -> None:
    here, born = both.here, date(1995, 1, 2)
    gone, case = await both.sent("两份人", born, "2026-107")
    async with county_session(here.world.county):
        manager = with_roles("管理员", ("department-organizer", here.world.department))
        draft = PersonDraft(
            name="两份人", born=born, membership="full", joined=date(2020, 7, 1), converted=date(2021, 7, 1)
        )
        kept = await enter(manager, here.world.east.id, draft, DAY, distinct=True)
    taken = frozenset({"national_id"})
    for version in (0, 2):
        async with county_session(here.world.county):
            if version:
                await sever(manager, gone, "再核对", DAY, here.regime_for)
                assert await fetchval(OF, "2026-107") == gone
            union = Union(kept=kept, gone=gone, taken=taken, versions=(version, version), reason="同一人")
            await unite(manager, union, DAY, here.regime_for)
            assert await fetchval(OF, "2026-107") == kept
    await both.received(await both.taken("2026-107"))
    assert await here.one("select left_as from person where id = $1", kept) == "transferred-out"
    await here.follow(LATER)
    assert await here.one("select membership from case_file where id = $1", case) == "transfer-received"


async def corrected(side: Side, person: UUID, **what: Any) -> None:
    """His particulars are put right, as a page does it."""
    async with county_session(side.world.county):
        organizer = with_roles("组织员", ("department-organizer", side.world.department))
        held = await access_person(organizer, person)
        draft = replace(draft_of(held), **what)
        await correct(organizer, person, draft, held["version"], LATER, side.regime_for)


async def by_roster(side: Side, person: UUID, **cells: Any) -> Batch:
    """His particulars are put right by a roster, as the organisation department sends one: its end."""
    organizer = with_roles("组织员", ("department-organizer", side.world.department))
    async with county_session(side.world.county):
        known = draft_of(await access_person(organizer, person))
        assert known.national_id is not None
        lines = roster([row(known.name, known.national_id, side.world.east.name, **cells)])
        batch_id = await upload(organizer, side.world.department.id, "名册.xlsx", lines)
    async with county_session(side.world.county):
        if (await read(batch_id, LATER)).counts.get("error"):
            return await batch(organizer, batch_id)
    async with county_session(side.world.county):
        await confirm(organizer, batch_id)
    async with county_session(side.world.county):
        return await apply(batch_id, LATER, side.regime_for)


async def test_a_roster_reaches_the_letters_that_are_out(both: Both) -> None:
    """What the other county reads follows it until the letter is taken there, and undoing it; one on paper is out of date."""
    here, there = both
    person, _ = await both.sent("名册改", date(1996, 3, 2), "2026-151")
    letter = await there.one("select id from letter where number = '2026-151'")

    async def said() -> str | None:
        async with county_session(there.world.county):
            return (await offer(there.manager, letter))[1].person.ethnicity

    corrected = await by_roster(here, person, ethnicity="满族")
    assert (corrected.state, await said()) == ("applied", "满族")
    organizer = with_roles("组织员", ("department-organizer", here.world.department))
    async with county_session(here.world.county):
        await ask_undo(organizer, corrected.id)
    async with county_session(here.world.county):
        assert (await undo(corrected.id, LATER, here.regime_for)).state == "undone"
    assert await said() is None
    again = await by_roster(here, person, ethnicity="回族")
    await both.taken("2026-151")
    late = await by_roster(here, person, ethnicity="汉族")
    async with county_session(here.world.county):
        [fault] = (await preview(organizer, late.id))[0].faults
        assert (fault.column, "对方已经按介绍信受理" in fault.sentence) == ("民族", True)
        with pytest.raises(Conflict, match="对方已经按介绍信受理"):
            await ask_undo(organizer, again.id)
    on_paper = await both.member("名册纸", date(1997, 3, 2))
    await here.send(on_paper, DAY, Beyond("省外某县委组织部"), "2026-152")
    slip = await by_roster(here, on_paper, ethnicity="满族", address="东街 1 号")
    async with county_session(here.world.county):
        assert [titles for _, titles in (await outdated(on_paper)).values()] == [("民族",)]
        await ask_undo(organizer, slip.id)
    async with county_session(here.world.county):
        assert (await undo(slip.id, LATER, here.regime_for)).state == "undone"
        assert await outdated(on_paper) == {}, "the letter says what he is, as before"


async def test_a_correction_goes_along_until_the_other_county_has_taken_the_letter(both: Both) -> None:
    """What both read follows; from then on it is the receiver's to put right."""
    here, there = both
    person, _ = await both.sent("错名人", date(1996, 1, 2), "2026-118")
    await corrected(here, person, name="正名人")
    letter = await there.one("select id from letter where number = '2026-118'")
    async with county_session(there.world.county):
        assert (await offer(there.manager, letter))[1].person.name == "正名人"
    async with county_session(here.world.county):
        assert await outdated(person) == {}
    await both.taken("2026-118")
    with pytest.raises(Conflict, match="对方已经按介绍信受理"):
        await corrected(here, person, name="又改人")
    assert await here.one("select name from person where id = $1", person) == "正名人"


async def test_a_letter_on_paper_is_issued_anew_when_its_holder_is_corrected(both: Both) -> None:
    """The old number is void, whoever reads its code is told; the receipt is of the new one."""
    here = both.here
    person = await both.member("纸信人", date(1997, 1, 2))
    case = await here.send(person, DAY, Beyond("省外某县委组织部"), "2026-119")
    await corrected(here, person, address="东街 1 号")
    async with county_session(here.world.county):
        assert await outdated(person) == {}, "an address stands on no letter"
    await corrected(here, person, name="纸信仁")
    clerk = with_roles("组织委员", ("committee-organizer", here.world.town))
    async with county_session(here.world.county):
        [(old, titles)] = (await outdated(person)).values()
        assert (old.number, titles) == ("2026-119", ("姓名",))
    with pytest.raises(Conflict, match="已经用过"):
        async with county_session(here.world.county):
            await renew(clerk, old.id, "2026-119", LATER, "更正姓名", LATER, here.regime_for)
        with pytest.raises(Invalid, match="最多 60 个字"):
            await renew(clerk, old.id, "9" * 61, LATER, "更正姓名", LATER, here.regime_for)

    async def at_once(number: str) -> str:
        async with county_session(here.world.county):
            await renew(clerk, old.id, number, LATER, "更正姓名", LATER, here.regime_for)
        return number

    three = [asyncio.create_task(at_once(f"2026-12{one}"), context=Context()) for one in range(3)]
    came = await asyncio.gather(*three, return_exceptions=True)
    [new] = [one for one in came if isinstance(one, str)]
    assert [type(one) for one in came if one != new] == [Conflict, Conflict], "it is no longer out"
    async with county_session(here.world.county):
        assert await outdated(person) == {}
    async with county_session(here.world.county):
        with pytest.raises(Conflict, match="不能换开"):
            await renew(clerk, old.id, "2026-129", LATER, "更正姓名", LATER, here.regime_for)
        states = {one.number: (one.state, one.reason) for one in await letters_of(case)}
        assert states == {
            "2026-119": ("void", "第 2026-119 号介绍信换开：更正姓名"),
            new: ("issued", ""),
        }
        assert (await what_it_says(old.token or ""))["state"] == "void"
    late = LATER + timedelta(days=20)
    await here.do(case, "reception", late, {"consent": {"committee": "granted"}}, "committee")
    await here.do(case, "receipt", late, {"documents": ["letter-receipt"]}, "committee")
    async with county_session(here.world.county):
        assert {one.number: one.receipt_on for one in await letters_of(case)} == {
            "2026-119": None,
            new: late,
        }


DISTANCES = """
- id: letter.near
  tighten: transfer/reception
  when: [received-here, across-committees]
  timing: {void: {introduction-letter: {days: 10}}}
- id: letter.far
  tighten: transfer/reception
  when: [leaving-county]
  timing: {void: {introduction-letter: {days: 30}}}
- id: letter.long
  tighten: transfer/reception
  when: [under-probation]
  timing: {void: {introduction-letter: {days: 120}}}
"""


async def test_a_letter_holds_for_its_distance_and_never_longer_than_the_floor(both: Both) -> None:
    """A county sets it by a policy: shorter within, longer beyond, 90 days at most."""
    regime = compose(FLOOR, [Adoption(made("distances", DISTANCES))])

    async def answer(way: Way) -> Regime:
        return regime

    side = both.here._replace(regime_for=answer)
    until = "select valid_until from letter where number = $1"
    far = await both.member("远去人", date(1992, 3, 4))
    await side.send(far, DAY, Beyond("省外某县委组织部"), "2026-131")
    assert await side.one(until, "2026-131") == DAY + timedelta(days=30)
    near = await both.member("近去人", date(1992, 3, 5))
    async with county_session(side.world.county):
        opened = await open_case(
            side.world.secretary, near, DAY, {"documents": ["transfer-request"]},
            regime_for=answer, today=DAY, procedure="transfer", to=side.world.far.id,
        )  # fmt: skip
    for step in ("release-check", "release"):
        level, said = SAID[step]
        await side.do(opened.case_id, step, DAY, said, level)
    await side.letter(opened.case_id, DAY, "2026-132")
    assert await side.one(until, "2026-132") == DAY + timedelta(days=10)
    plain = await both.member("平去人", date(1992, 3, 6))
    await both.here.send(plain, DAY, Beyond("省外某县委组织部"), "2026-133")
    assert await side.one(until, "2026-133") == DAY + timedelta(days=90)
