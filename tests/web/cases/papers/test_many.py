"""One paper for everybody in a list: as one document or a zip, made in the background; who has none is named."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from tenants.database.session import county_session
from tenants.exports.make import make_export
from tests.web.cases.papers.test_pages import DOCX, case, text_of
from tests.web.conftest import Browser, Seeded
from tests.web.working import work

pytestmark = pytest.mark.anyio
LIST = "/cases/papers?q=成批"


@pytest.fixture(autouse=True)
async def _nothing_asked(county: Seeded) -> None:
    async with county_session(county.id) as session:
        await session.execute("delete from export")
        await session.execute("delete from outbox")


async def made(
    who: Browser, county: Seeded, shape: str, paper: str = "national.activist-filing", path: str = LIST
) -> bytes:
    """Ask for it, have it made, fetch it."""
    page = await who.open(path)
    assert paper in page.text
    asked = {"paper": paper, "shape": shape, "purpose": "本月备案"}
    first = (await who.submit(path, **asked)).text
    assert "可以打印" in first
    assert (path != LIST) or "<li>成批丙：现在没有这份文书（环节没有开始，或者已经免办）。</li>" in first
    answer = await who.submit(path, **asked, shown=paper)
    assert answer.headers.get("location") == "/exports", answer.text
    await work(county, make_export)
    [address] = re.findall(r"/exports/[0-9a-f-]+/file", (await who.open("/exports")).text)
    fetched = await who.open(address)
    assert fetched.headers["content-type"] in (DOCX, "application/zip")
    return fetched.content


@pytest.fixture(scope="module")
async def three(county: Seeded) -> None:
    """Two who can have the report, and one for whom it is too early."""
    for name, through in (
        ("成批甲", "activist-filing"),
        ("成批㛃", "activist-filing"),
        ("成批丙", "applicant-talk"),
    ):
        await case(county, name, through)


async def test_a_zip_holds_a_file_for_each_and_says_who_has_none(
    secretary: Browser, county: Seeded, three: None
) -> None:
    with zipfile.ZipFile(io.BytesIO(await made(secretary, county, "zip"))) as packed:
        assert {*packed.namelist()} == {
            "入党积极分子备案报告-成批甲.docx", "入党积极分子备案报告-成批㛃.docx", "没有打印的人.txt", "生僻字.txt",
        }  # fmt: skip
        assert "关于确定成批甲同志" in text_of(packed.read("入党积极分子备案报告-成批甲.docx"))
        assert "成批丙：现在没有这份文书" in packed.read("没有打印的人.txt").decode()
        assert packed.read("生僻字.txt").decode() == "成批㛃：㛃（U+36C3）"
    async with county_session(county.id) as session:
        noted = await session.fetch(
            "select said from ledger_entry where verb = 'read.paper' and said like '%本月备案%'"
        )
        assert len(noted) == 2


async def test_one_document_holds_them_all(secretary: Browser, county: Seeded, three: None) -> None:
    said = text_of(await made(secretary, county, "one", path="/cases/papers?q=成批甲"))
    assert "关于确定成批甲同志" in said


async def test_several_in_one_document_stand_one_after_another(
    secretary: Browser, admin: Browser, county: Seeded
) -> None:
    for name in ("连排甲", "连排乙"):
        await case(county, name, "activist-filing")
    said = text_of(await made(secretary, county, "one", path="/cases/papers?q=连排"))
    assert [name for name in ("连排甲", "连排乙") if f"关于确定{name}同志" in said] == ["连排甲", "连排乙"]
    assert "《入党积极分子备案报告》，2 份" in (await admin.open("/accounts/log?kind=papers")).text


async def test_nobody_who_can_have_it_is_said(secretary: Browser, county: Seeded, three: None) -> None:
    await secretary.open(LIST)
    asked = {"paper": "national.conversion-approval", "shape": "zip", "purpose": "试一试"}
    told = (await secretary.submit(LIST, **asked)).text
    assert "名单中现在没有人可以打印这份文书" in told
    assert "看谁可以打印" in told
    async with county_session(county.id) as session:
        assert await session.fetchval("select count(*) from export") == 0


async def test_a_paper_that_there_is_not_is_refused(secretary: Browser, three: None) -> None:
    await secretary.open(LIST)
    answer = await secretary.submit(LIST, paper="national.nothing", shape="zip", purpose="试一试")
    assert answer.status_code == 422


async def test_who_may_not_print_cannot_ask(admin: Browser) -> None:
    assert (await admin.open(LIST)).status_code == 403
