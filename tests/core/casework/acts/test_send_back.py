"""Going back is recorded by a person, and undoes nothing that a level above him has done, unless the rules say it must."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from core.actor import Actor
from core.casework.acts.send_back import returnable
from core.casework.model import Written
from core.errors import Forbidden
from dangwu import Case, compose, judged, read_record
from tenants.database.session import county_session
from tests.casework import record, send_back
from tests.core.casework.cases import START, begun, taken_to, version_of
from tests.core.conftest import TODAY, Clerks, with_roles
from tests.floor import FLOOR

pytestmark = pytest.mark.anyio


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
                Forbidden, match=r"会使基层党委 .* 办理的“.*备案.*”不再计算。.*请报请基层党委退回"
            ) as refused:
                await back(clerks, world.secretary, case, step)
            assert refused.value.code == "overruling"
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


async def test_a_refusal_from_above_is_sent_back_from_above(clerks: Clerks) -> None:
    """Not by the branch, which it concerns: its own preparation is made anew once the committee has sent it back."""
    world = clerks.world
    async with county_session(world.county):
        case = await taken_to(clerks, "pre-review")
        await clerks.do(
            case,
            "pre-review",
            TODAY,
            {"review": {"committee": {"day": TODAY.isoformat(), "conclusion": "fail"}}},
        )
        with pytest.raises(Forbidden, match="请报请基层党委退回"):
            await back(clerks, world.secretary, case, "branch-review")
        assert (await back(clerks, world.committee, case, "branch-review")).open_steps == ("branch-review",)


def both(clerks: Clerks) -> Actor:
    """One person with the offices of the branch and of the committee above it."""
    world = clerks.world
    return with_roles(
        "一身两任", ("branch-secretary", world.east), ("committee-secretary", world.town)
    )  # fmt: skip


async def recorded(clerks: Clerks, actor: Actor, case: UUID, step: str) -> Written:
    parts: dict[str, dict[str, Any]] = {
        "applicant-talk": {"talk": {"with": ["applicant"], "by": ["secretary"]}},
        "activist-filing": {"filing": ["committee"]},
    }
    return await record(
        actor, case, step, TODAY, parts[step],
        seen_version=await version_of(case), regime_for=clerks.regime_for, today=TODAY,
    )  # fmt: skip


async def test_recorder_and_approver_differ_also_after_going_back(clerks: Clerks) -> None:
    """What was set aside was done by him all the same."""
    world = clerks.world
    async with county_session(world.county):
        person, case = both(clerks), await begun(clerks, f"两任人{uuid4().hex[:4]}")
        await recorded(clerks, person, case, "applicant-talk")
        await clerks.do(case, "activist-decision", TODAY)
        await back(clerks, world.secretary, case, "applicant-talk")
        for step in ("applicant-talk", "activist-decision"):
            await clerks.do(case, step, TODAY)
        with pytest.raises(Forbidden, match="记录与审批须由不同的人承担") as refused:
            await recorded(clerks, person, case, "activist-filing")
        assert refused.value.code == "two-levels"


async def test_sending_back_is_an_act_of_its_level_too(clerks: Clerks) -> None:
    """Who has sent it back as the branch approves nothing as the committee; and who approved does not send back below."""
    world = clerks.world
    async with county_session(world.county):
        person, case = both(clerks), await begun(clerks, f"退回人{uuid4().hex[:4]}")
        for step in ("applicant-talk", "activist-decision"):
            await clerks.do(case, step, TODAY)
        branch = with_roles("一身两任", ("branch-secretary", world.east))
        await back(clerks, msgspec.structs.replace(branch, id=person.id), case, "activist-decision")
        await clerks.do(case, "activist-decision", TODAY)
        with pytest.raises(Forbidden) as refused:
            await recorded(clerks, person, case, "activist-filing")
        assert refused.value.code == "two-levels"
        await recorded(clerks, world.committee, case, "activist-filing")
        await clerks.do(case, "mentor-appointment", TODAY)
        committee = with_roles("前书记", ("branch-secretary", world.east))
        former = msgspec.structs.replace(committee, id=world.committee.id)
        with pytest.raises(Forbidden) as refused:
            await back(clerks, former, case, "mentor-appointment")
        assert refused.value.code == "two-levels"


def test_where_an_extension_has_just_led_is_not_offered_as_going_back() -> None:
    regime, day = compose(FLOOR, []), date(2026, 7, 10)
    vote = {"eligible": 9, "present": 9, "for": 9, "secret": True, "one_by_one": True}
    motion = {**vote, "motion": "extend", "months": 6}
    heard = ["group", "members", "masses"]
    case = Case(given={step.id: date(2026, 6, 20) for step in regime.plan("admission").steps[:23]})
    case = case.with_entry(
        read_record("conversion-meeting", date(2026, 6, 25), {"vote": motion, "consultation": heard})
    )
    assert "probation" in returnable(judged(regime, case, day), [], "committee")
    case = case.with_entry(
        read_record("conversion-approval", date(2026, 7, 1), {"consent": {"committee": "granted"}})
    )
    offered = returnable(judged(regime, case, day), [], "committee")
    assert "oath" in offered
    assert "probation" not in offered
