"""文书模板: a county puts its own in the place of the floor's; whatever is no template, or reaches beyond itself, is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import httpx
import pytest
from litestar import Litestar

from core.apart import Limits
from core.documents import check
from tenants.database.session import county_session
from tests.floor import INSTALLED
from tests.web.cases.papers.test_pages import FILING, case, print_, text_of
from tests.web.conftest import Browser, Seeded, browser

pytestmark = pytest.mark.anyio
PAGE = f"/documents/{FILING}"
PAPER = next(one for one in INSTALLED.papers["national"] if one.id == "activist-filing")
BODY, RELS = "word/document.xml", "word/_rels/document.xml.rels"
BY_NAME = '<w:t xml:space="preserve">{{上级党委}}：</w:t>'


def changed(
    parts: Mapping[str, tuple[str, str]] | None = None, more: Mapping[str, str] | None = None
) -> bytes:
    """The floor's template with parts altered (old, new) and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PAPER.content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            before, after = (parts or {}).get(name, ("", ""))
            assert before in text
            new.writestr(name, text.replace(before, after, 1) if before else text)
        for name, text in (more or {}).items():
            new.writestr(name, text)
    return out.getvalue()


def saying(text: str) -> bytes:
    """The floor's template with something else in one place."""
    return changed({BODY: (BY_NAME, f'<w:t xml:space="preserve">{text}</w:t>')})


def linking(kind: str) -> bytes:
    """The floor's template with a link to a file elsewhere."""
    link = f'<Relationship Id="rIdX" Type="http://x/{kind}" Target="http://example.net/x" TargetMode="External"/>'
    return changed({RELS: ("</Relationships>", f"{link}</Relationships>")})


async def upload(
    who: Browser, content: bytes, name: str = "备案报告.docx", path: str = PAGE
) -> httpx.Response:
    await who.open(path)
    return await who.post(path, data={"_csrf_token": who.token}, files={"file": (name, content)})


@pytest.fixture(autouse=True)
async def _nothing_replaced(county: Seeded, other_county: Seeded) -> None:
    for one in (county, other_county):
        async with county_session(one.id) as session:
            await session.execute("delete from paper_template")


async def test_the_page_lists_every_paper_and_what_its_template_can_say(admin: Browser) -> None:
    listed = await admin.open("/documents")
    assert f'href="{PAGE}">入党积极分子备案报告' in listed.text
    page = await admin.open(PAGE)
    for said in ("{{姓名}}", "{{培养联系人}}", "“递交入党申请书”办理的日期", "入党积极分子"):
        assert said in page.text
    bound = await admin.open("/documents/national.bound-file")
    assert "{%tr for 行 in 全部记录 %}" in bound.text
    assert "{{行.说明}}" in bound.text


async def test_a_countys_own_template_is_used_until_it_is_put_back(
    admin: Browser, secretary: Browser, county: Seeded
) -> None:
    one = await case(county, "换小样", "activist-filing")
    template = await admin.open(f"{PAGE}/template")
    assert template.content == PAPER.content
    answer = await upload(admin, saying("致东河县城关镇的同志：{{上级党委}}"))
    assert answer.status_code == 303, answer.text
    assert "现在用的是本县的模板“备案报告.docx”，组织部管理员" in (await admin.open(PAGE)).text
    said = text_of((await print_(secretary, one, FILING, step="activist-filing")).content)
    assert "致东河县城关镇的同志：城关镇党委" in said
    preview = text_of((await admin.open(f"{PAGE}/preview")).content)
    assert "致东河县城关镇的同志：〔上级党委〕" in preview
    await admin.open(PAGE)
    assert (await admin.submit(f"{PAGE}/original")).status_code == 303
    said = text_of((await print_(secretary, one, FILING, step="activist-filing")).content)
    assert "致东河县" not in said
    log = (await admin.open("/accounts/log?kind=papers")).text
    assert "更换文书模板：《入党积极分子备案报告》" in log
    assert "换回原来的文书模板：《入党积极分子备案报告》" in log


