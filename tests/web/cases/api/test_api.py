"""The same by the API: list, detail with findings and citations, open, record, return, facts, attachments."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest
from litestar import Litestar

from tenants.database.session import county_session
from tests.web.cases.seed import applicant, do, opened, walked
from tests.web.conftest import Browser, Seeded, browser

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TALK = {"talk": {"with": ["applicant"], "by": []}, "documents": ["talk-record-five-points"]}


async def send(made: Browser, path: str, **data: Any) -> httpx.Response:
    """POST JSON."""
    return await made.post(f"/api/v1{path}", json=data, headers={"x-csrftoken": made.token})


async def test_open_record_return_and_facts(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        person = await applicant(county, "简言")
    answer = await send(
        secretary,
        "/cases",
        person_id=str(person),
        day="2026-11-02",
        evidence={"documents": ["application-letter"]},
    )
    assert answer.status_code == 201, answer.text
    case = answer.json()["case_id"]
    answer = await send(
        secretary, f"/cases/{case}/records", step="applicant-talk", day="2026-11-12", version=1, evidence=TALK
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["open_steps"] == ["activist-decision"]
    answer = await send(secretary, f"/cases/{case}/facts", day="2026-11-15", version=2, tags=["rural"])
    assert answer.json()["version"] == 3
    answer = await send(
        secretary, f"/cases/{case}/returns", step="applicant-talk", day="2026-11-20", version=3, reason="重谈"
    )
    assert answer.json()["open_steps"] == ["applicant-talk"]
    answer = await send(secretary, f"/cases/{case}/notes", text="补充说明")
    assert answer.status_code == 201
    found = (await secretary.get(f"/api/v1/cases/{case}")).json()
    assert (found["version"], found["membership"], found["tags"]) == (5, "applicant", ["rural"])
    assert [entry["kind"] for entry in found["entries"]] == ["record", "record", "facts", "return", "note"]


async def test_the_detail_explains_every_finding(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        case = await walked(county, "江月", "prospect-consent")
    found = (await secretary.get(f"/api/v1/cases/{case}")).json()
    [notice] = [step for step in found["steps"] if step["id"] == "prospect-notice"]
    assert (notice["state"], notice["waits_for"]) == ("open", ["branch"])
    missing = next(one for one in notice["findings"] if one["code"] == "notice.missing")
    assert missing["sentence"] == "还没有公示。请张贴后记录地点和渠道。"
    assert missing["citations"][0]["clause"] == "第十三条"
    assert any(line["text"] == "公示不少于 5 个工作日" for line in notice["requirements"])
    form = (await secretary.get(f"/api/v1/cases/{case}/steps/prospect-notice")).json()
    assert form["version"] == found["version"]
    assert {field["name"] for section in form["sections"] for field in section["fields"]} >= {"notice.places"}


async def test_refusals_are_problems_with_reasons(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "靳东"), date(2026, 11, 2))
    path = f"/cases/{case}/records"
    answer = await send(secretary, path, step="activist-decision", day="2026-11-12", version=1, evidence={})
    assert (answer.status_code, answer.json()["code"]) == (422, "refused")
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["reasons"][0]["code"] == "step.blocked"
    assert answer.json()["reasons"][0]["citations"]
    answer = await send(secretary, path, step="applicant-talk", day="2026-11-12", version=7, evidence=TALK)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    answer = await send(
        secretary, path, step="applicant-talk", day="2026-11-12", version=1, evidence={"talk": {"mit": []}}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "evidence")
    answer = await send(secretary, path, step="coronation", day="2026-11-12", version=1)
    assert answer.status_code == 422


async def test_lists_counts_work_and_events(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        await opened(county, await applicant(county, "康宁"), date(2026, 10, 12))
    found = (await secretary.get("/api/v1/cases?q=kangning")).json()
    assert [line["person_name"] for line in found["items"]] == ["康宁"]
    assert found["next"] is None
    assert (await secretary.get("/api/v1/cases/counts")).json()["counts"]["running"]["application"] >= 1
    work = (await secretary.get("/api/v1/cases/work")).json()
    assert work["tasks"]["overdue"][0]["line"]["next_due"] == "2026-11-12"
    assert (work["totals"]["overdue"], work["numbers"]["overdue"]) == (1, 1)
    events = (await secretary.get("/api/v1/cases/events")).json()["items"]
    assert events[0]["kind"] == "opened"


async def test_attachments_by_the_api(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "孔明"), date(2026, 11, 2))
    headers = {"x-csrftoken": secretary.token}
    path = f"/api/v1/cases/{case}/attachments"
    answer = await secretary.post(path, files={"file": ("记录.pdf", PDF)}, headers=headers)
    assert answer.status_code == 201, answer.text
    kept = answer.json()["id"]
    answer = await send(
        secretary, f"/cases/{case}/records", step="applicant-talk", day="2026-11-12", version=1, evidence=TALK, attachments=[kept]
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    assert (await secretary.get(f"{path}/{kept}")).content == PDF
    assert (await secretary.post(path, headers=headers)).status_code == 422
    assert (await secretary.post(path, files={"file": ("a.exe", b"MZ")}, headers=headers)).json()[
        "code"
    ] == "file-kind"


@pytest.mark.parametrize("ending", ["", "/steps/applicant-talk"])
async def test_another_county_s_case_does_not_exist(
    app: Litestar, county: Seeded, other_county: Seeded, ending: str
) -> None:
    async with county_session(county.id):
        case = await opened(county, await applicant(county, f"寇准{len(ending)}"), date(2026, 11, 2))
    async with browser(app) as other:
        await other.sign_in(other_county, "department-organizer")
        assert (await other.get(f"/api/v1/cases/{case}{ending}")).status_code == 404
        data = {"step": "applicant-talk", "day": "2026-11-12", "version": 1, "evidence": TALK}
        assert (await send(other, f"/cases/{case}/records", **data)).status_code == 404
        for page in ("", "/history", "/record", "/record/applicant-talk", "/return", "/facts"):
            assert (await other.open(f"/cases/{case}{page}")).status_code == 404, page
        assert (
            await other.submit(f"/cases/{case}/record/applicant-talk", day="2026-11-12")
        ).status_code == 404


async def test_the_schema_describes_it(secretary: Browser) -> None:
    paths = (await secretary.get("/api/v1/openapi.json")).json()["paths"]
    assert {"/api/v1/cases", "/api/v1/cases/{case_id}", "/api/v1/cases/{case_id}/records"} <= paths.keys()


async def test_a_session_of_nobody_gets_401(client: Browser, county: Seeded) -> None:
    assert (await client.get("/api/v1/cases")).status_code == 401


async def test_the_newest_word_counts_for_both(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "匡衡"), date(2026, 11, 2))
        await do(county, case, "applicant-talk", date(2026, 11, 5))
    answer = await send(
        secretary, f"/cases/{case}/records", step="applicant-talk", day="2026-11-12", version=1, evidence=TALK
    )
    assert answer.status_code == 409
    assert answer.json()["changes"] == ["李桂兰（党支部）记录了“党组织派人谈话”，2026-11-05。"]
