"""A list of organisations: the kinds that its words and names mean, which sheet and rows are read, what each row would do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.changes.units.batch import count
from core.changes.units.judge import Verdict, judge
from core.changes.units.sheet import MOST_ENTRIES, Entry, Listed, listed
from core.database import execute
from core.errors import Invalid
from core.organisation.service import UnitDraft, create
from core.register.roster.table import Table
from tenants.database.session import county_session
from tests.core.conftest import TODAY, make_world

HEAD = [
    "序号",
    "党组织编码",
    "党组织全称",
    "简称",
    "组织类别",
    "成立日期",
    "上级党组织编码",
    "上一级党组织",
    "书记",
]


def sheet(*rows: list[Any], head: list[Any] | None = None, **more: Any) -> Table:
    """One with its headings in the second row, below a title."""
    own = HEAD if head is None else head
    width = max(len(own), *(len(row) for row in rows), 1) if rows else len(own)
    whole = [[one, *[None] * (width - 1)] if not isinstance(one, list) else one + [None] * (width - len(one))
             for one in ("某县党组织表", own, *rows)]  # fmt: skip
    return Table(**{"name": "表", "rows": whole, **more})


def row(name: str, kind: str = "", founded: Any = None, **more: str) -> list[Any]:
    """As an office writes it."""
    return [
        "1",
        more.get("code"),
        name,
        more.get("short"),
        kind,
        founded,
        more.get("parent_code"),
        more.get("parent"),
        "张三",
    ]


def only(*rows: list[Any]) -> tuple[Entry, ...]:
    """What these rows say."""
    return listed([sheet(*rows)]).entries


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("党委", "committee"), ("基层党委", "committee"), ("党工委", "committee"), ("611", "committee"),
        ("611 党委", "committee"),
        ("党总支", "general-branch"), ("总支部", "general-branch"), ("621党总支", "general-branch"), ("党支部", "branch"),
        ("联合党支部", "branch"), ("632", "branch"), ("631（党支部）", "branch"), ("临时党支部", "temporary-branch"),
        ("党小组", "group"), ("小 组", "group"),
    ],
)  # fmt: skip
def test_a_kind_by_its_word_or_its_code(written: str, kind: str) -> None:
    [found] = only(row("某某组织", written))
    assert (found.kind, found.guessed, found.faults) == (kind, False, {})


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("中共某县某镇委员会", "committee"), ("某局党委", "committee"), ("某区党工委", "committee"),
        ("某村党总支", "general-branch"), ("某村总支部委员会", "general-branch"), ("某村党支部", "branch"),
        ("某村支部委员会", "branch"), ("防汛临时党支部", "temporary-branch"), ("工地临时支部", "temporary-branch"),
        ("第一党小组", "group"), ("第二小组", "group"), ("某县委组织部", "department"),
    ],
)  # fmt: skip
def test_a_kind_that_is_not_written_follows_from_the_end_of_the_name(name: str, kind: str) -> None:
    """A temporary branch is none with members of its own: it is told from others."""
    [found] = only(row(name))
    assert (found.kind, found.guessed, found.faults) == (kind, True, {})


def test_what_is_no_kind_and_no_day_is_a_fault_of_the_row() -> None:
    wrong, unclear, day = only(row("某支部", "公司"), row("某某"), row("某支部", "党支部", "2026-02-30"))
    assert "没有“公司”这种组织类别" in wrong.faults["kind"]
    assert "没有填写组织类别，从“某某”也看不出来" in unclear.faults["kind"]
    assert [*day.faults] == ["founded"]
    assert (day.founded, day.number) == (None, 5)
    [good] = only(
        row("某支部", "党支部", "2001.7.1", code=" 007 ", short="简", parent="某党委", parent_code="001")
    )
    assert (good.founded, good.code, good.short_name, good.parent, good.parent_code) == (
        date(2001, 7, 1), "007", "简", "某党委", "001",
    )  # fmt: skip


def test_one_sheet_is_read_and_what_is_not_is_said() -> None:
    """The first that is shown and has headings; hidden rows; headings that mean nothing here."""
    found: Listed = listed(
        [
            Table("空", [[None, ""]]), sheet(row("甲支部"), name="藏", hidden=True), Table("说明", [["请填写"], ["谢谢"]]),
            sheet(row("甲支部"), [None] * 9, row("乙支部"), row("丙支部"), hidden_rows=frozenset({5}), unknown="有的没有读取。"),
            sheet(row("丁支部"), name="又一表"),
        ]
    )  # fmt: skip
    assert [(one.number, one.name) for one in found.entries] == [(3, "甲支部"), (6, "丙支部")]
    assert found.ignored == ("书记",)
    assert found.unread == (
        "第 5 行在表中是隐藏的，没有读取。", "有的没有读取。", "工作表“藏”是隐藏的，没有读取。",
        "工作表“说明”没有读取。", "工作表“又一表”没有读取。",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ([], "没有找到党组织表的表头"), ([Table("空", [[""]])], "没有找到党组织表的表头"),
        ([sheet(row("甲支部"), hidden=True)], "没有找到党组织表的表头.*工作表“表”是隐藏的"),
        ([sheet(row("甲支部"), head=["党组织全称", "书记"])], "没有找到党组织表的表头"),
        ([sheet()], "表里只有表头，没有党组织"),
        ([sheet(*([row("支部")] * (MOST_ENTRIES + 1)))], "有 5001 行，一次最多 5000 行"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_organisations_is_refused(tables: list[Table], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        listed(tables)


async def test_what_each_row_would_do(pool: object) -> None:
    """New, changed, the same, or that it cannot be taken: by code, else by name under its parent."""
    world = await make_world("listed", "列表县")
    async with county_session(world.county):
        coded = await create(
            world.admin, world.town.id, UnitDraft(kind="branch", name="有码支部", code="101"), TODAY
        )
        gone = await create(
            world.admin, world.town.id, UnitDraft(kind="branch", name="没了支部", code="102"), TODAY
        )
        await execute("update unit set dissolved = $2 where id = $1", gone.id, TODAY)
        await create(
            world.admin, world.other_town.id, UnitDraft(kind="branch", name="别处支部", code="103"), TODAY
        )

        def entry(name: str, kind: str = "branch", **more: Any) -> Entry:
            return Entry(number=more.pop("number", 2), name=name, kind=kind, **more)

        async def verdict(*entries: Entry, of: int = 0, top: Any = world.town) -> Verdict:
            return (await judge(entries, top))[of]

        for expected, said, found in (
            ("new", "", await verdict(entry("新支部"))),
            ("new", "", await verdict(entry("新小组", "group", parent="东街社区第一党支部"))),
            ("same", "", await verdict(entry("东街社区第一党支部"))),
            ("same", "", await verdict(entry("城关镇党委", "committee"))),
            ("changed", "", await verdict(entry("改名支部", code="101"))),
            ("changed", "", await verdict(entry("东街社区第一党支部", code="201"))),
            ("error", "没有填写党组织全称", await verdict(entry(""))),
            ("error", "没有“某总支”", await verdict(entry("新支部", parent="某总支"))),
            ("error", "没有编码为“999”的党组织", await verdict(entry("新支部", parent_code="999"))),
            ("error", "没有编码为“103”的党组织", await verdict(entry("新小组", "group", parent_code="103"))),
            ("error", "叫“新支部”的党组织有 2 个。请改填上级党组织编码", await verdict(
                entry("新小组", "group", parent="新支部"), entry("新支部"), entry("新支部", "branch", parent="城关镇党委"))),
            ("error", "表里有 2 行的编码是“301”", await verdict(entry("甲", code="301"), entry("乙", code="301"))),
            ("error", "表里有 2 行叫“同名支部”", await verdict(entry("同名支部"), entry("同名支部"))),
            ("error", "编码“103”已用在“城关镇党委”以外的党组织上", await verdict(entry("甲", code="103"))),
            ("error", "“没了支部”已于 2026-11-21 撤销，编码“102”不能再用", await verdict(entry("甲", code="102"))),
            ("error", "已登记的“有码支部”是党支部，类别不能改动", await verdict(entry("有码支部", "group", code="101"))),
            ("error", "党委不能设在党支部之下", await verdict(entry("某党委", "committee", parent="东街社区第一党支部"))),
            ("error", "现在不在“东街社区第一党支部”之下", await verdict(
                entry("有码支部", code="101", parent="东街社区第一党支部"))),
            ("error", "上级党组织绕成了一圈", await verdict(
                entry("甲总支", "general-branch", code="1", parent_code="2"),
                entry("乙总支", "general-branch", code="2", parent_code="1"))),
        ):  # fmt: skip
            sentences = "".join(one.sentence for one in found.faults)
            assert (found.action, said in sentences, bool(sentences)) == (expected, True, bool(said)), (
                said,
                sentences,
            )
        changed = await verdict(entry("改名支部", code="101", founded=date(2020, 1, 1)))
        assert [(one.field, one.old, one.new) for one in changed.changes] == [
            ("名称", "有码支部", "改名支部"), ("成立日期", "（空）", "2020-01-01"),
        ]  # fmt: skip
        assert changed.unit is not None
        assert changed.unit.id == coded.id
        below = await judge(
            [entry("新总支", "general-branch", code="9"), entry("新支部", parent_code="9")], world.town
        )
        assert (below[1].above, count(below)) == (0, {"new": 2, "changed": 0, "same": 0, "error": 0})
        assert (
            await verdict(entry("远支部", parent="河口乡党委"), top=world.department)
        ).above_name == "河口乡党委"
