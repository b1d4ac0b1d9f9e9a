"""Going back is recorded by a person, and undoes nothing that a level above him has done, unless the rules say it must."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from core.actor import Actor
from core.casework.model import Written
from core.casework.returning import send_back
from core.errors import Forbidden
from tenants.session import county_session
from tests.core.cases import START, begun, taken_to, version_of
from tests.core.conftest import TODAY, Clerks

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]


async def back(clerks: Clerks, actor: Actor, case: UUID, step: str) -> Written:
    return await send_back(
        actor, case, step, TODAY, "材料需要补正",
        seen_version=await version_of(case), regime_for=clerks.regime_for, today=TODAY,
    )  # fmt: skip


async def filed(clerks: Clerks) -> UUID:
    """A case in which the committee has filed the activist that the branch decided on."""
    case = await begun(clerks, f"备案人{uuid4().hex[:4]}")
    for step in ("applicant-talk", "activist-decision", "activist-filing"):
        await clerks.do(case, step, START, today=TODAY)
    return case


async def test_a_branch_does_not_undo_what_the_committee_has_recorded(clerks: Clerks) -> None:
    world = clerks.world
    async with county_session(world.county):
        case = await filed(clerks)
        for step in ("activist-decision", "application"):
            with pytest.raises(
                Forbidden, match=r"基层党委已经办理了“.*备案.*”.*由基层党委办理退回"
            ) as refused:
                await back(clerks, world.secretary, case, step)
            assert refused.value.code == "level"
        assert (await back(clerks, world.committee, case, "activist-decision")).open_steps == (
            "activist-decision",
        )


async def test_what_the_committee_has_sent_back_already_is_not_its_own_any_more(clerks: Clerks) -> None:
    world = clerks.world
    async with county_session(world.county):
        case = await filed(clerks)
        await back(clerks, world.committee, case, "activist-decision")
        assert (await back(clerks, world.secretary, case, "application")).open_steps == ("application",)


async def test_a_branch_sends_back_its_own_steps(clerks: Clerks) -> None:
    world = clerks.world
    async with county_session(world.county):
        case = await filed(clerks)
        await clerks.do(case, "mentor-appointment", START, today=TODAY)
        assert (
            "mentor-appointment"
            in (await back(clerks, world.secretary, case, "mentor-appointment")).open_steps
        )


async def test_once_a_step_has_failed_the_branch_goes_back_as_the_rules_say(clerks: Clerks) -> None:
    """A refusal from above is not undone by it: the case goes back to be prepared anew."""
    world = clerks.world
    async with county_session(world.county):
        case = await taken_to(clerks, "pre-review")
        await clerks.do(
            case,
            "pre-review",
            TODAY,
            {"review": {"committee": {"day": TODAY.isoformat(), "conclusion": "fail"}}},
        )
        await back(clerks, world.secretary, case, "branch-review")
