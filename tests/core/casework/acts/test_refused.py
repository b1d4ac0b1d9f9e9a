"""What an act on a case refuses and why: where somebody goes, how a case ends, what paper says, whose record it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.actor import Actor
from core.casework.access import take_up
from core.casework.acts.answer import answer
from core.casework.acts.attach import attach
from core.casework.acts.correct import correct, correct_paper
from core.casework.acts.end import end_case, endings, may_reopen, reopen
from core.casework.acts.entries import LARGEST_EVIDENCE, encoded
from core.casework.acts.facts import add_note, change_facts
from core.casework.acts.going import Beyond
from core.casework.acts.open import open_case, take_over
from core.casework.acts.record import record
from core.casework.acts.strike import strike
from core.casework.acts.wrong import may_mend
from core.casework.matter import Matter
from core.changes.carry import carry_unit
from core.changes.dissolve import dissolve
from core.database import execute, fetchval
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.files.store import Stored
from core.organisation.model import UnitView
from core.organisation.service import UnitDraft, create
from tenants.database.session import county_session, current_session
from tests.core.casework.cases import begun, member, version_of
from tests.core.conftest import TODAY, Clerks, World, applicant, with_roles

ONE_DAY, DAY = timedelta(days=1), date(2026, 6, 1)
PAPER = {
    "application": date(2024, 3, 3), "applicant-talk": date(2024, 3, 20), "activist-decision": date(2024, 5, 20),
    "activist-filing": date(2024, 6, 3),
}  # fmt: skip


async def refused(error: type[DomainError], said: str, attempt: Any) -> None:
    """What is tried is refused so, and leaves nothing behind."""
    with pytest.raises(error, match=said):
        async with current_session().savepoint():
            await attempt


async def up(clerks: Clerks, case: UUID, who: Actor | None = None) -> Matter:
    """The case in hand."""
    return await take_up(who or clerks.world.organizer, case, clerks.regime_for)


async def test_somebody_goes_to_a_living_branch_that_is_not_his_own(clerks: Clerks) -> None:
    """To one place alone, inside or outside; groups of a branch are the branch; a county of the platform that there is."""
    world = clerks.world
    async with county_session(world.county):
        person = await member(clerks, "去向人")
        group = await create(world.admin, world.east.id, UnitDraft(kind="group", name="去向组"), TODAY)
        far_group = await create(world.admin, world.far.id, UnitDraft(kind="group", name="远处组"), TODAY)
        closed = await create(
            world.admin, world.town.id, UnitDraft(kind="branch", name="去向撤销支部"), TODAY
        )
        await dissolve(world.admin, closed.id, TODAY, closed.version, TODAY)
        here: UUID = await fetchval("select session_county()")

        def goes(
            to: UnitView | UUID | None = None, beyond: Beyond | None = None, procedure: str = "transfer"
        ) -> Any:
            papers = {"transfer": "transfer-request"}.get(procedure, "application-letter")
            return open_case(
                world.secretary, person, DAY, {"documents": [papers]}, regime_for=clerks.regime_for, today=TODAY,
                procedure=procedure, to=to.id if isinstance(to, UnitView) else to, beyond=beyond or Beyond(),
            )  # fmt: skip

        for error, said, attempt in (
            (Invalid, "请选择转往哪个党支部", goes()),
            (Invalid, "请选择转往哪个党支部", goes(uuid4())),
            (Invalid, "不能接收党员：它已经撤销，或者不直接管理党员", goes(closed)),
            (Invalid, "不能接收党员：它已经撤销，或者不直接管理党员", goes(world.town)),
            (Invalid, "现在所在的是同一个党支部，无须接转", goes(world.east)),
            (Invalid, "现在所在的是同一个党支部，无须接转", goes(group)),
            (Invalid, "县内的党支部和县外的党组织只能选一个", goes(world.far, Beyond("某县某党委"))),
            (Invalid, "请写明县外的党组织", goes(None, Beyond("", uuid4()))),
            (Invalid, "没有找到这个县", goes(None, Beyond("某县某党委", uuid4()))),
            (Invalid, "没有找到这个县", goes(None, Beyond("本县某党委", here))),
            (Invalid, "转往的党组织", goes(None, Beyond("党" * 121))),
        ):
            await refused(error, said, attempt)
        tags = {}
        for name, to in (("across", far_group), ("within", world.west)):
            case = (await goes(to)).case_id
            tags[name] = {*await fetchval("select tags from case_file where id = $1", case)}
            await refused(Conflict, "已经有一份正在办理的", goes(world.west))
            matter = await up(clerks, case)
            seen = matter.case.version
            await end_case(
                world.secretary, matter, "withdrawn", DAY, "不去了", seen_version=seen, today=TODAY
            )
        assert tags == {"across": {"received-here", "across-committees"}, "within": {"received-here"}}


async def test_who_was_moved_meanwhile_or_whose_branch_is_gone_is_not_received(clerks: Clerks) -> None:
    """And who has arrived is not taken back by an act of the case."""
    world = clerks.world
    async with county_session(world.county):
        east = await create(world.admin, world.town.id, UnitDraft(kind="branch", name="转出支部"), TODAY)
        target = await create(world.admin, world.town.id, UnitDraft(kind="branch", name="转入支部"), TODAY)
        leader, taker = (with_roles(one.name, ("branch-secretary", one)) for one in (east, target))
        own = clerks._replace(world=world._replace(secretary=leader, east=east))
        cases = []
        for name in ("甲", "乙"):
            person = await member(own, f"在途{name}")
            opened = await open_case(
                leader, person, DAY, {"documents": ["transfer-request"]}, regime_for=clerks.regime_for, today=TODAY,
                procedure="transfer", to=target.id,
            )  # fmt: skip
            await own.do(opened.case_id, "release-check", DAY, today=TODAY)
            await own.do(opened.case_id, "release", DAY, today=TODAY)
            cases.append((person, opened.case_id))

        async def received(case: UUID, day: date = DAY) -> None:
            matter = await up(clerks, case, taker)
            await record(
                taker, matter, "reception", day, {"consent": {"branch": "granted"}},
                seen_version=matter.case.version, today=TODAY,
            )  # fmt: skip

        (person, case), (other, second) = cases
        async with current_session().savepoint():
            await execute(
                "update person set unit_id = $2, path = $3 where id = $1",
                person,
                world.west.id,
                world.west.path,
            )
            await refused(Conflict, "现在不在转出的党组织，不能按这份档案接收", received(case))
            await execute(
                "update person set unit_id = $2, path = $3 where id = $1", person, east.id, east.path
            )
        await execute("update unit set dissolved = $2 where id = $1", target.id, TODAY)
        await refused(Conflict, "转往的“转入支部”已于 2026-11-21 撤销，不能接收", received(case))
        await execute("update unit set dissolved = null where id = $1", target.id)
        await received(case)
        assert await fetchval("select unit_id from person where id = $1", person) == target.id
        matter = await up(clerks, case, taker)
        [wrong] = [one for one in matter.case.entries if one.step == "reception"]
        back = strike(taker, matter, wrong.id, "记错了", seen_version=matter.case.version, today=TODAY)
        asked = (await back).entry_id
        chief = with_roles("部长", ("department-organizer", world.department))
        matter = await up(clerks, case, chief)
        agreed = answer(chief, matter, asked, True, "", seen_version=matter.case.version, today=TODAY)
        await refused(Conflict, "已经转到新的党组织，这样做会使已经办完的接收不再成立", agreed)
        await carry_unit(world.admin, east.id, world.west, TODAY)
        assert await fetchval("select unit_id from case_file where id = $1", second) == world.west.id
        await received(second, TODAY)
        assert await fetchval("select unit_id from person where id = $1", other) == target.id, (
            "the case had gone along"
        )


async def test_a_case_ends_for_a_reason_of_its_own_by_who_decides_it(clerks: Clerks) -> None:
    """And is taken up again within its months, unless another has begun."""
    world = clerks.world
    async with county_session(world.county):
        person = await applicant(world, "终止人")
        case = (await clerks.open(person, DAY, TODAY)).case_id

        async def ended(
            reason: str, who: Actor = world.secretary, day: date = DAY, note: str = "本人提出"
        ) -> None:
            matter = await up(clerks, case, who)
            await end_case(who, matter, reason, day, note, seen_version=matter.case.version, today=TODAY)

        async def again(who: Actor = world.secretary, today: date = TODAY, note: str = "又申请") -> None:
            matter = await up(clerks, case, who)
            await reopen(who, matter, note, seen_version=matter.case.version, today=today)

        matter = await up(clerks, case)
        assert {*endings(world.secretary, matter, TODAY)} == {"withdrawn", "died", "moved-away"}
        assert {*endings(world.organizer, matter, TODAY)} == {"transferred", "registered-in-error"}
        assert {*endings(world.committee, matter, TODAY)} == {"not-suitable"}
        for error, said, attempt in (
            (Invalid, "请选择终止的原因", ended("bored")),
            (Forbidden, "因“经研究不再作为培养发展对象”终止，由基层党委有审查职责的人员决定", ended("not-suitable")),
            (Invalid, "没有填写情况说明", ended("withdrawn", note=" ")),
            (Invalid, "办理日期 2026-05-31 早于", ended("withdrawn", day=DAY - ONE_DAY)),
            (Invalid, "办理日期 2026-11-22 还没有到", ended("withdrawn", day=TODAY + ONE_DAY)),
            (Invalid, "这件事没有终止，不需要恢复办理", again()),
        ):  # fmt: skip
            await refused(error, said, attempt)
        await ended("withdrawn")
        matter = await up(clerks, case)
        assert endings(world.secretary, matter, TODAY) == {}
        assert (may_reopen(world.secretary, matter, TODAY), may_reopen(world.organizer, matter, TODAY)) == (
            True,
            False,
        )
        for day, may in ((date(2027, 6, 1), True), (date(2027, 6, 2), False)):
            assert may_reopen(world.secretary, matter, day) == may, "within twelve months"
        late: tuple[tuple[type[DomainError], str, Any], ...] = (
            (Forbidden, "因“本人撤回申请”恢复办理，由党支部有审查职责的人员决定", again(world.organizer)),
            (Invalid, "没有填写恢复的原因", again(note=" ")),
            (Conflict, "已经终止，不能再写入", clerks.do(case, "applicant-talk", DAY, today=TODAY)),
        )
        for why, told, trial in late:
            await refused(why, told, trial)
        second = (await clerks.open(person, TODAY, TODAY)).case_id
        await refused(Conflict, "已经另有一份正在办理的档案", again())
        matter = await up(clerks, second, world.secretary)
        await end_case(world.secretary, matter, "withdrawn", TODAY, "又撤回", seen_version=1, today=TODAY)
        await again()
        assert await fetchval("select status from case_file where id = $1", case) == "running"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "没有填写“递交入党申请书”的日期"), ({"applicant-talk": date(2024, 3, 20)}, "没有填写“递交入党申请书”的日期"),
        ({**PAPER, "made-up": DAY}, "现行规定没有“made-up”这个环节"),
        ({**PAPER, "activist-filing": TODAY + ONE_DAY}, "“报上级党委备案”的日期 2026-11-22 还没有到"),
        ({"application": date(1995, 3, 2)}, "“递交入党申请书”的日期 1995-03-02 早于出生日期"),
        ({**PAPER, "activist-decision": date(2024, 3, 19)}, "（2024-03-19）须在“党组织派人谈话”（2024-03-20）之后"),
        ({**PAPER, "applicant-talk": date(2024, 3, 2)}, "（2024-03-02）须在“递交入党申请书”（2024-03-03）之后"),
    ],
)  # fmt: skip
async def test_what_paper_cannot_say(clerks: Clerks, given: Mapping[str, date], said: str) -> None:
    world = clerks.world
    async with county_session(world.county):
        person = await applicant(world, f"纸质{uuid4().hex[:6]}")
        attempt = take_over(world.organizer, person, given, regime_for=clerks.regime_for, today=TODAY)
        await refused(Invalid, said, attempt)


async def test_the_paper_of_a_member_reaches_as_far_as_he_is(clerks: Clerks) -> None:
    """By the department alone; on the day that the register has; not of a procedure that is never on paper."""
    world, steps = clerks.world, [one.id for one in clerks.regime.plan().steps]
    met, decided = steps.index("admission-meeting"), steps.index("admission-approval")
    before, between = steps[:met], steps[met + 1 : decided + 1]
    early = {step: date(2024, 1, 10) + number * ONE_DAY for number, step in enumerate(before)}
    async with county_session(world.county):
        joined = date(2025, 7, 1)
        later = dict.fromkeys(between, joined + 20 * ONE_DAY)
        person = await member(clerks, "纸质党员", membership="probationary", joined=joined, converted=None)

        def taken(days: Mapping[str, date], who: Actor = world.organizer, procedure: str = "") -> Any:
            return take_over(
                who, person, days, regime_for=clerks.regime_for, today=TODAY, procedure=procedure
            )

        whole = {
            "application": early["application"],
            "admission-meeting": joined,
            "admission-approval": joined + 20 * ONE_DAY,
        }
        for error, said, attempt in (
            (Forbidden, "接续纸质档案须由县委组织部核对后办理", taken(whole, world.secretary)),
            (Conflict, "组织关系接转不接续纸质档案", taken(whole, procedure="transfer")),
            (Invalid, "名册登记纸质党员为预备党员，填写的环节还没有办到", taken({"application": early["application"]})),
            (Invalid, "名册登记的入党日期是 2025-07-01，按填写的环节是 2025-07-02",
             taken({**early, **later, "admission-meeting": joined + ONE_DAY})),
        ):  # fmt: skip
            await refused(error, said, attempt)
        done = await taken({**early, **later, "admission-meeting": joined})
        matter = await up(clerks, done.case_id)
        assert (matter.case.membership, matter.case.started) == ("probationary", early["application"])
        for who, step, said in (
            (world.organizer, "conversion-meeting", "没有从纸质档案接续这个环节"),
            (world.secretary, "application", "接续纸质档案须由县委组织部核对后办理"),
        ):
            known = {"seen_version": matter.case.version, "today": TODAY}
            attempt = correct_paper(who, matter, step, date(2024, 1, 5), "抄错", **known)  # type: ignore[arg-type]
            await refused(DomainError, said, attempt)
        asked = await correct_paper(
            world.organizer, matter, "application", date(2024, 1, 5), "抄错", seen_version=1, today=TODAY
        )
        chief = with_roles("部长", ("department-organizer", world.department))

        def agreed(who: Actor) -> Any:
            return answer(who, matter, asked.entry_id, True, "", seen_version=2, today=TODAY)

        matter = await up(clerks, done.case_id, chief)
        await refused(Forbidden, "须由县委组织部的其他人员答复", agreed(world.organizer))
        await agreed(chief)
        after = await up(clerks, done.case_id)
        assert (after.case.started, after.case.case.given["application"]) == (
            date(2024, 1, 5),
            date(2024, 1, 5),
        )


async def test_a_record_is_put_right_by_who_made_it(clerks: Clerks) -> None:
    """Not by another level, not one that there is not; no note, no file of another case, nothing huge."""
    world = clerks.world
    async with county_session(world.county):
        case, other = [await begun(clerks, f"更正{name}") for name in "甲乙"]
        await clerks.do(case, "applicant-talk", DAY + ONE_DAY, today=TODAY)
        matter = await up(clerks, case)
        talk = matter.case.entries[-1]
        assert [may_mend(who, matter, talk, TODAY) for who in (world.secretary, world.committee)] == [
            True,
            False,
        ]
        known: dict[str, Any] = {"seen_version": matter.case.version, "today": TODAY}
        own, early = await up(clerks, case, world.secretary), DAY - ONE_DAY
        for error, said, attempt in (
            (Forbidden, "由党支部", correct(world.committee, matter, talk.id, DAY, talk.evidence, "记错", **known)),
            (NotFound, "这份档案里没有这条办理记录", correct(world.secretary, own, uuid4(), DAY, {}, "记错", **known)),
            (Invalid, "没有填写更正的原因", correct(world.secretary, own, talk.id, DAY, talk.evidence, " ", **known)),
            (Invalid, "办理日期 2026-05-31 早于", correct(world.secretary, own, talk.id, early, talk.evidence, "x", **known)),
        ):  # fmt: skip
            await refused(error, said, attempt)
        stored = Stored("0" * 64, 3, "pdf", "application/pdf", "件.pdf")
        foreign = await attach(world.secretary, other, stored)
        mine = await attach(world.secretary, case, stored)
        await refused(
            Invalid,
            "有附件不属于这份档案",
            add_note(world.secretary, own, "见附件", today=TODAY, attachments=[mine, foreign]),
        )
        await add_note(world.secretary, own, "见附件", today=TODAY, attachments=[mine])
        with pytest.raises(Invalid, match="填写的内容太多，不能记入档案"):
            encoded({"talk": {"said": "字" * (LARGEST_EVIDENCE // 3)}})
        assert encoded({"talk": {"said": "字" * (LARGEST_EVIDENCE // 3 - 10)}})
        assert await version_of(case) == 3


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "没有填写要变更的情况"), ({"dates": {"graduation": date(1899, 12, 31)}}, "不在 1900 年至 2199 年之间"),
        ({"dates": {"graduation": date(2200, 1, 1)}}, "不在 1900 年至 2199 年之间"),
        ({"dates": {"graduation": date(1995, 3, 2)}}, "早于出生日期 1995-03-02"),
        ({"tags": frozenset({"Not One"})}, "不认识“Not One”"),
        ({"dates": {"Not One": DAY}}, "不认识“Not One”"),
    ],
)  # fmt: skip
async def test_facts_that_cannot_be(clerks: Clerks, given: dict[str, Any], said: str) -> None:
    world = clerks.world
    async with county_session(world.county):
        case = await begun(clerks, f"情况{uuid4().hex[:6]}")
        matter = await up(clerks, case, world.secretary)
        attempt = change_facts(world.secretary, matter, DAY, seen_version=1, today=TODAY, **given)
        await refused(Invalid, said, attempt)


async def test_a_remark_is_made_once(world: World, clerks: Clerks) -> None:
    """The same twice in a row is one; with a file, or after another act, it is another."""
    async with county_session(world.county):
        case = await begun(clerks, "备注人")

        async def said(text: str, who: Actor = world.secretary) -> None:
            await add_note(who, await up(clerks, case, who), text, today=TODAY)

        await said("来过电话")
        await refused(Conflict, "这条备注刚刚已经记下", said("来过电话"))
        await said("来过电话", world.committee)
        await said("来过电话")
        await refused(
            Forbidden,
            "没有办理这件事的权限",
            said("看看", with_roles("检查员", ("inspector", world.department))),
        )
        assert await version_of(case) == 4
