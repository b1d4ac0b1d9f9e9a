"""A case from the application to full membership, and the acts on it that are refused."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from core.casework.access import access_case
from core.casework.detail import case_detail
from core.casework.facts import add_note, change_facts
from core.casework.opening import open_case, take_over
from core.casework.record import record
from core.casework.refused import Refused
from core.casework.returning import send_back
from core.database import execute, fetch, fetchval
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.register.access import access_person
from core.register.queries import tags_on
from dangwu.evaluate import evaluate
from dangwu.regime import Regime
from tenants.session import county_session
from tests.core.conftest import TODAY, Clerks, RegimeFor, World, applicant, with_roles

LETTER = {"documents": ["application-letter"]}
START = date(2026, 6, 1)


async def begun(clerks: Clerks, name: str = "张三", day: date = START) -> UUID:
    """A case with its application; call it inside a session."""
    person = await applicant(clerks.world, name)
    return (await clerks.open(person, day, TODAY)).case_id


async def version_of(case_id: UUID) -> int:
    """The case's present version."""
    return int(await fetchval("select version from case_file where id = $1", case_id))


async def test_from_application_to_full_member(world: World, clerks: Clerks) -> None:
    """Every step by its own level; the register follows; the standing is written down each time."""
    async with county_session(world.county):
        person = await applicant(world, "全程人")
        day = date(2024, 5, 6)
        written = await clerks.open(person, day)
        while (found := await access_case(world.organizer, written.case_id)).status == "running":
            standing = evaluate(clerks.regime, found.case, day)
            row = await fetch("select stage, open_steps, computed_on from case_file where id = $1", found.id)
            ready = [step for step in standing.open if standing.steps[step].state == "open"]
            free = [
                s for s in ready if not any(one.kind == "forbidden" for one in standing.steps[s].findings)
            ]
            if free:
                written = await clerks.do(found.id, free[0], day)
                row = await fetch(
                    "select stage, open_steps, computed_on from case_file where id = $1", found.id
                )
                assert tuple(row[0]) == (written.stage, list(written.open_steps), day)
            else:
                day = standing.turns or day + timedelta(days=1)
        member = await access_person(world.organizer, person)
        assert found.status == "completed"
        assert member["membership"] == "full"
        assert (member["joined"], member["converted"] - member["joined"]) == (
            date(2025, 5, 6),
            timedelta(days=365),
        )
        detail = await case_detail(world.secretary, found.id, day)
        assert detail.line.membership == "full"
        assert {entry.level for entry in detail.entries} == {"branch", "committee", "department"}
        assert [entry.seq for entry in detail.entries] == list(range(1, len(detail.entries) + 1))
        with pytest.raises(Conflict, match="已经办结"):
            await clerks.do(found.id, "application", day)


async def test_a_second_application_is_refused(clerks: Clerks, regime_for: RegimeFor) -> None:
    """While one runs, and for a member."""
    async with county_session(clerks.world.county):
        person = await applicant(clerks.world, "重复申请人")
        await clerks.open(person, START, TODAY)
    with pytest.raises(Conflict, match="已经有一份正在办理"):
        async with county_session(clerks.world.county):
            await clerks.open(person, START, TODAY)
    with pytest.raises(Conflict, match="已经是党员"):
        async with county_session(clerks.world.county):
            member = await applicant(clerks.world, "老党员", membership="full", joined=date(2015, 7, 1))
            await clerks.open(member, START, TODAY)


@pytest.mark.parametrize(
    ("born", "day", "sentence"),
    [
        (date(2009, 1, 1), START, "18"),
        (date(1995, 3, 2), date(2026, 11, 22), "还没有到"),
        (date(1995, 3, 2), date(1995, 3, 1), "出生日期"),
    ],
)
async def test_applications_that_cannot_be(clerks: Clerks, born: date, day: date, sentence: str) -> None:
    """Too young, in the future, before birth; nothing is left of the attempt."""
    async with county_session(clerks.world.county):
        person = await applicant(clerks.world, "不可人", born)
    with pytest.raises(Invalid, match=sentence):
        async with county_session(clerks.world.county):
            await clerks.open(person, day, TODAY)
    async with county_session(clerks.world.county):
        assert await fetchval("select count(*) from case_file where person_id = $1", person) == 0


