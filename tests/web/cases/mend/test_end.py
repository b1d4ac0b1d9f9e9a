"""A case ends for a reason of the person's, by the level that decides it; the register follows; it can be taken up again."""

from __future__ import annotations

from uuid import UUID

import pytest

from tenants.database.session import county_session, current_session
from tests.web.cases.mend.test_correct import typed
from tests.web.cases.seed import walked
from tests.web.conftest import Browser, Seeded

pytestmark = pytest.mark.anyio

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


async def membership(county: Seeded, case: UUID) -> str:
    """What the register says he is."""
    async with county_session(county.id):
        found: str = await current_session().fetchval(
            "select p.membership from person p join case_file c on c.person_id = p.id where c.id = $1", case
        )
        return found


async def test_a_branch_ends_a_case_and_takes_it_up_again(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        case = await walked(county, "钱撤回", "activist-filing")
    page = (await secretary.open(f"/cases/{case}/end")).text
    assert "本人不再是入党积极分子；12 个月内可以恢复办理" in page
    assert 'value="not-suitable"' not in page
    assert "经研究不再作为培养发展对象（基层党委）" in page
    early = await secretary.submit(
        f"/cases/{case}/end",
        **{**typed(page), "reason": "withdrawn", "day": "2025-04-01", "note": "本人书面申请"},
    )
    assert early.status_code == 422
    assert "终止的日期不能早于这一天" in early.text
    done = await secretary.submit(
        f"/cases/{case}/end",
        **{**typed(early.text), "reason": "withdrawn", "day": "2026-11-20", "note": "本人书面申请"},
    )
    assert done.status_code == 303, done.text
    page = (await secretary.open(f"/cases/{case}")).text
    assert "2026-11-20 终止：本人撤回申请。本人书面申请" in page
    assert await membership(county, case) == "none"
    recorded = await secretary.submit(f"/cases/{case}/notes", note="还能写备注")
    assert recorded.status_code == 303
    assert f'action="/cases/{case}/notes"' in (await secretary.open(f"/cases/{case}/history")).text
    noted = await secretary.post(
        f"/cases/{case}/notes",
        data={"_csrf_token": secretary.token, "note": "补一份说明"},
        files=[("attachments", ("说明.pdf", PDF, "application/pdf"))],
    )
    assert noted.status_code == 303, noted.text
    recorded = await secretary.submit(
        f"/cases/{case}/return", step="applicant-talk", day="2026-11-21", reason="试"
    )
    assert recorded.status_code == 409
    again = (await secretary.open(f"/cases/{case}/reopen")).text
    done = await secretary.submit(f"/cases/{case}/reopen", **{**typed(again), "note": "本人书面要求继续"})
    assert done.status_code == 303, done.text
    assert await membership(county, case) == "activist"


async def test_what_another_level_decides_is_not_his(
    secretary: Browser, organizer: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        case = await walked(county, "钱登错", "applicant-talk")
    fields = {"reason": "registered-in-error", "day": "2026-11-20", "note": "同名重复登记", "version": "2"}
    await secretary.open(f"/cases/{case}")
    refused = await secretary.submit(f"/cases/{case}/end", **fields)
    assert refused.status_code == 403
    assert "由县委组织部有审查职责的人员决定" in refused.text
    await organizer.open(f"/cases/{case}")
    done = await organizer.submit(f"/cases/{case}/end", **fields)
    assert done.status_code == 303, done.text
    assert (await secretary.open(f"/cases/{case}/reopen")).status_code == 403


async def test_a_probationary_member_ends_only_by_death_or_error(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        case = await walked(county, "钱预备", "oath")
    page = (await secretary.open(f"/cases/{case}/end")).text
    assert 'value="withdrawn"' not in page
    fields = {**typed(page), "day": "2026-11-20", "note": "事实"}
    refused = await secretary.submit(f"/cases/{case}/end", **{**fields, "reason": "withdrawn"})
    assert refused.status_code == 422
    assert "现在的状态是“预备党员”" in refused.text
    done = await secretary.submit(f"/cases/{case}/end", **{**fields, "reason": "died"})
    assert done.status_code == 303, done.text
    assert await membership(county, case) == "probationary"
    assert (await secretary.open(f"/cases/{case}/reopen")).status_code == 403


async def test_the_same_by_the_api(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        case = await walked(county, "钱接口", "applicant-talk")

    async def send(path: str, **data: object) -> tuple[int, dict[str, object]]:
        answer = await secretary.post(
            f"/api/v1/cases/{case}{path}", json=data, headers={"x-csrftoken": secretary.token}
        )
        return answer.status_code, answer.json()

    talk = next(
        one
        for one in (await secretary.get(f"/api/v1/cases/{case}")).json()["entries"]
        if one["step"] == "applicant-talk"
    )
    change = {
        "entry": talk["id"],
        "day": "2025-03-11",
        "version": 2,
        "reason": "抄错",
        "evidence": talk["evidence"],
    }
    status, found = await send("/corrections/preview", **change)
    assert (status, found["agrees"], found["undone"]) == (200, "", []), found
    status, found = await send("/corrections", **change)
    assert (status, found["version"]) == (201, 3), found
    status, found = await send("/corrections", **{**change, "version": 3})
    assert (status, found["reasons"][0]["code"]) == (422, "step.same"), found  # type: ignore[index]
    status, found = await send("/end", reason="withdrawn", day="2026-11-20", version=3, note="本人申请")
    assert (status, found["status"]) == (201, "closed"), found
    status, found = await send("/records", step="activist-decision", day="2026-11-20", version=4, evidence={})
    assert status == 409
    status, found = await send("/reopening", version=4, note="本人要求")
    assert (status, found["status"]) == (201, "running"), found
