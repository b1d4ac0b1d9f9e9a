"""“一般”: the level that a rule names agrees beforehand that a demand does not bind a case; nobody else, and not afterwards."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tenants.database.session import county_session, current_session
from tests.web.cases.mend.test_correct import typed
from tests.web.cases.seed import PATH, applicant, do, opened, walked
from tests.web.conftest import TODAY, Browser, Seeded

pytestmark = pytest.mark.anyio

TRAINING = {"step": "intensive-training", "facet": "training", "param": "hours"}
LEAVING = {"step": "pre-review", "facet": "timing", "param": "blackout"}


async def untrained(county: Seeded, name: str) -> UUID:
    """Somebody of whom everything is done before the branch's review but the training."""
    async with county_session(county.id):
        case = await walked(county, name, "sponsor-appointment")
        await do(county, case, "political-review", date(2026, 6, 25), times=1)
        return case


async def leaving(county: Seeded, name: str, departure: date) -> UUID:
    """Somebody who leaves his unit soon, before the committee's pre-review."""
    async with county_session(county.id):
        person = await applicant(county, name)
        case = await opened(county, person, dates={"departure": departure})
        steps = [step for step, _ in PATH]
        for step, day in PATH[: steps.index("pre-review")]:
            await do(county, case, step, day, times=1)
        return case


async def send(made: Browser, case: UUID, path: str, **data: object) -> tuple[int, dict[str, Any]]:
    """Send to the API; the version is that which was read."""
    version = (await made.get(f"/api/v1/cases/{case}")).json()["version"]
    answer = await made.post(
        f"/api/v1/cases/{case}{path}", json={"version": version, **data}, headers={"x-csrftoken": made.token}
    )
    return answer.status_code, answer.json()


async def step_of(made: Browser, case: UUID, step: str) -> dict[str, Any]:
    """A step as the API tells it."""
    steps = (await made.get(f"/api/v1/cases/{case}")).json()["steps"]
    return next(one for one in steps if one["id"] == step)


async def test_the_committee_agrees_that_somebody_is_not_trained(
    secretary: Browser, committee: Browser, county: Seeded
) -> None:
    case = await untrained(county, "吴驻外")
    path = f"/cases/{case}/except/intensive-training"
    page = (await secretary.open(f"/cases/{case}")).text
    assert "报基层党委事先书面同意，可以例外" in page
    assert path not in page
    refused = await secretary.open(path)
    assert refused.status_code == 403
    assert "“短期集中培训”的例外须经基层党委事先书面同意" in refused.text
    assert path in (await committee.open(f"/cases/{case}")).text
    form = (await committee.open(path)).text
    assert "由基层党委（或更高一级）同意" in form
    assert "第十七条" in form
    fields = {**typed(form), "reason": "常驻境外，城关委〔2026〕12 号"}
    assert fields["demand"] == ["training.hours"]
    shown = await committee.submit(path, **fields)
    assert shown.status_code == 200, shown.text
    assert "不再妨碍办理：还没有参加培训的记录" in shown.text
    assert "“短期集中培训”办结" in shown.text
    assert (await step_of(committee, case, "intensive-training"))["state"] == "open"
    done = await committee.submit(path, **{**typed(shown.text), "reason": "常驻境外，城关委〔2026〕12 号"})
    assert done.status_code == 303, done.text
    page = (await committee.open(f"/cases/{case}")).text
    assert "培训：已经书面同意作为例外，对本人不作这项要求" in page
    assert path not in page
    history = (await committee.open(f"/cases/{case}/history")).text
    assert "同意例外办理“短期集中培训”" in history
    assert "原因：常驻境外，城关委〔2026〕12 号" in history
    assert "基层党委事先书面同意" in history
    found = (await committee.get(f"/api/v1/cases/{case}")).json()
    assert found["case"]["open_steps"] == ["branch-review"]
    events = (await committee.get("/api/v1/cases/events")).json()["items"]
    assert next(one["kind"] for one in events if one["case_id"] == str(case)) == "exempted"
    status, again = await send(committee, case, "/exceptions", **TRAINING, day=str(TODAY), reason="再写一次")
    assert (status, again["reasons"][0]["code"]) == (422, "step.exception-agreed"), again