async def test_refusals_carry_rule_and_clause(clerks: Clerks, regime_for: RegimeFor) -> None:
    """A blocked step; figures that cannot be; a day too early."""
    world = clerks.world
    async with county_session(world.county):
        case = await begun(clerks, "受阻人")
        vote = {"vote": {"eligible": 10, "present": 9, "for": 9}}
        with pytest.raises(Refused) as refusal:
            await record(
                world.secretary,
                case,
                "admission-meeting",
                START,
                vote,
                seen_version=1,
                regime_for=regime_for,
                today=TODAY,
            )
        assert [reason.code for reason in refusal.value.reasons] == ["step.blocked"]
        await clerks.do(case, "applicant-talk", START, today=TODAY)
        await clerks.do(case, "activist-decision", START, today=TODAY)
        await clerks.do(case, "activist-filing", START, today=TODAY)
        await clerks.do(case, "mentor-appointment", START, today=TODAY)
        await clerks.do(case, "cultivation", date(2026, 10, 1), today=TODAY)
        with pytest.raises(Refused) as early:
            await clerks.do(case, "prospect-selection", TODAY)
        (reason,) = (one for one in early.value.reasons if one.code == "timing.early")
        assert "2027" in reason.sentence
        assert reason.citations
        assert reason.citations[0].clause


async def test_bad_evidence_is_refused_by_sentence(clerks: Clerks, regime_for: RegimeFor) -> None:
    """Unknown facets, wrong types, unknown steps, dates before the case began; nothing is written."""
    world = clerks.world
    async with county_session(world.county):
        case = await begun(clerks, "错填人")
        for step, day, evidence, sentence in (
            ("applicant-talk", START, {"talks": {}}, "不认识的内容“talks”"),
            ("applicant-talk", START, {"talk": {"with": 3}}, "谈话"),
            ("no-such-step", START, {}, "没有“no-such-step”"),
            ("applicant-talk", date(2026, 5, 31), {}, "早于递交入党申请的日期"),
            ("applicant-talk", date(2026, 12, 1), {}, "还没有到"),
        ):
            with pytest.raises(Invalid, match=sentence):
                await record(
                    world.secretary,
                    case,
                    step,
                    day,
                    evidence,
                    seen_version=1,
                    regime_for=regime_for,
                    today=TODAY,
                )
        assert await version_of(case) == 1


async def test_the_second_of_two_editors_gets_what_changed(clerks: Clerks, regime_for: RegimeFor) -> None:
    """In a sentence, before anything else is checked."""
    world = clerks.world
    async with county_session(world.county):
        case = await begun(clerks, "两人改")
        await clerks.do(case, "applicant-talk", START, today=TODAY)
        with pytest.raises(Stale) as stale:
            await record(
                world.secretary,
                case,
                "applicant-talk",
                START,
                {},
                seen_version=1,
                regime_for=regime_for,
                today=TODAY,
            )
        assert stale.value.changes == ("李书记（党支部）记录了“党组织派人谈话”，2026-06-01。",)
        assert await version_of(case) == 2


async def test_only_the_level_of_a_step_records_it(clerks: Clerks, regime_for: RegimeFor) -> None:
    """The branch gives no consent, the committee no branch decision; a reader nothing."""
    world = clerks.world
    async with county_session(world.county):
        case = await begun(clerks, "层级人")
        talk = {"talk": {"with": ["applicant"], "by": "branch-secretary"}}
        for actor in (
            world.committee,
            world.organizer,
            with_roles("检查员", ("inspector", world.department)),
        ):
            with pytest.raises(Forbidden, match="由党支部办理"):
                await record(
                    actor,
                    case,
                    "applicant-talk",
                    START,
                    talk,
                    seen_version=1,
                    regime_for=regime_for,
                    today=TODAY,
                )
        await clerks.do(case, "applicant-talk", START, today=TODAY)
        await clerks.do(case, "activist-decision", START, today=TODAY)
        with pytest.raises(Forbidden, match="由基层党委办理，您在这里的身份是党支部"):
            await record(
                world.secretary, case, "activist-filing", START, {"filing": ["committee"]},
                seen_version=3, regime_for=regime_for, today=TODAY,
            )  # fmt: skip


