"""A county's own supplement: put together, saved, previewed, adopted, changed; what nobody may do with it."""

from __future__ import annotations

import re
from datetime import date

import httpx
from litestar import Litestar

from tenants.database.session import county_session
from tenants.policies.changes import Adopt, Choice
from tenants.policies.service import apply
from tests.web.conftest import TODAY, Browser, Seeded, browser, everything
from tests.web.policies.forms import confirm, forms, send
from tests.web.policies.seed import case_after

PAGE = "/policies/supplement"
BOMB = 'a: &a ["x","x"]\n' + "".join(
    f"{two}: &{two} [{','.join([f'*{one}'] * 9)}]\n" for one, two in ("ab", "bc", "cd")
)


def typed(answer: httpx.Response) -> str:
    """The text in the editor."""
    found = re.search(r'<textarea[^>]*name="text"[^>]*>(.*?)</textarea>', answer.text, re.DOTALL)
    assert found is not None, answer.text
    return found[1].replace("&#34;", '"').replace("&gt;", ">").replace("&lt;", "<").lstrip("\n")


async def test_a_supplement_is_written_previewed_adopted_and_changed(
    app: Litestar, admin: Browser, committee: Browser, organizer: Browser, county: Seeded, other_county: Seeded
) -> None:  # fmt: skip
    await case_after(county, "东街支部", "补一", "prospect-consent", date(2026, 10, 8))
    assert (await committee.open(PAGE)).status_code == 403
    page = await admin.open(PAGE)
    text = typed(page)
    picked = await admin.submit(PAGE, do="pick", text=text, step="admission/prospect-notice", facet="notice")
    assert "公示天数" in picked.text
    rule = {"step": "admission/prospect-notice", "facet": "notice", "text": text}
    lacking = await admin.submit(PAGE, do="add", **rule)
    assert (lacking.status_code, "没有写要求什么" in lacking.text) == (422, True)
    said = {"rule-title": "公示九天", "source": '东委"办"〔2026〕7 号', "year": "2026", "clause": "第三条"}
    added = await admin.submit(
        PAGE, do="add", **rule, **said, **{"p-days": "９", "new-channels": "院坝会", "version": "0"}
    )
    assert "已加进文本，还没有保存。" in added.text
    text = typed(added)
    assert 'notice: {days: 9, channels: ["own-term-1"]}' in text
    checked = await admin.submit(PAGE, do="check", text=text)
    assert "写法没有问题：1 条规则" in checked.text, checked.text
    mild = await admin.submit(PAGE, do="check", text=text.replace("days: 9", "days: 3"))
    assert "（公示不少于 3 天）已含于国家规定的规定" in mild.text, (
        "what changes nothing is said before it is saved"
    )
    late = text.replace("notice: {days: 9", "timing: {due: {cultivation: {days: 2}}}\n    notice: {days: 9")
    for do in ("check", "save"):
        refused = await admin.submit(PAGE, do=do, text=late, note="试试", version="0")
        assert refused.status_code == 422
        assert re.search(
            r"补充规定 第 \d+ 行：规则 [a-z0-9.-]+ 的 timing、notice：“发展对象公示”来不及", refused.text
        )
    saved = await admin.submit(PAGE, do="save", text=text, note="县委常委会会议纪要", version="0")
    assert saved.status_code == 303, saved.text
    again = await admin.submit(PAGE, do="save", text=text + "\n", note="又一次", version="0")
    assert (again.status_code, "别人又保存了补充规定" in again.text) == (409, True)

    page = await admin.open(PAGE)
    adopting = re.search(r'href="(/policies/supplement-[0-9a-f]+)\?([^"]*text=[^"]*)"', page.text)
    assert adopting is not None, page.text
    path, asked = adopting[1], adopting[2].replace("&amp;", "&")
    shown = await admin.open(f"{path}?{asked}")
    assert "公示九天" in shown.text
    assert "没有执行" in page.text
    previewed = await send(admin, f"{path}/preview", forms(shown)[f"{path}/preview"])
    assert "院坝会" in previewed.text
    assert "1 件现在照常办、以后的环节按新的设定办" in previewed.text
    done = await confirm(admin, path.removeprefix("/policies/"), previewed)
    assert done.status_code == 303, done.text
    assert "院坝会" in (await organizer.open("/policies/effective")).text
    async with browser(app) as strange:
        await strange.sign_in(other_county, "department-admin")
        assert (await strange.open(f"{path}?{asked.split('&')[-1]}")).status_code == 404
        assert (await strange.open(f"{PAGE}/text?number=1")).status_code == 404
    rehearsed = await admin.open("/policies/rehearse")
    assert f'value="{path.removeprefix("/policies/")}"' in rehearsed.text
    script = "title: 九天\nscript:\n  - {day: 2026-06-01, expect: {plan: admission-plan, rule: []}}\n"
    played = await admin.submit(
        "/policies/rehearse", unit=str(county.units["组织部"].id), text=script, which="picked",
        plugin=path.removeprefix("/policies/"),
    )  # fmt: skip
    assert played.status_code == 200, played.text

    # The next text sets a figure; another practice forbids any: people are told, with both sources.
    more = text.replace("terms:\n", "terms:\n  plan: {admission-plan: 发展党员年度计划}\n").rstrip("\n") + (
        "\n  - {id: own.women, title: 女性比例, plan: admission-plan, figures: [女性不少于 40%],"
        " cite: {source: doc-1, clause: 第四条}}\n"
    )
    saved = await admin.submit(PAGE, do="save", text=more, note="增加女性比例", version="1")
    assert saved.status_code == 303, saved.text
    assert "<ins>" in (await admin.open(f"{PAGE}/text?number=2")).text
    adopting = re.search(rf'href="{path}\?([^"]*activation=[^"]*)"', (await admin.open(PAGE)).text)
    assert adopting is not None
    shown = await admin.open(f"{path}?{adopting[1].replace('&amp;', '&')}")
    previewed = await send(admin, f"{path}/preview", forms(shown)[f"{path}/preview"])
    assert (await confirm(admin, path.removeprefix("/policies/"), previewed)).status_code == 303
    async with county_session(county.id):
        change = Adopt(plugin="sixteen-character", since=TODAY, choice=Choice(basis="县委会议纪要"))
        await apply(everything(), county.units["组织部"].id, change, TODAY)
    drawn = await organizer.submit(
        "/plans/draw", unit=str(county.units["组织部"].id), plan="admission-plan", year="2026", total="30"
    )
    assert drawn.status_code == 303, drawn.text
    page = await organizer.open(drawn.headers["location"])
    assert "规定相互矛盾，请研究裁定" in page.text
    assert "女性比例" in page.text
    assert "第四条" in page.text
    assert "实践党员发展的“十六字”方针" in page.text


async def test_what_cannot_be_read_is_refused_in_its_own_words(admin: Browser, county: Seeded) -> None:
    text = typed(await admin.open(PAGE))
    for wrong, why in (
        (BOMB + text, ""),
        ("x" * 40_001, "最多 40000 个字"),
        (text.replace("plugin: ", "plugin: x"), "请不要改动"),
        (text.replace("notice: {days: 9", "notice: {days: 99999"), "days"),
        ("[" * 5000, ""),
    ):
        answer = await admin.submit(PAGE, do="check", text=wrong)
        assert (answer.status_code, "没有保存" in answer.text) == (422, True)
        assert why in answer.text
    rule = {
        "step": "admission/prospect-notice",
        "facet": "notice",
        "p-days": "9",
        "rule-title": "甲",
        "source": "乙",
    }
    many = f"{text}#  own.rule-{'9' * 5000}\n"
    assert (await admin.submit(PAGE, do="add", text=many, clause="丙", **rule)).status_code == 200
    assert (await admin.open(f"{PAGE}/text?number={'9' * 30}")).status_code == 400
