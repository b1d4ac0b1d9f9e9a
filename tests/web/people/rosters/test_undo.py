"""An applied roster is undone while nobody has changed its people since; else the page says who has done what."""

from __future__ import annotations

import io
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from uuid import UUID

import pytest
from openpyxl import Workbook

from core.changes.leave import leave
from core.changes.roster import apply, read, undo
from core.changes.tags import set_tags
from core.register.columns import WRITTEN, columns_of, draft_of
from core.register.leaving import LeavingDraft
from core.register.model import PersonDraft
from core.register.service import enter
from tenants.database.session import county_session, current_session
from tenants.policies.regimes import regime_of_path
from tests.core.conftest import resident_id
from tests.web.cases.seed import opened
from tests.web.conftest import TODAY, Browser, Seeded, everything

HEADINGS = ("姓名", "身份证号码", "人员类别", "所在党支部", "工作岗位")
serial = iter(range(1, 999))


def number() -> str:
    """Another national id at each call."""
    return resident_id(date(1991, 2, 3), next(serial))


async def applied(organizer: Browser, county: Seeded, *rows: Sequence[str], unit: str = "组织部") -> str:
    """Upload, read, confirm and write a roster; the address of the batch."""
    book, out = Workbook(), io.BytesIO()
    for row in (HEADINGS, *rows):
        book.worksheets[0].append(list(row))
    book.save(out)
    await organizer.open("/people/import")
    answer = await organizer.post(
        "/people/import",
        data={"_csrf_token": organizer.token, "unit": str(county.units[unit].id)},
        files={"file": ("名册.xlsx", out.getvalue())},
    )
    address: str = answer.headers["location"]
    batch = UUID(address.rsplit("/", 1)[1])
    async with county_session(county.id):
        await read(batch, TODAY)
    await organizer.open(address)
    answer = await organizer.submit(f"{address}/confirm")
    assert answer.status_code == 303, answer.text
    async with county_session(county.id):
        assert (await apply(batch, TODAY, regime_of_path)).state == "applied"
    return address


async def undone(county: Seeded, address: str) -> str:
    """What the worker's task does; how the batch ends."""
    async with county_session(county.id):
        return (await undo(UUID(address.rsplit("/", 1)[1]), TODAY, regime_of_path)).state


async def person(county: Seeded, name: str) -> dict[str, object]:
    """The latest row of this name."""
    async with county_session(county.id):
        row = await current_session().fetchrow("select * from person where name = $1 order by id desc", name)
    assert row is not None
    return dict(row)


async def test_everything_is_as_it_was(organizer: Browser, county: Seeded) -> None:
    known, new = number(), number()
    async with county_session(county.id):
        before = await enter(
            everything(),
            county.units["上河支部"].id,
            PersonDraft(name="改回人", national_id=known, job="教师"),
            TODAY,
        )
        was = draft_of(await current_session().fetchrow("select * from person where id = $1", before))
    rows = (("改回人", known, "正式党员", "东街支部", "村医"), ("撤回人", new, "正式党员", "东街支部", ""))
    address = await applied(organizer, county, *rows)
    assert f"{address}/undo" in (await organizer.open(address)).text
    page = (await organizer.open(f"{address}/undo")).text
    assert "登记的 1 人不再在册" in page
    assert "改动过的 1 人恢复" in page
    for old, now in (("村医", "教师"), ("正式党员", "群众"), ("城关镇东街支部", "河西乡上河支部")):
        assert f"{old} → {now}" in page, (old, now)
    assert (await organizer.submit(f"{address}/undo")).status_code == 303
    assert "正在撤销这次导入" in (await organizer.open(address)).text
    assert await undone(county, address) == "undone"
    assert await undone(county, address) == "undone", "delivered twice"
    assert "名册恢复到导入以前。撤销人：组织部组织员" in (await organizer.open(address)).text
    async with county_session(county.id):
        row = await current_session().fetchrow("select * from person where id = $1", before)
        assert row is not None
        assert draft_of(row) == was
        assert row["unit_id"] == county.units["上河支部"].id
        assert await current_session().fetchval("select count(*) from import_was") == 0
    told = (await organizer.open(f"/people/{before}")).text
    assert "撤销了一次名册导入" in told
    assert re.search("导入名册时更新了[^<]*人员类别[^<]*工作岗位[^<]*所在党支部", told)
    gone = await person(county, "撤回人")
    assert (gone["left_as"], gone["left_on"]) == ("in-error", TODAY)
    assert (
        "撤回人" not in (await organizer.open("/people?q=撤回人")).text.split('id="list"')[1].split("符合")[0]
    )
    again = await applied(organizer, county, *rows)
    assert "新登记 1 人，改动 1 人" in (await organizer.open(again)).text