async def test_a_clerk_without_review_gives_no_consent(clerks: Clerks, regime_for: RegimeFor) -> None:
    """The committee's organizer records, its secretary concludes."""
    world = clerks.world
    async with county_session(world.county):
        case = await taken_to(clerks, "prospect-consent")
        clerk = with_roles("党委组织委员", ("committee-organizer", world.town))
        version = await version_of(case)
        with pytest.raises(Forbidden, match="结论由基层党委办理"):
            await record(
                clerk, case, "prospect-consent", TODAY, {"consent": {"committee": "granted"}},
                seen_version=version, regime_for=regime_for, today=TODAY,
            )  # fmt: skip
        await clerks.do(case, "prospect-consent", TODAY)


async def test_recorder_and_approver_are_two_people(clerks: Clerks, regime_for: RegimeFor) -> None:
    """Whoever has recorded at the branch does not act for the committee in the same case."""
    world = clerks.world
    both = with_roles("两职人", ("branch-secretary", world.east), ("committee-secretary", world.town))
    async with county_session(world.county):
        case = await begun(clerks, "两职案")
        doubled = clerks._replace(world=world._replace(secretary=both))
        await doubled.do(case, "applicant-talk", START, today=TODAY)
        await clerks.do(case, "activist-decision", START, today=TODAY)
        with pytest.raises(Forbidden, match="记录与审批须由不同的人承担"):
            await record(
                both, case, "activist-filing", START, {"filing": ["committee"], "documents": ["filing-form"]},
                seen_version=3, regime_for=regime_for, today=TODAY,
            )  # fmt: skip


async def taken_to(clerks: Clerks, step: str) -> UUID:
    """A case from paper that stands before `step`, everything before it a year and more ago."""
    person = await applicant(clerks.world, f"接续人{uuid4().hex[:4]}")
    before = [one.id for one in clerks.regime.plan().steps]
    given = {one: date(2025, 1, 10) for one in before[: before.index(step)]}
    written = await take_over(
        clerks.world.organizer, person, given, regime_for=clerks.regime_for, today=TODAY
    )
    return written.case_id


async def test_paper_files_are_taken_over_by_the_department(clerks: Clerks, regime_for: RegimeFor) -> None:
    """What was done on paper counts; the branch cannot say so."""
    world = clerks.world
    async with county_session(world.county):
        case = await taken_to(clerks, "prospect-consent")
        found = await access_case(world.secretary, case)
        assert found.stage == "prospect"
        person = await applicant(world, "纸质人")
        with pytest.raises(Forbidden, match="县委组织部核对"):
            await take_over(
                world.secretary, person, {"application": START}, regime_for=regime_for, today=TODAY
            )
        for given, sentence in (
            ({}, "没有填写"),
            ({"x": START}, "没有“x”"),
            ({"application": date(2027, 1, 1)}, "还没有到"),
        ):
            with pytest.raises(Invalid, match=sentence):
                await take_over(world.organizer, person, given, regime_for=regime_for, today=TODAY)


async def test_a_case_goes_back_by_an_act_with_its_reason(clerks: Clerks, regime_for: RegimeFor) -> None:
    """Later records stay in the file and count no more."""
    world = clerks.world
    async with county_session(world.county):
        case = await begun(clerks, "退回人")
        await clerks.do(case, "applicant-talk", START, today=TODAY)
        await clerks.do(case, "activist-decision", START, today=TODAY)
        common = {"seen_version": 3, "regime_for": regime_for, "today": TODAY}
        with pytest.raises(Invalid, match="退回的原因"):
            await send_back(world.committee, case, "applicant-talk", TODAY, " ", **common)  # type: ignore[arg-type]
        with pytest.raises(Refused, match="还没有开始"):
            await send_back(world.committee, case, "oath", TODAY, "材料不全", **common)  # type: ignore[arg-type]
        with pytest.raises(Forbidden):
            await send_back(world.admin, case, "applicant-talk", TODAY, "材料不全", **common)  # type: ignore[arg-type]
        written = await send_back(world.committee, case, "applicant-talk", TODAY, "谈话记录不全", **common)  # type: ignore[arg-type]
        assert written.open_steps == ("applicant-talk",)
        detail = await case_detail(world.secretary, case, TODAY)
        assert [entry.kind for entry in detail.entries] == ["record", "record", "record", "return"]
        assert (detail.entries[-1].level, detail.entries[-1].note) == ("committee", "谈话记录不全")


