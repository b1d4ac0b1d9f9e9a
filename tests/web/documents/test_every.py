"""Every paper has its page, and says of itself what stands on it and how it can be altered."""

from __future__ import annotations

import re

from litestar import Litestar

from tests.floor import INSTALLED
from tests.web.conftest import Browser, Seeded, browser


async def test_every_paper_has_its_page_and_every_field_is_said_in_words(admin: Browser) -> None:
    listed = (await admin.open("/documents")).text
    rows = dict(re.findall(r'<a href="(/documents/[^"]+)">(.*?)</tr>', listed, re.S))
    papers = {
        f"/documents/{plugin}.{one.id}": one for plugin, found in INSTALLED.papers.items() for one in found
    }
    assert {*papers} <= {*rows}
    assert any(one.sealed for one in papers.values())
    for at, one in papers.items():
        answer = await admin.open(at)
        assert answer.status_code == 200, at
        page = answer.text
        assert f"<h1>{one.title}的模板</h1>" in page
        fields = dict(
            re.findall(
                r'<tr>\s*<th>(?:<code>)?([^<]+?)(?:</code>)?</th>\s*<td data-label="内容">(.*?)</td>',
                page,
                re.S,
            )
        )
        for name in one.fields:
            said = fields[name if one.sealed else "{{" + name + "}}"]
            assert re.search("[一-鿿]", said), (at, name)
            assert not re.search("[a-z]{3,}-[a-z]", said.split("。每行")[0]), (at, name, said)
        assert ("换成这个模板" in page) == (not one.sealed), at
        assert (f'href="{at}/template"' in page) == (not one.sealed), at
        assert ("各县一样，不换模板" in page) == one.sealed, at
        assert ("张贴出去的，只能写可以公开的内容" in page) == one.public, at
        assert ("PDF，不能换" in rows[at]) == one.sealed
        assert one.sealed or "原来的" in rows[at]
        template = await admin.get(f"{at}/template")
        assert template.status_code == (404 if one.sealed else 200), at
        if one.sealed:
            assert "没有可以换的模板" in template.text
            refused = await admin.post(
                at, data={"_csrf_token": admin.token}, files={"file": ("x.docx", b"PK")}
            )
            assert refused.status_code in (404, 409, 422), at


async def test_templates_are_the_departments(app: Litestar, secretary: Browser, county: Seeded) -> None:
    paper = next(
        f"{plugin}.{one.id}" for plugin, found in INSTALLED.papers.items() for one in found if not one.sealed
    )
    assert (await secretary.open("/documents")).status_code == 403
    assert (await secretary.open(f"/documents/{paper}")).status_code == 403
    async with browser(app) as made:
        await made.sign_in(county, "committee-organizer")
        assert (await made.open(f"/documents/{paper}")).status_code == 403
        await made.open("/units")
        assert (await made.submit(f"/documents/{paper}/original")).status_code == 403
