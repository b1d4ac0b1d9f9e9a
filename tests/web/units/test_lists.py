"""Organisations out of a workbook: the tree by codes or by names, looked through, then written all or not at all."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from litestar import Litestar
from openpyxl import Workbook

from core.changes.units.batch import load_list, write
from core.errors import Conflict
from core.organisation.service import UnitDraft, create
from tenants.database.session import county_session, current_session
from tenants.lists import apply_units
from tests.web.conftest import TODAY, Browser, Seeded, browser, everything
from tests.web.me.test_deputies import appointed
from tests.web.working import work

CODES = ("党组织编码", "党组织全称", "组织类别", "上级党组织编码", "成立日期")
NAMES = ("序号", "名称", "上一级党组织", "书记")


def workbook(headings: Sequence[str], *rows: Sequence[object]) -> bytes:
    """A list under these headings."""
    book, out = Workbook(), io.BytesIO()
    for row in (headings, *rows):
        book.worksheets[0].append(list(row))
    book.save(out)
    return out.getvalue()


async def upload(browser: Browser, county: Seeded, content: bytes, unit: str = "组织部") -> str:
    """Send it; the address of the preview."""
    await browser.open("/units/import")
    answer = await browser.post(
        "/units/import",
        data={"_csrf_token": browser.token, "unit": str(county.units[unit].id)},
        files={"file": ("党组织.xlsx", content)},
    )
    assert answer.status_code == 303, answer.text
    address: str = answer.headers["location"]
    await browser.open(address)
    return address


async def rows(browser: Browser, address: str) -> list[dict[str, Any]]:
    """What each row would do."""
    found: list[dict[str, Any]] = (await browser.get(f"/api/v1{address}/rows")).json()
    return found


async def written(browser: Browser, county: Seeded, address: str) -> None:
    """Confirm it, and do what the worker's task does."""
    assert (await browser.submit(f"{address}/confirm")).status_code == 303
    assert "正在写入" in (await browser.open(address)).text
    assert await work(county, apply_units)


async def tree(county: Seeded, *names: str) -> dict[str, tuple[str, str]]:
    """Name → (kind, name of the unit above) of the living ones."""
    async with county_session(county.id):
        found = await current_session().fetch(
            """select u.name, u.kind, p.name above from unit u join unit p on p.id = u.parent_id
               where u.name = any($1) and u.dissolved is null""",
            list(names),
        )
    return {row["name"]: (row["kind"], row["above"]) for row in found}


async def test_a_tree_by_codes_in_any_order(organizer: Browser, county: Seeded) -> None:
    """Those below come before those above; kinds by word and by number of the national list."""
    content = workbook(
        CODES,
        ("1001002", "甲乡乙村党支部", "631", "1001", "2001-07-01"), ("1001", "甲乡党委", "党委", None, None),
        ("1001003", "甲乡丙村党总支", "党总支", "1001", None),
        ("1001003001", "甲乡丙村第一党支部", "党支部", "1001003", "20050701"),
    )  # fmt: skip
    address = await upload(organizer, county, content)
    assert "将新建 4 个党组织，改动 0 个" in (await organizer.open(address)).text
    await written(organizer, county, address)
    assert "新建 4 个党组织，改动 0 个" in (await organizer.open(address)).text
    assert await tree(county, "甲乡乙村党支部", "甲乡丙村第一党支部", "甲乡丙村党总支", "甲乡党委") == {
        "甲乡党委": ("committee", "东河县委组织部"),
        "甲乡乙村党支部": ("branch", "甲乡党委"),
        "甲乡丙村党总支": ("general-branch", "甲乡党委"),
        "甲乡丙村第一党支部": ("branch", "甲乡丙村党总支"),
    }
    again = await upload(organizer, county, content)
    assert "完全一致" in (await organizer.open(again)).text
    renamed = workbook(CODES, ("1001002", "甲乡乙村新村党支部", "党支部", "1001", None))
    address = await upload(organizer, county, renamed)
    assert "名称：甲乡乙村党支部 → 甲乡乙村新村党支部" in (await organizer.open(address)).text
    await written(organizer, county, address)
    assert await tree(county, "甲乡乙村新村党支部") == {"甲乡乙村新村党支部": ("branch", "甲乡党委")}


