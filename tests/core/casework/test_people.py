"""Who may act on a case: levels, recorder and approver, two at once, other counties."""

from __future__ import annotations

import pytest

from core.casework.acts.open import open_case
from core.errors import Forbidden, NotFound, Stale
from dangwu import Regime
from tenants.database.session import county_session
from tests.casework import case_detail, record
from tests.core.casework.cases import LETTER, START, begun, taken_to, version_of
from tests.core.conftest import TODAY, Clerks, RegimeFor, World, applicant, with_roles


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
        with pytest.raises(Forbidden, match="结论由基层党委办理，须由有审查职责的人员作出"):
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
