"""A case from the application to full membership, and the acts on it that are refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from core.casework.access import access_case
from core.casework.acts.open import take_over
from core.casework.acts.refused import Refused
from core.casework.standing.sweep import recompute
from core.database import execute, fetch, fetchval
from core.errors import Conflict, Forbidden, Invalid
from core.organisation.service import UnitDraft, create
from core.register.access import access_person
from core.register.model import PersonDraft
from core.register.queries import tags_on
from core.register.service import enter
from dangwu import evaluate
from tenants.database.session import county_session
from tests.casework import add_note, case_detail, change_facts, record, send_back
from tests.core.casework.cases import START, begun, taken_to, version_of
from tests.core.conftest import TODAY, Clerks, RegimeFor, World, applicant, with_roles


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
        with pytest.raises(Refused, match="已经办结"):
            await clerks.do(found.id, "political-review", day)


async def test_an_objection_after_everything_is_done(clerks: Clerks) -> None:
    """It holds the completed case until it is answered; he stays a full member all the while."""
    world = clerks.world
    async with county_session(world.county):
        person = await applicant(world, "办结人")
        given = {one.id: date(2026, 6, 1) for one in clerks.regime.plan().steps[:-1]}
        case_id = (
            await take_over(world.organizer, person, given, regime_for=clerks.regime_for, today=TODAY)
        ).case_id
        assert (await clerks.do(case_id, "archiving", TODAY)).status == "completed"
        for answer, status in (
            ({}, "running"),
            ({"answered": str(TODAY), "finding": "unfounded"}, "completed"),
        ):
            objection = {"notice": {"objections": [{"received": str(TODAY), **answer}]}}
            written = await record(
                world.secretary, case_id, "prospect-notice", TODAY, objection,
                seen_version=await version_of(case_id), today=TODAY, regime_for=clerks.regime_for,
            )  # fmt: skip
            member = await access_person(world.organizer, person)
            assert (written.status, member["membership"]) == (status, "full")


async def test_a_second_application_is_refused(clerks: Clerks, regime_for: RegimeFor) -> None:
    """While one runs, and for a member."""
    async with county_session(clerks.world.county):
        person = await applicant(clerks.world, "重复申请人")
        await clerks.open(person, START, TODAY)
    with pytest.raises(Conflict, match="已经有一份正在办理"):
        async with county_session(clerks.world.county):
            await clerks.open(person, START, TODAY)
    with pytest.raises(Conflict, match="现在是正式党员，不能受理入党申请"):
        async with county_session(clerks.world.county):
            draft = PersonDraft(name="老党员", membership="full", joined=date(2015, 7, 1))
            member = await enter(clerks.world.organizer, clerks.world.east.id, draft, TODAY)
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
        person = await applicant(clerks.world, f"不可人{sentence}", born)
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
            await send_back(world.committee, case, "applicant-talk", TODAY, " ", **common)
        with pytest.raises(Refused, match="还没有开始"):
            await send_back(world.committee, case, "oath", TODAY, "材料不全", **common)
        with pytest.raises(Forbidden):
            await send_back(world.admin, case, "applicant-talk", TODAY, "材料不全", **common)
        written = await send_back(world.committee, case, "applicant-talk", TODAY, "谈话记录不全", **common)
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


async def test_flags_of_units_are_tags_of_their_cases(clerks: Clerks) -> None:
    """As they are when the case begins, with those of the units above."""
    world = clerks.world
    async with county_session(world.county):
        draft = UnitDraft(kind="committee", name="沿河乡党委", flags=("rural",))
        town = await create(world.admin, world.department.id, draft, TODAY)
        village = await create(world.admin, town.id, UnitDraft(kind="branch", name="沿河村党支部"), TODAY)
        there = clerks._replace(
            world=world._replace(secretary=with_roles("村书记", ("branch-secretary", village)))
        )
        person = await applicant(there.world, "村民", unit=village)
        case = (await there.open(person, START, TODAY)).case_id
        assert (await access_case(world.organizer, case)).case.subject.tags == {"rural"}


async def test_evidence_of_a_removed_plugin_asks_nothing_any_more(
    clerks: Clerks, regime_for: RegimeFor
) -> None:
    """The entry stays readable; the case goes on."""
    world = clerks.world
    async with county_session(world.county):
        case = await begun(clerks, "旧插件人")
        await execute(
            """insert into case_entry (case_id, seq, kind, step, day, entered, evidence, level, by_id, by_name)
               values ($1, 2, 'record', 'applicant-talk', $2, $2, '{"gone-facet": 3, "documents": ["talk-record"]}',
                       'branch', $3, '李书记')""",
            case, START, world.secretary.id,
        )  # fmt: skip
        found = await access_case(world.organizer, case)
        assert found.entries[-1].evidence == {"gone-facet": 3, "documents": ["talk-record"]}
        assert found.case.entries[-1].evidence == {"documents": ["talk-record"]}  # type: ignore[union-attr]
        assert await recompute([case], TODAY, regime_for) == 1


async def test_what_happened_stays_happened(clerks: Clerks) -> None:
    """The application's role cannot change or remove an entry, an event, a reading or a line of history."""
    async with county_session(clerks.world.county):
        await begun(clerks, "不改人")
    for table in ("case_entry", "case_event", "ledger_entry", "person_change", "unit_change", "attachment"):
        for statement in (f"update {table} set by_name = 'x'", f"delete from {table}", f"truncate {table}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with county_session(clerks.world.county):
                    await execute(statement)
    for table in ("case_file", "person", "unit", "person_tag", "import_batch"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with county_session(clerks.world.county):
                await execute(f"delete from {table}")


async def test_more_than_anybody_writes_is_refused(clerks: Clerks, regime_for: RegimeFor) -> None:
    """What is written can never be removed: not ten megabytes in a remark, nor in a field."""
    world = clerks.world
    async with county_session(world.county):
        case = await begun(clerks, "长文人")
        common: dict[str, Any] = {"seen_version": 1, "regime_for": regime_for, "today": TODAY}
        with pytest.raises(Invalid, match="备注有 1001 个字，最多 1000 个字"):
            await record(world.secretary, case, "applicant-talk", TODAY, {}, note="长" * 1001, **common)
        with pytest.raises(Invalid, match="备注有 1001 个字"):
            await change_facts(world.secretary, case, TODAY, note="长" * 1001, tags=frozenset(), **common)
        with pytest.raises(Invalid, match="填写的内容太多") as refused:
            await record(
                world.secretary, case, "applicant-talk", TODAY,
                {"talk": {"with": ["applicant"], "by": ["organizer"] * 40_000}}, **common,
            )  # fmt: skip
        assert refused.value.code == "evidence-size"
        with pytest.raises(Invalid, match="填写的内容太多"):
            many = frozenset(f"tag-{number}" for number in range(9000))
            await change_facts(world.secretary, case, TODAY, tags=many, **common)
        assert await version_of(case) == 1
