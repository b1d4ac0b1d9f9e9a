"""细则第二十二条: a general branch reviews what its branches have decided, by its own hand, before the committee approves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from litestar import Litestar

from core.casework.acts.open import take_over
from core.organisation.service import UnitDraft, create
from core.register.model import PersonDraft
from core.register.service import enter
from tenants.database.session import county_session
from tenants.policies.regimes import regime_of_path
from tests.web.cases.seed import crew
from tests.web.conftest import TODAY, Browser, Seeded, account_of, browser, everything

pytestmark = pytest.mark.anyio

REVIEW = {"review": {"general-branch": "pass"}}


@pytest.fixture
async def case(county: Seeded) -> UUID:
    """A case of a branch under a general branch that waits for the approval."""
    async with county_session(county.id):
        town = county.units["城关镇党委"]
        top = await create(
            everything(), town.id, UnitDraft(kind="general-branch", name="城关中学党总支"), TODAY
        )
        below = await create(everything(), top.id, UnitDraft(kind="branch", name="语文组党支部"), TODAY)
        await account_of("general", "general-branch-secretary", top, TODAY)
        await account_of("chinese", "branch-secretary", below, TODAY)
        person = await enter(everything(), below.id, PersonDraft(name="蔡教书", born=date(1990, 3, 2)), TODAY)
        department = crew(county)["department"]
        steps = [one.id for one in (await regime_of_path(below.path)).plan().steps]
        given = dict.fromkeys(steps[: steps.index("admission-approval")], date(2026, 11, 10))
        written = await take_over(department, person, given, regime_for=regime_of_path, today=TODAY)
        return written.case_id


@pytest.fixture
async def general(app: Litestar, county: Seeded) -> AsyncIterator[Browser]:
    """Nobody is signed in yet."""
    async with browser(app) as made:
        yield made


async def send(made: Browser, case: UUID, **given: Any) -> tuple[int, dict[str, Any]]:
    """Record the approval's part; the answer."""
    version = (await made.get(f"/api/v1/cases/{case}")).json()["version"]
    answer = await made.post(
        f"/api/v1/cases/{case}/records",
        json={"step": "admission-approval", "day": str(TODAY), "version": version, "evidence": given},
        headers={"x-csrftoken": made.token},
    )
    return answer.status_code, answer.json()


async def test_only_the_general_branch_records_its_review(
    county: Seeded, case: UUID, general: Browser
) -> None:
    await general.sign_in(county, "chinese")
    status, refused = await send(general, case, **REVIEW)
    assert (status, refused["code"]) == (403, "level"), refused
    assert "由党总支办理" in refused["sentence"]
    assert "您在这里的身份是党支部" in refused["sentence"]
    await general.sign_in(county, "general")
    assert "蔡教书" in (await general.open("/")).text
    form = (await general.open(f"/cases/{case}/record/admission-approval")).text
    assert "review.general-branch" in form
    assert "consent.committee" not in form
    status, early = await send(general, case, consent={"committee": "granted"})
    assert (status, early["code"]) == (403, "level"), early
    status, recorded = await send(general, case, **REVIEW)
    assert status == 201, recorded
    history = (await general.open(f"/cases/{case}/history")).text
    assert "（党总支）署名" in history