async def test_who_leaves_soon_is_excepted_by_the_department_and_not_after_the_fact(
    committee: Browser, organizer: Browser, county: Seeded
) -> None:
    case = await leaving(county, "吴将行", date(2026, 12, 31))
    wanted = {**LEAVING, "day": str(TODAY), "reason": "组织选派援疆"}
    review = {"step": "pre-review", "day": str(TODAY), "evidence": {"review": {"committee": "pass"}}}
    status, refused = await send(committee, case, "/records", **review)
    assert (status, refused["reasons"][0]["code"]) == (422, "timing.blackout"), refused
    page = (await committee.open(f"/cases/{case}")).text
    assert "报县委组织部事先书面同意，可以例外" in page
    status, refused = await send(committee, case, "/exceptions", **wanted)
    assert (status, refused["code"]) == (403, "level"), refused
    assert "须经县委组织部事先书面同意" in refused["sentence"]
    status, seen = await send(committee, case, "/exceptions/preview", **wanted)
    assert (status, seen["agrees"], seen["mine"]) == (200, "department", False), seen
    [offer] = (await step_of(organizer, case, "pre-review"))["exceptions"]
    assert (offer["facet"], offer["param"], offer["level"], offer["mine"]) == (
        "timing",
        "blackout",
        "department",
        True,
    )
    for change, code in (
        ({"reason": " "}, "invalid"),
        ({"day": "2026-11-22"}, "invalid"),
        ({"facet": "review", "param": "levels"}, "refused"),
        ({"step": "branch-review"}, "refused"),
    ):
        status, refused = await send(organizer, case, "/exceptions", **{**wanted, **change})
        assert (status, refused["code"]) == (422, code), refused
    status, agreed = await send(organizer, case, "/exceptions", **wanted)
    assert status == 201, agreed
    status, recorded = await send(committee, case, "/records", **review)
    assert status == 201, recorded
    status, late = await send(organizer, case, "/exceptions", **{**wanted, "day": "2026-11-20"})
    assert (status, late["code"]) == (422, "refused"), late


async def test_what_was_agreed_before_the_case_went_back_is_gone_with_it(
    committee: Browser, organizer: Browser, county: Seeded
) -> None:
    case = await leaving(county, "吴退回", date(2026, 12, 31))
    wanted = {**LEAVING, "day": "2026-11-19", "reason": "组织选派援疆"}
    assert (await send(organizer, case, "/exceptions", **wanted))[0] == 201
    back = {"step": "branch-review", "day": "2026-11-20", "reason": "审查意见不完整"}
    status, returned = await send(committee, case, "/returns", **back)
    assert status == 201, returned
    async with county_session(county.id):
        await do(county, case, "branch-review", TODAY, times=1)
    assert (await step_of(organizer, case, "pre-review"))["exceptions"]
    status, late = await send(organizer, case, "/exceptions", **wanted)
    assert (status, late["reasons"][0]["code"]) == (422, "step.set-aside"), late
    status, agreed = await send(organizer, case, "/exceptions", **{**wanted, "day": str(TODAY)})
    assert status == 201, agreed


async def test_who_has_recorded_below_does_not_agree_above(secretary: Browser, county: Seeded) -> None:
    case = await untrained(county, "吴两职")
    back = {"step": "sponsor-appointment", "day": str(TODAY), "reason": "介绍人调离"}
    assert (await send(secretary, case, "/returns", **back))[0] == 201
    async with county_session(county.id):
        for step in ("sponsor-appointment", "political-review"):
            await do(county, case, step, TODAY, times=1)
        await current_session().execute(
            "insert into holding (account_id, role, unit_id, since, granted_by) values ($1, 'committee-secretary', $2, $3, $1)",
            county.accounts["branch-secretary"], county.units["城关镇党委"].id, date(2026, 1, 1),
        )  # fmt: skip
    status, refused = await send(
        secretary, case, "/exceptions", **TRAINING, day=str(TODAY), reason="常驻境外"
    )
    assert (status, refused["code"]) == (403, "two-levels"), refused
    assert "/except/" not in (await secretary.open(f"/cases/{case}")).text
