"""Headings and words that only the county knows: explained once by hand, used from then on, forgotten on demand."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from core.changes.roster import apply, read
from tenants.database.session import county_session, current_session
from tenants.policies.regimes import regime_of_path
from tests.web.conftest import TODAY, Browser, Seeded

ODD = ("同志", "证号", "类", "何处", "文化")
"""None of these headings is known to anybody."""


def workbook(*rows: Sequence[str], headings: Sequence[str] = ODD) -> bytes:
    """A roster under these headings."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (headings, *rows):
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def read_again(county: Seeded, address: str) -> None:
    """What the worker's task does."""
    async with county_session(county.id):
        await read(address.rsplit("/", 1)[1], TODAY)  # type: ignore[arg-type]


async def upload(organizer: Browser, county: Seeded, content: bytes, unit: str = "组织部") -> str:
    """Send a roster and let it be read; the address of the batch."""
    await organizer.open("/people/import")
    answer = await organizer.post(
        "/people/import",
        data={"_csrf_token": organizer.token, "unit": str(county.units[unit].id)},
        files={"file": ("名册.xlsx", content)},
    )
    address: str = answer.headers["location"]
    await read_again(county, address)
    return address


async def test_unknown_headings_and_words_are_explained_once(organizer: Browser, county: Seeded) -> None:
    """First the headings, then the words below them; the next roster of the unit is read without a question."""
    rows = [
        ("石一", "110101199003070011", "正", "一支", "识字班"),
        ("石二", "110101199003070038", "正", "一支", "识字班"),
    ]
    address = await upload(organizer, county, workbook(*rows))
    assert "没有找到名册的表头" in (await organizer.open(address)).text
    page = (await organizer.open(f"{address}/words")).text
    assert all(heading in page for heading in ODD)

    fields = ("name", "national_id", "membership", "unit", "education")
    said = {f"heading:{heading}": field for heading, field in zip(ODD, fields, strict=True)}
    answer = await organizer.submit(f"{address}/words", **said)
    assert answer.status_code == 303, answer.text
    await read_again(county, address)
    page = (await organizer.open(address)).text
    assert "没有“识字班”这个选项" in page
    assert "在导入范围内没有“一支”这个党支部" in page

    page = (await organizer.open(f"{address}/words")).text
    assert 'name="value:education:识字班"' in page
    assert 'name="value:unit:一支"' in page
    wrong = await organizer.submit(f"{address}/words", **said, **{"value:unit:一支": "没有的支部"})
    assert wrong.status_code == 422
    assert "没有“没有的支部”这个党支部" in wrong.text
    words = {"value:education:识字班": "其他", "value:unit:一支": "东街支部", "value:membership:正": "full"}
    assert (await organizer.submit(f"{address}/words", **said, **words)).status_code == 303
    await read_again(county, address)
    assert "将新登记 2 人，改动 0 人" in (await organizer.open(address)).text
    await organizer.submit(f"{address}/confirm")
    async with county_session(county.id):
        await apply(address.rsplit("/", 1)[1], TODAY, regime_of_path)  # type: ignore[arg-type]
        found = await current_session().fetch(
            "select education, membership from person where name like '石_'"
        )
    assert {tuple(row) for row in found} == {("其他", "full")}

    later = await upload(
        organizer, county, workbook(("石三", "110101199003070054", "正", "一支", "识字班")), "城关镇党委"
    )
    assert "将新登记 1 人" in (await organizer.open(later)).text, "known to the committee below as well"


