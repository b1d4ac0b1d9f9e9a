"""A record that was written down wrongly is put right, alone or with the consent of the level above."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tenants.database.session import county_session, current_session
from tests.web.cases.seed import applicant, do, opened, walked
from tests.web.conftest import Browser, Seeded

pytestmark = pytest.mark.anyio


async def entry(county: Seeded, case: UUID, step: str, kind: str = "record") -> UUID:
    """The newest entry of a step."""
    async with county_session(county.id):
        found: UUID = await current_session().fetchval(
            "select id from case_entry where case_id = $1 and step = $2 and kind = $3 order by seq desc limit 1",
            case, step, kind,
        )  # fmt: skip
        return found


def typed(page: str) -> dict[str, Any]:
    """What the form of a page says as it stands: every field that a browser would send."""
    form = page[page.index('class="form') :]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and (("checkbox" not in tag and "radio" not in tag) or " checked" in tag):
            found.setdefault(name[1], []).append(value[1] if value else "")
    return {name: value for name, value in found.items() if name not in ("_csrf_token", "_once")}


async def corrected(made: Browser, case: UUID, record: UUID, **fields: Any) -> Any:
    """Open the form, change these fields, look at what it changes, and confirm; the two answers."""
    path = f"/cases/{case}/entries/{record}/correct"
    form = typed((await made.open(path)).text)
    shown = await made.submit(path, **{**form, "reason": "抄错了日期", **fields})
    if shown.status_code != 200:
        return shown, shown
    return shown, await made.submit(path, **{**typed(shown.text), "reason": "抄错了日期"})


async def test_a_false_date_is_corrected_by_who_recorded_it_while_nothing_rests_on_it(
    secretary: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "郑改早"))
        await do(county, case, "applicant-talk", date(2025, 3, 20))
    talk = await entry(county, case, "applicant-talk")
    shown, done = await corrected(secretary, case, talk, day="2025-03-10")
    assert "按这样更正，其他环节不变。" in shown.text
    assert done.status_code == 303, done.text
    page = (await secretary.open(f"/cases/{case}/history")).text
    assert "更正了“谈话" in page or "更正了“" in page
    assert "已更正，以更正后的为准" in page
    assert "抄错了日期" in page
    answer = (await secretary.get(f"/api/v1/cases/{case}")).json()
    step = next(one for one in answer["steps"] if one["id"] == "applicant-talk")
    assert (step["state"], step["began"]) == ("done", "2025-03-10")


async def test_a_date_that_cannot_be_and_a_record_that_says_so_already_are_refused(
    secretary: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "郑改同"))
        await do(county, case, "applicant-talk", date(2025, 3, 20))
    talk = await entry(county, case, "applicant-talk")
    shown, _ = await corrected(secretary, case, talk)
    assert shown.status_code == 422
    assert "更正的内容和原来的记录相同" in shown.text
    shown, _ = await corrected(secretary, case, talk, day="2031-01-01")
    assert shown.status_code == 422
    shown, _ = await corrected(secretary, case, talk, day="2025-02-01")
    assert "早于递交入党申请的日期 2025-03-03" in shown.text


async def test_the_day_of_the_application_itself_can_be_earlier(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "郑申早"))
    application = await entry(county, case, "application")
    _, done = await corrected(secretary, case, application, day="2025-02-20")
    assert done.status_code == 303, done.text
    answer = (await secretary.get(f"/api/v1/cases/{case}")).json()
    assert answer["case"]["started"] == "2025-02-20"


async def test_where_later_steps_rest_on_it_the_level_above_agrees(
    secretary: Browser, committee: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        case = await walked(county, "郑上级", "activist-filing")
    decision = await entry(county, case, "activist-decision")
    shown, done = await corrected(secretary, case, decision, day="2025-06-10")
    assert "不再成立，须重新办理" in shown.text
    assert "须由基层党委同意" in shown.text
    assert done.status_code == 303, done.text
    # Nothing has changed yet; it waits on the workbench of the committee, and not on the branch's.
    request = await entry(county, case, "activist-decision", "correction-request")
    path = f"/cases/{case}/requests/{request}"
    assert f'href="{path}"' not in (await secretary.open("/")).text
    assert f'href="{path}">答复…</a>' in (await committee.open("/")).text
    own = await secretary.open(path)
    assert "由基层党委有审查职责的其他人员答复" in own.text
    refused = await secretary.submit(path, answer="granted", version="99")
    assert refused.status_code in (403, 409)
    again, _ = await corrected(secretary, case, decision, day="2025-06-11")
    again = await secretary.submit(
        f"/cases/{case}/entries/{decision}/correct", **{**typed(again.text), "reason": "再改"}
    )
    assert again.status_code == 409
    page = (await committee.open(path)).text
    assert "2025-05-20" in page
    assert "2025-06-10" in page
    assert "不再成立" in page
    done = await committee.submit(path, **{**typed(page), "answer": "granted"})
    assert done.status_code == 303, done.text
    states = {
        one["id"]: (one["state"], [found["code"] for found in one["findings"]])
        for one in (await committee.get(f"/api/v1/cases/{case}")).json()["steps"]
    }
    assert states["activist-decision"][0] == "done"
    assert states["activist-filing"] == ("failed", ["step.premature"])
    assert f'href="{path}"' not in (await committee.open("/")).text


async def test_a_request_is_refused_with_its_reason(
    secretary: Browser, committee: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        case = await walked(county, "郑不同", "activist-filing")
    decision = await entry(county, case, "activist-decision")
    await corrected(secretary, case, decision, day="2025-05-22")
    request = await entry(county, case, "activist-decision", "correction-request")
    path = f"/cases/{case}/requests/{request}"
    page = await committee.open(path)
    bare = await committee.submit(path, **{**typed(page.text), "answer": "refused"})
    assert bare.status_code == 422
    assert "不同意的原因" in bare.text
    done = await committee.submit(
        path, **{**typed(bare.text), "answer": "refused", "note": "会议记录写的是二十日"}
    )
    assert done.status_code == 303, done.text
    assert "会议记录写的是二十日" in (await secretary.open(f"/cases/{case}/history")).text
    twice = await committee.submit(path, **{**typed(page.text), "answer": "granted"})
    assert twice.status_code == 409


async def test_what_would_undo_an_approval_needs_the_department(
    secretary: Browser, organizer: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        case = await walked(county, "郑推翻", "admission-approval")
    meeting = await entry(county, case, "admission-meeting")
    votes = {"vote.eligible": "20", "vote.present": "18", "vote.for": "5", "vote.against": "13"}
    shown, done = await corrected(secretary, case, meeting, **votes)
    assert "须由县委组织部同意" in shown.text
    assert "人员类别由“预备党员”变为“发展对象”" in shown.text
    assert done.status_code == 303, done.text
    request = await entry(county, case, "admission-meeting", "correction-request")
    page = (await organizer.open(f"/cases/{case}/requests/{request}")).text
    done = await organizer.submit(f"/cases/{case}/requests/{request}", **{**typed(page), "answer": "granted"})
    assert done.status_code == 303, done.text
    async with county_session(county.id):
        assert await current_session().fetchval(
            "select p.membership from person p join case_file c on c.person_id = p.id where c.id = $1", case
        ) == "prospect"  # fmt: skip


async def test_papers_are_supplemented_and_nothing_else(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        case = await walked(county, "郑补充", "applicant-talk")
    path = f"/cases/{case}/record/applicant-talk"
    page = (await secretary.open(f"{path}?supplement=true")).text
    assert "补充“" in page
    assert 'name="talk.' not in page
    done = await secretary.submit(path, **{**typed(page), "day": "2026-11-20", "documents.*": "talk-record"})
    assert done.status_code == 303, done.text
    assert "补充了" in (await secretary.open(f"/cases/{case}/history")).text
