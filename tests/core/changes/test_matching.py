"""Whom and which branch a roster means: names as people write them, groups, other names, branches that are no more."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from core.changes.roster import read
from core.database import execute, fetchrow
from core.organisation.service import UnitDraft, create, edit
from core.register.model import PersonDraft
from core.register.roster.batch import Batch, upload
from core.register.roster.preview import PreviewRow, preview
from core.register.service import enter
from tenants.database.session import county_session
from tests.core.conftest import TODAY, World, resident_id
from tests.core.register.roster.rosters import TITLES, member, roster, row

BORN = date(1981, 3, 4)


async def looked_at(world: World, content: bytes, unit: UUID | None = None) -> tuple[Batch, list[PreviewRow]]:
    """The preview of a roster."""
    async with county_session(world.county):
        batch_id = await upload(world.organizer, unit or world.department.id, "名册.xlsx", content)
    async with county_session(world.county):
        found = await read(batch_id, TODAY)
        return found, await preview(world.organizer, batch_id)


async def test_a_branch_by_any_suffix_of_its_full_name(world: World) -> None:
    async with county_session(world.county):
        await create(
            world.admin, world.town.id, UnitDraft(kind="branch", name="中共城关镇下河村支部委员会"), TODAY
        )
        await create(world.admin, world.town.id, UnitDraft(kind="branch", name="北泉村党支部"), TODAY)
        town = await fetchrow("select name from unit where id = $1", world.town.id)
    ways = (
        "北泉村党支部", "北泉村支部", "北泉村支部委员会", "城关镇北泉村党支部", "中共城关镇北泉村支部委员会",
        "中国共产党城关镇北泉村支部委员会", "城关镇党委北泉村党支部", "城关镇党委/北泉村支部", "中共城关镇委员会北泉村党支部",
        "城关镇下河村党支部", "城关镇下河村支部",
    )  # fmt: skip
    assert town is not None
    content = roster([member(700 + place, unit=way) for place, way in enumerate(ways)])
    found, rows = await looked_at(world, content)
    assert [(line.action, line.faults) for line in rows] == [("new", ())] * len(ways), town["name"]
    assert found.counts["error"] == 0


async def test_naming_the_branch_leaves_people_in_their_groups(world: World) -> None:
    number = resident_id(BORN, 711)
    async with county_session(world.county):
        group = await create(world.admin, world.east.id, UnitDraft(kind="group", name="第一党小组"), TODAY)
        await enter(
            world.organizer, group.id, PersonDraft(name="蔡英", national_id=number, membership="full"), TODAY
        )
    _, (line,) = await looked_at(world, roster([row("蔡\u3000英", number)]))
    assert (line.action, line.changes) == ("same", ())


async def test_one_branch_need_not_name_itself(world: World) -> None:
    at = TITLES.index("所在党支部")
    titles = TITLES[:at] + TITLES[at + 1 :]
    cells = member(712)
    content = roster([cells[:at] + cells[at + 1 :]], titles)
    _, (line,) = await looked_at(world, content, world.east.id)
    assert line.action == "new"
    found, _ = await looked_at(world, content)
    assert found.refusal == "表头缺少“所在党支部”。请按名册模板补上这些列后重新上传。"


async def test_another_name_on_a_known_id_is_a_fault(world: World) -> None:
    number = resident_id(BORN, 713)
    async with county_session(world.county):
        await enter(
            world.organizer,
            world.east.id,
            PersonDraft(name="蔡彤", national_id=number, membership="full"),
            TODAY,
        )
    _, (line,) = await looked_at(world, roster([row("赵小敏", number)]))
    assert line.action == "error"
    assert "登记的是“蔡彤”，名册写的是“赵小敏”" in line.faults[0].sentence


async def test_old_and_new_stand_beside_each_other(world: World) -> None:
    number = resident_id(BORN, 719)
    was = PersonDraft(
        name="白雪莲",
        national_id=number,
        membership="full",
        joined=date(2009, 6, 28),
        phone="13847901234",
        ethnicity="汉族",
    )
    async with county_session(world.county):
        await enter(world.organizer, world.east.id, was, TODAY)
    cells = {"joined": "2009-06-29", "phone": "13947901234", "ethnicity": "蒙族", "job": "务农"}
    _, (line,) = await looked_at(world, roster([row("白雪莲", number, "河口村党支部", **cells)]))
    assert {one.field: (one.old, one.new) for one in line.differences} == {
        "ethnicity": ("汉族", "蒙古族"), "joined": ("2009-06-28", "2009-06-29"), "job": ("（空）", "务农"),
        "phone": ("138****1234", "139****1234"), "unit": (world.east.name, "河口村党支部"),
    }  # fmt: skip


async def test_a_branch_that_is_no_more_is_told_of(world: World) -> None:
    async with county_session(world.county):
        old = await create(world.admin, world.town.id, UnitDraft(kind="branch", name="下湾村党支部"), TODAY)
        await execute(
            "update unit set dissolved = $2, successor_id = $3 where id = $1", old.id, TODAY, world.east.id
        )
    _, (line,) = await looked_at(world, roster([member(714, unit="下湾村支部")]))
    assert f"已于 {TODAY} 并入“{world.east.name}”" in line.faults[0].sentence


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"joined": "1990-06-28", "converted": "1992-07-01"}, "入党日期", "未满 18 周岁"),
        ({"joined": "2009-06-28", "converted": "2009-07-01"}, "转正日期", "不满一年"),
    ],
)
async def test_what_is_odd_is_said_and_stops_nothing(
    world: World, cells: dict[str, str], column: str, sentence: str
) -> None:
    _, (line,) = await looked_at(world, roster([row("测试甲", resident_id(BORN, 715), **cells)]))
    assert line.action == "new"
    ((remark),) = line.remarks
    assert (remark.column, remark.mild) == (column, True)
    assert sentence in remark.sentence


@pytest.mark.parametrize("written", ["中共党员甲", ""])
async def test_what_cannot_be_read_brings_no_other_faults(world: World, written: str) -> None:
    titles = ["正式/预备" if title == "人员类别" else title for title in TITLES]
    wrong = row(
        "测试乙", resident_id(BORN, 716), membership=written, joined="2009-06-28", converted="2010-06-28"
    )
    _, rows = await looked_at(world, roster([member(717), member(718), wrong], titles))
    assert [fault.column for fault in rows[2].faults] == ["正式/预备"]


async def test_a_branch_is_found_by_the_name_that_it_had(world: World) -> None:
    """And whoever confirms is told."""
    async with county_session(world.county):
        old = await create(world.admin, world.town.id, UnitDraft(kind="branch", name="上湾村党支部"), TODAY)
        await edit(world.admin, old.id, UnitDraft(kind="branch", name="湾子社区党支部"), old.version, TODAY)
    _, (line,) = await looked_at(world, roster([member(790, unit="上湾村党支部")]))
    assert (line.action, line.faults) == ("new", ())
    assert [one.sentence for one in line.remarks if one.column == "所在党支部"] == [
        "“上湾村党支部”已更名为“湾子社区党支部”，按现在的党支部读取。"
    ]
    async with county_session(world.county):
        await create(world.admin, world.town.id, UnitDraft(kind="branch", name="上湾村党支部"), TODAY)
    _, (line,) = await looked_at(world, roster([member(791, unit="上湾村党支部")]))
    assert [one for one in line.remarks if one.column == "所在党支部"] == [], (
        "one that is called so now comes before one that was"
    )