async def test_facts_change_from_a_day_on(clerks: Clerks, regime_for: RegimeFor) -> None:
    """The register follows; a running standing is worked out again."""
    world = clerks.world
    async with county_session(world.county):
        case = await begun(clerks, "变更人")
        found = await access_case(world.secretary, case)
        await change_facts(
            world.secretary, case, date(2026, 9, 1), seen_version=1, regime_for=regime_for, today=TODAY,
            tags=frozenset({"student"}), dates={"graduation": date(2027, 6, 30)},
        )  # fmt: skip
        found = await access_case(world.secretary, case)
        assert found.case.tags_on(date(2026, 8, 31)) == frozenset()
        assert found.case.tags_on(date(2026, 9, 1)) == {"student"}
        assert found.case.dates_on(TODAY) == {"graduation": date(2027, 6, 30)}
        assert await tags_on(found.person_id, TODAY) == {"student"}
        with pytest.raises(Invalid, match="没有填写要变更的情况"):
            await change_facts(
                world.secretary, case, TODAY, seen_version=2, regime_for=regime_for, today=TODAY
            )
        noted = await add_note(world.committee, case, "请尽快办理", regime_for=regime_for, today=TODAY)
        assert noted.version == 3


async def test_what_happened_stays_happened(clerks: Clerks) -> None:
    """The application's role cannot change or remove an entry, an event, a reading or a line of history."""
    async with county_session(clerks.world.county):
        await begun(clerks, "不改人")
    for table in ("case_entry", "case_event", "reading_log", "person_change", "unit_change", "attachment"):
        for statement in (f"update {table} set by_name = 'x'", f"delete from {table}", f"truncate {table}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with county_session(clerks.world.county):
                    await execute(statement)
    for table in ("case_file", "person", "unit", "person_tag", "import_batch"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with county_session(clerks.world.county):
                await execute(f"delete from {table}")


async def test_another_countys_case_is_not_there(
    clerks: Clerks, other_world: World, regime_for: RegimeFor
) -> None:
    """Nor one of another branch."""
    world = clerks.world
    async with county_session(world.county):
        case = await begun(clerks, "本县人")
        stranger = with_roles("远书记", ("branch-secretary", world.far))
        with pytest.raises(NotFound):
            await case_detail(stranger, case, TODAY)
        with pytest.raises(NotFound):
            await record(
                stranger,
                case,
                "applicant-talk",
                START,
                {},
                seen_version=1,
                regime_for=regime_for,
                today=TODAY,
            )
    async with county_session(other_world.county):
        for actor in (other_world.organizer, world.organizer):
            with pytest.raises(NotFound):
                await case_detail(actor, case, TODAY)


async def test_two_at_once_write_one_after_the_other(world: World, clerks: Clerks, national: Regime) -> None:
    """The lock makes the second wait and see the first's entry."""
    import asyncio

    async with county_session(world.county):
        case = await begun(clerks, "同时人")

    async def attempt() -> str:
        async with county_session(world.county):
            try:
                await record(
                    world.secretary, case, "applicant-talk", START, {}, seen_version=1,
                    regime_for=clerks.regime_for, today=TODAY,
                )  # fmt: skip
            except Stale:
                return "stale"
            return "written"

    assert sorted(await asyncio.gather(attempt(), attempt())) == ["stale", "written"]


async def test_an_application_needs_the_right_to_take_it_in(world: World, regime_for: RegimeFor) -> None:
    """A committee's secretary sees the person and takes in nothing."""
    async with county_session(world.county):
        person = await applicant(world, "无权受理人")
        with pytest.raises(Forbidden):
            await open_case(world.committee, person, START, LETTER, regime_for=regime_for, today=TODAY)