async def test_what_is_remembered_is_listed_and_forgotten(organizer: Browser, county: Seeded) -> None:
    headings = ("姓名", "身份证号码", "人员类别", "所在党支部", "念过的书")
    row = ("石四", "110101199003070070", "正式党员", "东街支部", "小学")
    address = await upload(organizer, county, workbook(row, headings=headings), "城关镇党委")
    assert "没有读取的列：念过的书" in (await organizer.open(address)).text
    await organizer.open(f"{address}/words")
    assert (
        await organizer.submit(f"{address}/words", **{"heading:念过的书": "education"})
    ).status_code == 303
    await read_again(county, address)
    assert "没有读取的列" not in (await organizer.open(address)).text
    api = (await organizer.get("/api/v1/imports/words")).json()
    (word,) = [one for one in api if one["heard"] == "念过的书"]
    assert (word["unit_name"], word["shown"], word["field"]) == ("城关镇党委", "学历", "heading")
    assert "念过的书" in (await organizer.open("/people/import/words")).text
    above = await upload(organizer, county, workbook(row, headings=headings))
    assert "没有读取的列：念过的书" in (await organizer.open(above)).text, (
        "said of the committee, not above it"
    )
    await organizer.open("/people/import/words")
    assert (await organizer.submit(f"/people/import/words/{word['id']}/forget")).status_code == 303
    again = await upload(organizer, county, workbook(row, headings=headings), "城关镇党委")
    assert "没有读取的列：念过的书" in (await organizer.open(again)).text


async def test_the_api_explains_as_the_page_does(organizer: Browser, county: Seeded) -> None:
    headings = ("姓名", "身份证号码", "人员类别", "所在党支部", "人在外地")
    row = ("石五", "110101199003070097", "正式党员", "东街支部", "在外")
    address = (
        "/api/v1/imports/"
        + (await upload(organizer, county, workbook(row, headings=headings))).rsplit("/", 1)[1]
    )
    headers = {"x-csrftoken": organizer.cookies["csrftoken"]}
    body: dict[str, object] = {"headings": {"人在外地": "mobile"}, "values": {}}
    answer = await organizer.post(f"{address}/words", json=body, headers=headers)
    assert (answer.status_code, answer.json()["state"]) == (200, "uploaded")
    await read_again(county, address)
    (unknown,) = (await organizer.get(f"{address}/words")).json()
    assert unknown == {"field": "mobile", "column": "人在外地", "heard": "在外", "rows": 1}
    body = {"headings": {}, "values": {"mobile": {"在外": "yes"}}}
    assert (await organizer.post(f"{address}/words", json=body, headers=headers)).status_code == 200
    await read_again(county, address)
    assert (await organizer.get(address)).json()["counts"]["new"] == 1
    (word,) = [one for one in (await organizer.get("/api/v1/imports/words")).json() if one["heard"] == "在外"]
    assert (await organizer.delete(f"/api/v1/imports/words/{word['id']}", headers=headers)).status_code == 204
    gone = await organizer.delete(f"/api/v1/imports/words/{word['id']}", headers=headers)
    assert gone.status_code == 404


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"heading:手机": "phone", "heading:电话": "phone"}, "都选成了“手机号”"),
        ({}, "没有选定任何一项"),
        ({"value:education:识字班": "神童"}, "请从列出的选项中选择"),
    ],
)
async def test_what_cannot_be_meant_is_refused(
    organizer: Browser, county: Seeded, said: dict[str, str], sentence: str
) -> None:
    headings = ("姓名", "身份证号码", "人员类别", "所在党支部", "手机", "电话")
    address = await upload(
        organizer, county, workbook(("石六", "110101199003070118", "正式党员", "东街支部"), headings=headings)
    )
    await organizer.open(f"{address}/words")
    answer = await organizer.submit(f"{address}/words", **said)
    assert answer.status_code == 422
    assert sentence in answer.text


async def test_only_who_may_import_explains(organizer: Browser, secretary: Browser, county: Seeded) -> None:
    address = await upload(organizer, county, workbook(("石七", "1", "正", "一支", "小学")))
    assert (await secretary.open(f"{address}/words")).status_code == 403
    assert (await secretary.open("/people/import/words")).status_code == 403


async def test_a_file_that_has_done_its_work_is_not_kept(organizer: Browser, county: Seeded) -> None:
    headings = ("姓名", "身份证号码", "人员类别", "所在党支部")
    row = ("石八", "110101199003070134", "正式党员", "东街支部")
    address = await upload(organizer, county, workbook(row, headings=headings))
    await organizer.open(address)
    await organizer.submit(f"{address}/confirm")
    async with county_session(county.id):
        assert await current_session().fetchval(
            "select content is null from import_batch where id = $1", address.rsplit("/", 1)[1]
        )
    answer = await organizer.open(f"{address}/words")
    assert answer.status_code == 409
    assert "原文件不再保存" in answer.text