async def test_one_county_never_has_anothers_template(
    app: Litestar, admin: Browser, county: Seeded, other_county: Seeded
) -> None:
    await upload(admin, saying("本县自己的样式"))
    async with browser(app) as other:
        await other.sign_in(other_county, "department-admin")
        assert "现在用的是原来的模板" in (await other.open(PAGE)).text
        assert (await other.open(f"{PAGE}/template")).content == PAPER.content
        assert (await other.submit(f"{PAGE}/original")).status_code == 404
    assert "备案报告.docx" in (await admin.open(PAGE)).text


MACROS = changed({"[Content_Types].xml": ("document.main+xml", "document.macroEnabled.main+xml")})
FETCHING = '</w:t></w:r><w:r><w:instrText>INCLUDETEXT "http://example.net/x"</w:instrText></w:r><w:r><w:t>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not a document", "不是 Word 文档（.docx），或者带有宏"),
        (MACROS, "不是 Word 文档（.docx），或者带有宏"),
        (changed(more={"word/embeddings/oleObject1.bin": "x"}), "嵌入的对象"),
        (changed(more={"word/afchunk.html": "x"}), "嵌入的对象"),
        (linking("attachedTemplate"), "引用外部文件的链接"),
        (linking("image"), "引用外部文件的链接"),
        (saying(FETCHING), "会取用外部内容的域"),
        (saying("{{上级党萎}}"), "“上级党萎”，是不是“上级党委”"),
        (saying("{{身份证号码}}"), "“身份证号码”"),
        (saying("{{上级党委"), "写得不对"),
        (saying("{{上级党委.__class__.__mro__}}"), "写得不对"),
        (saying("{% for 行 in [1]|map(attribute='__class__') %}{{行}}{% endfor %}"), "写得不对"),
        (saying("{{cycler.__init__.__globals__}}"), "没有的字段：“cycler”"),
        (saying("{{ 1 / 0 }}"), "写得不对"),
        (saying("{% for a in range(999999999) %}{% endfor %}"), "没有的字段：“range”"),
        (saying("{{ 'x' * 9999999999999 }}"), "太复杂，没有读完"),
        (saying("{% include '/etc/passwd' %}"), "写得不对"),
        (b"x" * (check.LARGEST + 1), "超过 1 MB"),
    ],
)  # fmt: skip
async def test_what_is_no_template_or_reaches_beyond_itself_is_refused(
    admin: Browser, content: bytes, said: str
) -> None:
    answer = await upload(admin, content)
    assert answer.status_code == 422
    assert said in answer.text
    assert "现在用的是原来的模板" in answer.text


async def test_a_template_that_never_ends_is_ended(admin: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "LIMITS", Limits(memory=512 << 20, seconds=2, wall=20, answer=4 << 20))
    loop = "{% for a in 'x' * 99999 %}{% for b in 'x' * 99999 %}{% endfor %}{% endfor %}"
    answer = await upload(admin, saying(loop))
    assert answer.status_code == 422
    assert "太复杂，没有读完" in answer.text


async def test_only_who_may_replaces_them(secretary: Browser, organizer: Browser) -> None:
    for who in (secretary, organizer):
        assert (await who.open("/documents")).status_code == 403
        assert (await who.open(PAGE)).status_code == 403
        assert (await who.open(f"{PAGE}/template")).status_code == 403
        answer = await who.post(
            PAGE, data={"_csrf_token": who.token}, files={"file": ("x.docx", PAPER.content)}
        )
        assert answer.status_code == 403


async def test_a_paper_that_there_is_not_is_not_found(admin: Browser) -> None:
    for path in ("/documents/national.nothing", "/documents/nothing", "/documents/national.nothing/preview"):
        assert (await admin.open(path)).status_code == 404