async def _edited(county: Seeded, secretary: Browser, who: UUID) -> None:
    await secretary.open(f"/people/{who}/edit")
    answer = await secretary.submit(
        f"/people/{who}/edit", name="有人动过", version="0", standing="normal", job="木匠"
    )
    assert answer.status_code == 303, answer.text


async def _tagged(county: Seeded, secretary: Browser, who: UUID) -> None:
    async with county_session(county.id):
        await set_tags(everything(), who, frozenset({"rural"}), TODAY, TODAY)


async def _left(county: Seeded, secretary: Browser, who: UUID) -> None:
    async with county_session(county.id):
        await leave(everything(), who, LeavingDraft("died", TODAY, "病故", "证明"), 0, TODAY)


async def _begun(county: Seeded, secretary: Browser, who: UUID) -> None:
    async with county_session(county.id):
        await opened(county, who)


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (_edited, "党支部书记修改了工作岗位。"), (_tagged, "建库修改了特征。"), (_left, "建库登记了离开（去世）。"),
        (_begun, "李桂兰为此人建立了办理档案。"),
    ],
)  # fmt: skip
async def test_who_has_changed_what_prevents_it_is_said(
    organizer: Browser,
    secretary: Browser,
    county: Seeded,
    act: Callable[[Seeded, Browser, UUID], Awaitable[None]],
    told: str,
) -> None:
    address = await applied(
        organizer, county, ("有人动过", number(), "入党申请人" if act is _begun else "群众", "东街支部", "")
    )
    who = (await person(county, "有人动过"))["id"]
    assert isinstance(who, UUID)
    await organizer.open(f"{address}/undo")
    await act(county, secretary, who)
    page = (await organizer.open(f"{address}/undo")).text
    assert told in page
    assert "撤销这次导入</" not in page
    answer = await organizer.submit(f"{address}/undo")
    assert answer.status_code == 409
    assert f"有人动过：{told}" in answer.text
    api = f"/api/v1/imports/{address.rsplit('/', 1)[1]}/undo"
    (obstacle,) = (await organizer.get(api)).json()["obstacles"]
    assert (obstacle["name"], obstacle["what"]) == ("有人动过", told)


async def test_what_comes_between_leaves_everything_applied(organizer: Browser, county: Seeded) -> None:
    address = await applied(organizer, county, ("中途人", number(), "群众", "东街支部", ""))
    headers = {"x-csrftoken": organizer.cookies["csrftoken"]}
    api = f"/api/v1/imports/{address.rsplit('/', 1)[1]}"
    answer = await organizer.post(f"{api}/undo", headers=headers)
    assert (answer.status_code, answer.json()["state"]) == (200, "undoing")
    who = (await person(county, "中途人"))["id"]
    assert isinstance(who, UUID)
    async with county_session(county.id):
        await set_tags(everything(), who, frozenset({"rural"}), TODAY, TODAY)
    assert await undone(county, address) == "applied"
    assert "中途人：建库修改了特征。" in (await organizer.open(address)).text
    assert (await person(county, "中途人"))["left_on"] is None


async def test_a_roster_that_is_not_applied_is_not_undone(organizer: Browser, county: Seeded) -> None:
    address = await applied(organizer, county, ("两次人", number(), "群众", "东街支部", ""))
    await organizer.open(f"{address}/undo")
    assert (await organizer.submit(f"{address}/undo")).status_code == 303
    assert (await organizer.submit(f"{address}/undo")).status_code == 409
    await undone(county, address)
    answer = await organizer.open(f"{address}/undo")
    assert answer.status_code == 409
    assert "只有已经生效的导入可以撤销" in answer.text


def test_all_that_is_written_is_restored() -> None:
    assert set(columns_of(PersonDraft(name="甲"))) == set(WRITTEN)
