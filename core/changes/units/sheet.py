"""A list of organisations in a workbook (national-baseline §8.1 no. 5): its headings, its rows as what they say of a unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from core.apart import Exhausted, apart
from core.errors import Invalid
from core.register.roster.cells import day, is_empty, plain_text
from core.register.roster.columns import normal
from core.register.roster.extent import SAVE_AGAIN
from core.register.roster.reading import LIMITS
from core.register.roster.table import Table
from core.register.roster.workbook import sheets

HEADINGS: dict[str, tuple[str, ...]] = {
    "code": ("党组织编码", "党组织代码", "组织编码", "组织代码", "编码", "代码"),
    "name": ("党组织全称", "党组织名称", "全称", "名称", "组织名称", "党组织"),
    "short_name": ("简称", "党组织简称"),
    "kind": ("组织类别", "党组织类别", "类别", "党组织类型", "组织类型"),
    "founded": ("成立日期", "成立时间", "批准成立日期", "建立日期"),
    "parent_code": ("上级党组织编码", "上级党组织代码", "上级编码", "上一级党组织编码"),
    "parent": ("上一级党组织", "上级党组织", "上级党组织名称", "上级组织", "隶属党组织", "所属党组织"),
}
"""Field → headings under which it comes, the preferred first."""

TITLES = {field: names[0] for field, names in HEADINGS.items()}
MOST_ENTRIES = 5_000
"""More units than any county has."""

_HEADING_ROWS = 10
_KINDS = {
    "党委": "committee", "党工委": "committee", "委员会": "committee", "基层党委": "committee", "工作委员会": "committee",
    "工委": "committee", "党组织委员会": "committee", "611": "committee",
    "党总支": "general-branch", "总支": "general-branch", "党总支部": "general-branch", "总支部": "general-branch",
    "621": "general-branch",
    "党支部": "branch", "支部": "branch", "联合党支部": "branch", "联合支部": "branch", "631": "branch",
    "临时党支部": "temporary-branch", "632": "branch", "党小组": "group", "小组": "group",
}  # fmt: skip
_ENDINGS = (
    (r"(党总支部?|总支部?|总支部?委员会)$", "general-branch"), (r"临时(党支部|支部)$", "temporary-branch"),
    (r"(党支部|支部)(委员会)?$", "branch"), (r"党?小组$", "group"), (r"(党委|党工委|工委|委员会)$", "committee"),
    (r"组织部$", "department"),
)  # fmt: skip


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A row: its number in the sheet, what it says, and field → sentence for what cannot be read. `guessed`: the kind follows
    from the name."""

    number: int
    code: str = ""
    name: str = ""
    short_name: str = ""
    kind: str = ""
    guessed: bool = False
    founded: date | None = None
    parent_code: str = ""
    parent: str = ""
    faults: dict[str, str] = {}


class Listed(msgspec.Struct, frozen=True):
    """All rows, headings that were not read, and sentences on sheets and rows that were not."""

    entries: tuple[Entry, ...]
    ignored: tuple[str, ...]
    unread: tuple[str, ...]


async def read_list(content: bytes) -> Listed:
    """What a workbook says, read apart as rosters are. Raises Invalid for what cannot be read."""
    try:
        return msgspec.msgpack.decode(await apart(__name__, content, LIMITS), type=Listed)
    except Exhausted as error:
        raise Invalid(
            f"读取这份表格超过了限度，已停止读取，组织没有任何改动。{SAVE_AGAIN}", code="exhausted"
        ) from error


def work(content: bytes) -> bytes:
    """What runs apart."""
    return msgspec.msgpack.encode(listed(sheets(content)))


def listed(tables: Iterable[Table]) -> Listed:
    """The first sheet that is shown and has the headings. Raises Invalid when there is none."""
    unread: list[str] = []
    found: Listed | None = None
    for table in tables:
        filled = any(not is_empty(cell) for row in table.rows for cell in row)
        if not filled:
            continue
        if table.hidden:
            unread.append(f"工作表“{table.name}”是隐藏的，没有读取。")
        elif found is not None or (headings := _headings(table.rows)) is None:
            unread.append(f"工作表“{table.name}”没有读取。")
        else:
            found = _read(table, *headings)
    if found is None:
        raise Invalid(
            "".join(
                (
                    "没有找到党组织表的表头（党组织全称、党组织编码、上一级党组织等）。请下载模板填写。",
                    *unread,
                )
            ),
            code="no-headings",
        )
    if not found.entries:
        raise Invalid("表里只有表头，没有党组织。请填写后重新上传。", code="no-rows")
    if len(found.entries) > MOST_ENTRIES:
        raise Invalid(
            f"这份表格有 {len(found.entries)} 行，一次最多 {MOST_ENTRIES} 行。请分批导入。",
            code="too-many-rows",
        )
    return msgspec.structs.replace(found, unread=(*found.unread, *unread))


def _headings(rows: Sequence[Sequence[object]]) -> tuple[int, dict[str, int]] | None:
    for index, row in enumerate(rows[:_HEADING_ROWS]):
        cells = [normal(cell) for cell in row]
        places = {
            field: cells.index(name)
            for field, names in HEADINGS.items()
            if (name := next((one for one in names if one in cells), None))
        }
        if "name" in places and len(places) >= 2:
            return index, places
    return None


def _read(table: Table, last: int, places: dict[str, int]) -> Listed:
    hidden, entries = [], []
    for number, row in enumerate(table.rows[last + 1 :], start=last + 2):
        if all(is_empty(row[place]) for place in places.values()):
            continue
        if number in table.hidden_rows:
            hidden.append(str(number))
        else:
            entries.append(_entry(number, {field: row[place] for field, place in places.items()}))
    taken = set(places.values())
    ignored = tuple(
        text
        for place, cell in enumerate(table.rows[last])
        if place not in taken and (text := plain_text(cell))
    )
    unread = [f"第 {'、'.join(hidden[:20])} 行在表中是隐藏的，没有读取。"] if hidden else []
    unread += [table.unknown] if table.unknown else []
    return Listed(tuple(entries), tuple(one for one in ignored if one != "序号"), tuple(unread))


def _entry(number: int, row: dict[str, object]) -> Entry:
    said = {field: "" if is_empty(cell) else plain_text(cell) for field, cell in row.items()}
    faults: dict[str, str] = {}
    founded = None
    if said.pop("founded", ""):
        try:
            founded = day(row["founded"])
        except Invalid as fault:
            faults["founded"] = fault.sentence
    kind, guessed = _kind(said.pop("kind", ""), said.get("name", ""), faults)
    return Entry(number=number, kind=kind, guessed=guessed, founded=founded, faults=faults, **said)


def _kind(written: str, name: str, faults: dict[str, str]) -> tuple[str, bool]:
    """The kind that is written, by word or by code; else what the name ends with."""
    if written:
        plain = re.sub(r"\s|\(.*?\)|^(中共|基层)", "", written)
        code = re.match(r"\d{3}", plain)
        kind = _KINDS.get(code[0] if code else plain, "")
        if not kind:
            faults["kind"] = f"没有“{written}”这种组织类别。可填：党委、党总支、党支部、党小组。"
        return kind, False
    kind = next((kind for ending, kind in _ENDINGS if re.search(ending, name)), "")
    if not kind:
        faults["kind"] = f"没有填写组织类别，从“{name}”也看不出来。可填：党委、党总支、党支部、党小组。"
    return kind, bool(kind)
