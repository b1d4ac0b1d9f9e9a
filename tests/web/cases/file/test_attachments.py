"""Attachments: taken in with a record, sent only to those who may see the case."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import httpx
from litestar import Litestar

from core.files.kinds import LARGEST
from tenants.database.session import county_session, current_session
from tests.web.cases.seed import applicant, opened
from tests.web.conftest import Browser, Seeded, browser

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TALK = {
    "talk.with": "applicant",
    "documents.*": "talk-record-five-points",
    "day": "2026-11-12",
    "as": "branch",
    "version": "1",
}


async def fresh(county: Seeded, name: str, unit: str = "东街支部") -> UUID:
    """A case with its application only."""
    async with county_session(county.id):
        return await opened(county, await applicant(county, name, unit), date(2026, 11, 2))


async def upload(made: Browser, path: str, files: list[tuple[str, bytes]], **fields: str) -> httpx.Response:
    """POST a form with files."""
    sent = [("attachments", (name, content, "application/octet-stream")) for name, content in files]
    return await made.post(path, data={"_csrf_token": made.token, **fields}, files=sent)


async def attachments(county: Seeded, case: UUID) -> list[tuple[UUID, str]]:
    """What the case has."""
    async with county_session(county.id):
        rows = await current_session().fetch(
            "select id, name from attachment where case_id = $1 order by id", case
        )
    return [(row["id"], row["name"]) for row in rows]


async def test_an_attachment_comes_with_its_record_and_is_sent_back_whole(
    secretary: Browser, county: Seeded
) -> None:
    case = await fresh(county, "甘露")
    path = f"/cases/{case}/record/applicant-talk"
    answer = await upload(secretary, path, [("谈话记录.pdf", PDF), ("附页.pdf", PDF + b"2")], **TALK)
    assert answer.status_code == 303, answer.text
    [(first, name), (_, _)] = await attachments(county, case)
    assert name == "谈话记录.pdf"
    history = await secretary.open(f"/cases/{case}/history")
    assert f"/cases/{case}/attachments/{first}" in history.text
    for api in ("", "/api/v1"):
        sent = await secretary.get(f"{api}/cases/{case}/attachments/{first}")
        assert (sent.status_code, sent.content) == (200, PDF)
        assert sent.headers["content-disposition"].startswith("attachment")
        assert sent.headers["x-content-type-options"] == "nosniff"
        assert sent.headers["cache-control"] == "no-store"
    other = await fresh(county, "甘霖")
    assert (await secretary.get(f"/cases/{other}/attachments/{first}")).status_code == 404


async def test_a_wrong_kind_is_refused_and_nothing_is_written(secretary: Browser, county: Seeded) -> None:
    case = await fresh(county, "葛亮")
    path = f"/cases/{case}/record/applicant-talk"
    answer = await upload(secretary, path, [("好.pdf", PDF), ("工具.exe", b"MZ\x90")], note="留着", **TALK)
    assert answer.status_code == 422
    assert (
        "“工具.exe”这种文件不能上传。可以上传 PDF、DOCX、XLSX、OFD、DOC、WPS 文件和 "
        "JPG、PNG、HEIC、TIF、WEBP 图片，每个不超过 20 MB。" in answer.text
    )
    assert "留着" in answer.text
    answer = await upload(secretary, path, [("假的.pdf", b"MZ\x90\x00 not a pdf")], **TALK)
    assert "“假的.pdf”的内容不是 PDF 文件，可能是改了扩展名或已经损坏。" in answer.text
    assert await attachments(county, case) == []


async def test_a_refused_form_keeps_its_files(secretary: Browser, committee: Browser, county: Seeded) -> None:
    case = await fresh(county, "葛存")
    path = f"/cases/{case}/record/applicant-talk"
    two = [("好.pdf", PDF + b"3"), ("多余.pdf", PDF + b"4"), ("工具.exe", b"MZ\x90")]
    refused = await upload(secretary, path, two, **TALK)
    slips = re.findall(r'name="held" value="([^"]+)" checked><span>([^<]+)<', refused.text)
    assert [name for _, name in slips] == ["好.pdf", "多余.pdf"]
    await committee.open(f"/cases/{case}")
    foreign = await upload(committee, f"/cases/{case}/notes", [], note="别人的", held=slips[0][0])
    assert (foreign.status_code, "请重新选择" in foreign.text) == (422, True), "it is his alone"
    done = await upload(secretary, path, [("又一份.pdf", PDF + b"5")], **TALK, held=slips[0][0])
    assert done.status_code == 303, done.text
    assert [name for _, name in await attachments(county, case)] == ["好.pdf", "又一份.pdf"]


async def test_a_file_that_is_too_big_is_refused(secretary: Browser, county: Seeded) -> None:
    case = await fresh(county, "巩固")
    path = f"/cases/{case}/record/applicant-talk"
    answer = await upload(secretary, path, [("大.pdf", PDF + b"0" * LARGEST)], **TALK)
    assert answer.status_code == 422
    assert "“大.pdf”超过 20 MB。" in answer.text


async def test_another_branch_does_not_get_it(app: Litestar, county: Seeded) -> None:
    case = await fresh(county, "古月", "上河支部")
    async with browser(app) as organizer:
        await organizer.sign_in(county, "department-organizer")
        await organizer.open(f"/cases/{case}/history")
        answer = await upload(organizer, f"/cases/{case}/notes", [("函.pdf", PDF)], note="存档")
        assert answer.status_code == 303, answer.text
        [(kept, _)] = await attachments(county, case)
        assert (await organizer.get(f"/cases/{case}/attachments/{kept}")).status_code == 200
    async with browser(app) as secretary:
        await secretary.sign_in(county, "branch-secretary")
        assert (await secretary.get(f"/cases/{case}/attachments/{kept}")).status_code == 404
