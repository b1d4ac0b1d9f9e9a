"""文书: papers of a case through HTTP, read back as Word documents; who may print which, and what is noted."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from uuid import UUID, uuid4

import httpx
import pytest
from docx import Document
from docx.document import Document as Word
from litestar import Litestar
from pypdf import PdfReader

from tenants.database.session import county_session, current_session
from tests.web.cases.seed import walked
from tests.web.conftest import Browser, Seeded, browser

pytestmark = pytest.mark.anyio
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NOTICE = "national.prospect-notice"
FILING = "national.activist-filing"


def text_of(content: bytes) -> str:
    """All that stands in a PDF; or in a Word file: paragraphs, then tables, cells by tabs."""
    if content.startswith(b"%PDF"):
        return "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages)
    return "\n".join(_lines(Document(io.BytesIO(content))))


def _lines(word: Word) -> Iterator[str]:
    yield from (one.text for one in word.paragraphs)
    for table in word.tables:
        yield from ("\t".join(cell.text for cell in row.cells) for row in table.rows)


async def case(county: Seeded, name: str, through: str = "prospect-notice", unit: str = "东街支部") -> UUID:
    async with county_session(county.id):
        return await walked(county, name, through, unit)


async def print_(who: Browser, case_id: UUID, paper: str, **query: str) -> httpx.Response:
    return await who.open(f"/cases/{case_id}/papers/{paper}", params=query)


async def test_a_notice_says_who_and_its_reckoned_last_day(secretary: Browser, county: Seeded) -> None:
    """Posted on 2026-06-03, five workdays: 4, 5, 8, 9, 10 June (细则（2026）第十三条)."""
    one = await case(county, "公小示")
    page = await secretary.open(f"/cases/{one}/papers")
    address, *_ = re.findall(r'href="(/cases/[^"]+prospect-notice[^"]*)"', page.text)
    answer = await secretary.open(unescape(address))
    assert (answer.status_code, answer.headers["content-type"]) == (200, DOCX)
    said = text_of(answer.content)
    assert "公示期：5 个工作日，自2026年6月3日张贴之日的次日起计算，至2026年6月10日止。" in said
    assert "发展对象公示" in said
    assert "公小示" in said
    assert "城关镇东街支部" in said
    assert "1999年3月" in said
    assert "1999年3月2日" not in said


async def test_the_api_lists_papers_and_gives_one_out(
    secretary: Browser, county: Seeded, other_county: Seeded
) -> None:
    one, other = await case(county, "接小口"), await case(other_county, "外县接口")
    listed = (await secretary.open(f"/api/v1/cases/{one}/papers")).json()
    notice = next(paper for paper in listed if paper["id"] == NOTICE)
    assert (notice["step"], notice["by"], notice["mine"]) == ("prospect-notice", "branch", True)
    assert notice["lacks"] == {"学历": "党员名册没有登记"}
    answer = await secretary.open(f"/api/v1/cases/{one}/papers/{NOTICE}", params={"step": "prospect-notice"})
    assert "接小口" in text_of(answer.content)
    assert (await secretary.open(f"/api/v1/cases/{other}/papers")).status_code == 404
    assert (await secretary.open(f"/api/v1/cases/{other}/papers/{NOTICE}")).status_code == 404


async def test_the_record_of_a_step_leads_to_its_papers(secretary: Browser, county: Seeded) -> None:
    one = await case(county, "有去处", "prospect-consent")
    for path in (f"/cases/{one}/history", f"/cases/{one}/record/prospect-notice"):
        found = re.findall(rf'href="/cases/{one}/papers#(p-[a-z-]+)"', (await secretary.open(path)).text)
        assert found
        papers = (await secretary.open(f"/cases/{one}/papers")).text
        assert all(f'id="{anchor}"' in papers for anchor in found if anchor != "p-mentor-appointment")


async def test_a_notice_not_yet_posted_is_reckoned_from_the_day_it_bears(
    secretary: Browser, county: Seeded
) -> None:
    one = await case(county, "未张贴", "prospect-consent")
    said = text_of((await print_(secretary, one, NOTICE, step="prospect-notice", day="2026-11-23")).content)
    assert "自2026年11月23日张贴之日的次日起计算，至2026年11月30日止" in said


async def test_a_filing_report_leaves_a_line_where_nothing_is_known(
    secretary: Browser, county: Seeded
) -> None:
    one = await case(county, "备小案")
    said = text_of((await print_(secretary, one, FILING, step="activist-filing")).content)
    assert "关于确定备小案同志为入党积极分子的备案报告" in said
    assert "党支部于2025年5月20日研究" in said
    assert "汉族，1999年3月2日出生，＿＿＿＿＿＿＿＿，教师" in said
    page = await secretary.open(f"/cases/{one}/papers")
    assert 'title="党员名册没有登记">学历' in page.text


@pytest.mark.parametrize("name", ["㛃丽{{七*7}}", "王<w:p>伟&", "阿依古丽·买买提", "欧阳雨晴", "长" * 60])
async def test_whatever_a_name_holds_stands_there_as_it_is(
    secretary: Browser, county: Seeded, name: str
) -> None:
    one = await case(county, "改名", "activist-filing")
    async with county_session(county.id) as session:
        await session.execute(
            "update person set name = $2 where id = (select person_id from case_file where id = $1)",
            one,
            name,
        )
        await session.execute("update person set job = $2 where id = (select person_id from case_file where id = $1)",
                              one, "岗位{{ 姓名 }}<w:br/>" + "很长" * 5000)  # fmt: skip
    answer = await print_(secretary, one, FILING, step="activist-filing")
    assert f"关于确定{name}同志" in text_of(answer.content)
    assert "岗位{{ 姓名 }}<w:br/>很长" in text_of(answer.content)


async def test_rare_characters_are_named_before_anybody_prints(secretary: Browser, county: Seeded) -> None:
    one = await case(county, "㛃小丽", "activist-filing")
    page = await secretary.open(f"/cases/{one}/papers")
    assert "有常用字体里没有的字：㛃（U+36C3）" in page.text


async def test_what_is_printed_is_noted(secretary: Browser, admin: Browser, county: Seeded) -> None:
    one = await case(county, "留小痕")
    await print_(secretary, one, NOTICE, step="prospect-notice")
    async with county_session(county.id):
        row = await current_session().fetchrow(
            "select verb, said::json ->> 'purpose' from ledger_entry where verb = 'read.paper'"
            " and subject_id = (select person_id from case_file where id = $1)", one,
        )  # fmt: skip
    assert row is not None
    assert tuple(row) == ("read.paper", "打印《发展对象公示》")
    assert "打印文书（东街支部）：《发展对象公示》" in (await admin.open("/accounts/log?kind=papers")).text


async def test_who_may_not_print_is_told_so_and_has_no_button(app: Litestar, county: Seeded) -> None:
    one = await case(county, "只能看")
    async with browser(app) as inspector:
        await inspector.sign_in(county, "inspector")
        assert f"/cases/{one}/papers" not in (await inspector.open(f"/cases/{one}")).text
        assert (await inspector.open(f"/cases/{one}/papers")).status_code == 403
        assert (await print_(inspector, one, NOTICE, step="prospect-notice")).status_code == 403


async def test_what_is_not_there_is_not_found(
    app: Litestar, secretary: Browser, county: Seeded, other_county: Seeded
) -> None:
    """A step that is not reached, a paper that nobody brings, a case of another branch or county, a day that is none."""
    one, elsewhere = (
        await case(county, "尚早", "activist-filing"),
        await case(county, "外支部", unit="上河支部"),
    )
    other = await case(other_county, "外县人")
    assert (await print_(secretary, one, NOTICE, step="prospect-notice")).status_code == 404
    assert (await print_(secretary, one, "national.nothing", step="activist-filing")).status_code == 404
    for each in (elsewhere, other, uuid4()):
        assert (await print_(secretary, each, FILING, step="activist-filing")).status_code == 404
        assert (await secretary.open(f"/cases/{each}/papers")).status_code == 404
    for day in ("2026-02-30", "1900-01-01", "明天"):
        refused = await print_(secretary, one, FILING, step="activist-filing", day=day)
        assert refused.status_code in (400, 422)
        assert f"文书的日期“{day}”不能用" in refused.text


async def test_the_bound_file_holds_every_record_and_what_was_put_right(
    secretary: Browser, county: Seeded
) -> None:
    one = await case(county, "整小卷", "cultivation")
    async with county_session(county.id):
        entry = await current_session().fetchval(
            "select id from case_entry where case_id = $1 and step = 'applicant-talk'", one
        )
        await current_session().execute(
            "insert into case_entry (case_id, seq, kind, step, day, entered, evidence, note, level, by_id, by_name, about)"
            " select case_id, 99, 'correction', step, '2025-03-18', '2026-11-20', evidence, '抄错了日期', level, by_id,"
            " '李改', id"
            " from case_entry where id = $1", entry,
        )  # fmt: skip
    said = text_of((await print_(secretary, one, "national.bound-file")).content)
    assert "整小卷同志发展党员档案" in said
    assert "现在的阶段：发展对象　　人员类别：入党积极分子" in said
    for title in (
        "递交入党申请书",
        "党组织派人谈话",
        "推荐和确定入党积极分子",
        "指定培养联系人",
        "报上级党委备案",
        "培养教育考察",
    ):
        assert title in said
    assert "2025-03-18\t党组织派人谈话" in said
    assert "已更正（原记 2025-03-20）" in said
    assert "抄错了日期" in said


async def test_a_meetings_papers_say_its_figures_and_name_no_voter(
    secretary: Browser, county: Seeded
) -> None:
    one = await case(county, "表小决", "admission-meeting")
    step = "admission-meeting"
    minutes = text_of((await print_(secretary, one, "national.meeting-minutes", step=step)).content)
    figures = re.findall(r"应到有表决权的党员\t(\d+)\t实到有表决权的党员\t(\d+)", minutes)
    assert figures
    assert "采取无记名投票：是。" in minutes
    assert "入党介绍人：党员甲、党员乙" in minutes
    resolution = text_of((await print_(secretary, one, "national.resolution", step=step)).content)
    assert "支部大会关于接收表小决同志为预备党员的决议" in resolution
    assert f"应到会有表决权的党员 {figures[0][0]} 名" in resolution
    ballot = await print_(secretary, one, "national.ballot", step=step)
    assert ballot.headers["content-type"] == "application/pdf", "what nobody alters"
    assert text_of(ballot.content).count("本票不记名") == text_of(ballot.content).count("表小决") == 4
    assert "李桂兰" not in text_of(ballot.content)


async def test_a_level_prints_its_own_papers_and_those_below(
    app: Litestar, secretary: Browser, county: Seeded
) -> None:
    one = await case(county, "分小级", "admission-approval")
    step, paper = "admission-approval", "national.admission-approval"
    refused = await print_(secretary, one, paper, step=step)
    assert refused.status_code == 403
    assert "由基层党委出具，您在这里的职务不能打印" in refused.text
    async with browser(app) as committee:
        await committee.sign_in(county, "committee-organizer")
        said = text_of((await print_(committee, one, paper, step=step)).content)
        assert "预备期：自2026年7月16日起，至2027年7月16日止" in said
        assert "意见：同意" in said
        assert (await print_(committee, one, FILING, step="activist-filing")).status_code == 200


async def test_all_papers_of_a_stage_come_in_a_zip(secretary: Browser, county: Seeded) -> None:
    one = await case(county, "成小套", "prospect-notice")
    answer = await secretary.open(f"/cases/{one}/papers/set", params={"stage": "prospect"})
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        names = packed.namelist()
        assert any("发展对象公示" in name for name in names)
        assert not any("批复" in name for name in names)
        assert all("成小套" in text_of(packed.read(name)) for name in names)
    assert (
        await secretary.open(f"/cases/{one}/papers/set", params={"stage": "conversion"})
    ).status_code == 404