async def test_a_tree_by_names(organizer: Browser, county: Seeded) -> None:
    """Kinds follow from the names; who is secretary is not read, and said so; a unit that there is stays."""
    content = workbook(
        NAMES, (1, "城关镇党委", None, "张"), (2, "城关镇南街党支部", "城关镇党委", "李"),
        (3, "南街第一党小组", "城关镇南街党支部", ""),
    )  # fmt: skip
    address = await upload(organizer, county, content)
    assert "没有读取的列：书记" in (await organizer.open(address)).text
    assert [one["action"] for one in await rows(organizer, address)] == ["same", "new", "new"]
    await written(organizer, county, address)
    assert await tree(county, "城关镇南街党支部", "南街第一党小组") == {
        "城关镇南街党支部": ("branch", "城关镇党委"),
        "南街第一党小组": ("group", "城关镇南街党支部"),
    }


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("9", "丁党支部", "党支部", "没有的", None), "没有编码为“没有的”的党组织"),
        (("9", "丁党支部", "俱乐部", None, None), "没有“俱乐部”这种组织类别"),
        (("9", "丁", None, None, None), "没有填写组织类别，从“丁”也看不出来"),
        (("9", "丁党支部", "党支部", "9", None), "上级党组织绕成了一圈"),
        (("9", None, "党支部", None, None), "没有填写党组织全称"),
        (("9", "丁党支部", "党支部", None, "去年"), "不是完整的日期"),
        (("9", "丁党小组", "党小组", None, None), "党小组不能设在组织部之下"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_is_written(
    organizer: Browser, county: Seeded, row: tuple[str | None, ...], sentence: str
) -> None:
    address = await upload(organizer, county, workbook(CODES, ("8", "戊党支部", "党支部", None, None), row))
    page = (await organizer.open(address)).text
    assert sentence in page
    assert "1 行有错" in page
    assert (await organizer.submit(f"{address}/confirm")).status_code == 409
    assert await tree(county, "戊党支部") == {}


async def test_two_of_a_name_or_code_and_a_unit_elsewhere(organizer: Browser, county: Seeded) -> None:
    twice = workbook(CODES, ("7", "己党支部", "党支部", None, None), ("7", "庚党支部", "党支部", None, None))
    told = [
        one["faults"][0]["sentence"] for one in await rows(organizer, await upload(organizer, county, twice))
    ]
    assert told == ["表里有 2 行的编码是“7”。请核对编码。"] * 2
    moved = workbook(NAMES, (1, "城关镇东街支部", "河西乡党委", ""), (2, "城关镇东街支部", "城关镇党委", ""))
    actions = [one["action"] for one in await rows(organizer, await upload(organizer, county, moved))]
    assert actions == ["new", "same"], "another unit of that name under another committee may be"


async def test_what_comes_between_leaves_the_tree_alone(organizer: Browser, county: Seeded) -> None:
    content = workbook(
        CODES, ("6", "辛党支部", "党支部", None, None), ("61", "壬党支部", "党支部", None, None)
    )
    address = await upload(organizer, county, content)
    assert (await organizer.submit(f"{address}/confirm")).status_code == 303
    async with county_session(county.id):
        draft = UnitDraft(kind="committee", name="抢先的党委", code="61")
        await create(everything(), county.units["组织部"].id, draft, TODAY)
        found = await load_list(UUID(address.rsplit("/", 1)[1]))
        assert found is not None
        with pytest.raises(Conflict, match="第 3 行不能再导入"):
            await write(everything(), found, TODAY)
    assert await tree(county, "辛党支部") == {}


async def test_only_below_ones_own_unit(organizer: Browser, secretary: Browser, county: Seeded) -> None:
    assert (await secretary.open("/units/import")).status_code == 403
    outside = workbook(NAMES, (1, "癸党支部", "河西乡党委", ""))
    address = await upload(organizer, county, outside, "城关镇党委")
    (row,) = await rows(organizer, address)
    assert "在表里和“城关镇党委”之下都没有“河西乡党委”" in row["faults"][0]["sentence"]
    assert (await secretary.open(address)).status_code == 403


@pytest.fixture
async def _nothing_waits(county: Seeded) -> None:
    async with county_session(county.id) as session:
        await session.execute("update outbox set sent_at = now() where sent_at is null")


async def asked_by(county: Seeded, browser: Browser, name: str) -> str:
    """A list of one new branch, confirmed: its address."""
    address = await upload(browser, county, workbook(CODES, (name, f"{name}党支部", "党支部", None, None)))
    assert (await browser.submit(f"{address}/confirm")).status_code == 303
    return address


@pytest.mark.usefixtures("_nothing_waits")
async def test_whose_account_was_switched_off_meanwhile_writes_nothing(
    organizer: Browser, admin: Browser, county: Seeded
) -> None:
    switch = "update account set active = $2 where id = $1"
    account = county.accounts["department-organizer"]
    address = await asked_by(county, organizer, "寅")
    async with county_session(county.id) as session:
        await session.execute(switch, account, False)
    assert await work(county, apply_units)
    async with county_session(county.id) as session:
        await session.execute(switch, account, True)
    assert "提出的账号已经停用，没有办理。整份都没有写入。" in (await admin.open(address)).text
    assert await tree(county, "寅党支部") == {}


@pytest.mark.usefixtures("_nothing_waits")
async def test_a_list_that_is_stopped_says_so_and_writes_nothing(organizer: Browser, county: Seeded) -> None:
    address = await asked_by(county, organizer, "卯")
    async with county_session(county.id) as session:
        await session.execute("update outbox set cancelled_at = now() where sent_at is null")
    assert await work(county, apply_units)
    assert "写入这份表格已被取消，组织没有任何改动" in (await organizer.open(address)).text
    assert await tree(county, "卯党支部") == {}
    assert (await organizer.submit(f"{address}/discard")).status_code == 303


@pytest.mark.usefixtures("_nothing_waits")
async def test_what_a_deputy_confirms_is_written_with_the_others_rights(
    app: Litestar, organizer: Browser, county: Seeded
) -> None:
    """As long as he is his deputy."""
    async with browser(app) as deputy:
        await deputy.sign_in(county, "inspector")
        assert not await appointed(organizer, "inspector")
        act = re.findall(r"/me/deputies/[0-9a-f-]{36}/act", (await deputy.open("/me/deputies")).text)[-1]
        assert (await deputy.submit(act)).status_code == 303
        first, second = [await asked_by(county, deputy, name) for name in ("辰", "巳")]
        assert await work(county, apply_units)
        assert "新建 1 个党组织" in (await deputy.open(first)).text
        await organizer.open("/me/deputies")
        assert (await organizer.submit(act.replace("/act", "/end"))).status_code == 303
        assert await work(county, apply_units)
        assert "这项代理已经结束，没有办理。整份都没有写入。" in (await organizer.open(second)).text
    assert {*await tree(county, "辰党支部", "巳党支部")} == {"辰党支部"}


async def test_by_the_api(organizer: Browser, county: Seeded) -> None:
    headers = {"x-csrftoken": organizer.cookies["csrftoken"]}
    content = "名称,上级党组织\n子党委,\n丑党支部,子党委\n".encode("gbk")
    answer = await organizer.post(
        "/api/v1/units/import",
        data={"unit": str(county.units["组织部"].id)},
        files={"file": ("党组织.csv", content)},
        headers=headers,
    )
    list_id = answer.json()["id"]
    answer = await organizer.post(f"/api/v1/units/import/{list_id}/confirm", headers=headers)
    assert (answer.status_code, answer.json()["state"]) == (200, "confirmed")
    assert (
        await organizer.post(f"/api/v1/units/import/{list_id}/discard", headers=headers)
    ).status_code == 409
