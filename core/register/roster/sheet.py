"""The roster in the sheets of a workbook: all that are shown and have its headings. What is not read is listed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from core.errors import Invalid
from core.register.roster.cells import is_empty, plain_text
from core.register.roster.columns import COLUMNS, TITLES, normal
from core.register.roster.headings import Heading, Headings, find_headings, likely_headings, listed
from core.register.roster.rows import SHEET, Given, Known, Packed, Row
from core.register.roster.table import Table
from core.register.roster.taught import NOTHING, Taught

_NO_HEADINGS = "没有找到名册的表头（姓名、身份证号码等 19 列）。请下载模板，按模板的表头填写。"
_EXPLAINED = ("no-headings", "heading-missing")
_MOST_LISTED = 20
_SOME_FIGURES = 6
"""With fewer it is no identity number, however badly written."""
_SUMMED = re.compile(
    "(合|小|总|共)计|共.{0,6}[人名]$|(填表|制表|填报|审核|复核|审批|经办)(人|单位|日期|时间)?|负责人|(备?注|说明)[:：]?"
)
_PART = re.compile("支部|党委|总支|党小组|[:：]|[0-9]+ ?[人名]|^[一二三四五六七八九十]+、")
_OF_A_BRANCH = re.compile(
    "(.+?(?:党支部|支部委员会|支部))(?:委员会)?(?:在册)?(?:党员)?(?:花?名册|名单|信息表|基本信息表|信息采集表|登记表|台账|统计表)?"
)


class Roster(msgspec.Struct, frozen=True):
    """What was found in a workbook: titles that were `read`, headings `ignored`, sentences on what else was not read, the
    names of the sheets read, title → heading as the sheet writes it, and all headings.

    With a `refusal` there is nothing but headings, whose meaning somebody has to say first.
    """

    rows: Sequence[Given] = ()
    read: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    names: dict[str, str] = {}
    headings: tuple[Heading, ...] = ()
    refusal: str = ""


class Unexplained(Invalid):
    """A roster cannot be read before somebody has said what these `headings` mean."""

    def __init__(self, refusal: Invalid, headings: tuple[Heading, ...]) -> None:
        super().__init__(refusal.sentence, code=refusal.code)
        self.headings = headings


def kept_roster(roster: Roster) -> bytes:
    """A roster as bytes, to be handed from one process to another."""
    return msgspec.msgpack.encode((msgspec.structs.replace(roster, rows=()), roster.rows))


def restored_roster(data: bytes) -> Roster:
    """The roster that `kept_roster` wrote."""
    roster, rows = msgspec.msgpack.decode(data, type=tuple[Roster, tuple[msgspec.Raw, ...]])
    return msgspec.structs.replace(roster, rows=Packed(rows))


def read_roster(tables: Iterable[Table], *, into_branch: bool = False, taught: Taught = NOTHING) -> Roster:
    """All sheets that are shown and have the headings of a roster; `into_branch`: the branch need not be named.

    Raises Invalid when there is none, or no row below; Unexplained when it has other headings.
    """
    whole = _Whole(into_branch, taught)
    for table in tables:
        if any(not is_empty(cell) for row in table.rows for cell in row):
            whole.add(table)
    return whole.roster()


class _Whole:
    def __init__(self, into_branch: bool, taught: Taught) -> None:
        self._into_branch, self._taught = into_branch, taught
        self._said: dict[str, Heading] = {}
        self._rows: list[Given] = []
        self._sheets: list[str] = []
        self._headings: list[Headings] = []
        self._unread: list[str] = []
        self._refusal: Invalid | None = None

    def add(self, table: Table) -> None:
        """Read one sheet, or list it as not read."""
        if table.hidden:
            self._unread.append(f"工作表“{table.name}”是隐藏的，没有读取。需要导入的，请取消隐藏后重新上传。")
            return
        try:
            headings = find_headings(table.rows, self._taught.headings)
            for heading in headings.all if headings else likely_headings(table.rows):
                if heading.field or heading.text not in self._said:
                    self._said[heading.text] = heading
            if headings is None:
                self._unread.append(f"工作表“{table.name}”没有名册的表头，没有读取。")
                return
            rows = self._given(table, headings)
        except Invalid as refusal:
            self._refusal = self._refusal or refusal
            self._unread.append(f"工作表“{table.name}”没有读取：{refusal.sentence}")
            return
        if table.unknown:
            self._unread.append(table.unknown)
        if table.later:
            self._unread.append(f"工作表“{table.name}”从 1904 年起算日期，已照此读取。")
        self._unread += _hidden_columns(table, headings)
        self._sheets.append(table.name)
        self._headings.append(headings)
        self._rows += rows

    def roster(self) -> Roster:
        """All of it. Raises Invalid when no sheet could be read."""
        said = tuple(self._said.values())
        if not self._sheets:
            refusal = self._refusal or Invalid("".join((_NO_HEADINGS, *self._unread)), code="no-headings")
            raise Unexplained(refusal, said) if said and refusal.code in _EXPLAINED else refusal
        found = {field for one in self._headings for field in one.places}
        ignored = dict.fromkeys(heading for one in self._headings for heading in one.ignored)
        names = {TITLES[field]: name for one in reversed(self._headings) for field, name in one.names.items()}
        titles = tuple(column.title for column in COLUMNS if column.field in found)
        return Roster(
            tuple(self._rows), titles, tuple(ignored), tuple(self._unread), tuple(self._sheets), names, said
        )

    def _given(self, table: Table, headings: Headings) -> list[Given]:
        rows, unread = _people(table, headings)
        whole_says_full = _all_full([row for _, row in rows], headings)
        branch = "" if self._into_branch or "unit" in headings.places else _branch_named(table, headings)
        missing = headings.missing(into_branch=self._into_branch or bool(branch), all_full=whole_says_full)
        if missing:
            raise Invalid(
                f"表头缺少{listed(missing)}。请按名册模板补上这些列后重新上传。", code="heading-missing"
            )
        if not rows:
            raise Invalid("".join(("名册里只有表头，没有人员。请填写后重新上传。", *unread)), code="no-rows")
        self._unread += unread
        if branch:
            self._unread.append(
                f"工作表“{table.name}”没有所在党支部一列，按表名或标题都读作“{branch}”的党员。"
            )
        start, given = len(self._sheets) * SHEET, list[Given]()
        # Each row of cells goes when it has been read: 100,000 of them never lie beside what they say.
        table.rows.clear()
        rows.reverse()
        above, known = None, Known()
        while rows:
            number, row = rows.pop()
            one = Row(row, headings, self._taught, later=table.later, above=above, known=known)
            given.append(one.given(start + number, all_full=whole_says_full))
            above = row
        if branch:
            for person in given:
                person.values["unit"] = branch
        return given


def _hidden_columns(table: Table, headings: Headings) -> list[str]:
    """Columns that are hidden and read all the same: a column is hidden to save room, a row to leave somebody out."""
    read = [
        headings.names[field] for field, place in headings.places.items() if place in table.hidden_columns
    ]
    return [f"工作表“{table.name}”里{listed(read)}列是隐藏的，已照常读取。"] if read else []


def _people(table: Table, headings: Headings) -> tuple[list[tuple[int, list[object]]], list[str]]:
    """(number and cells of the rows of people, sentences on the rows that are none)."""
    shown, hidden, repeated, below = [], [], [], []
    for number, row in _filled(table, headings):
        if number in table.hidden_rows:
            hidden.append(number)
        elif all(
            normal(row[place]) == normal(headings.names[field]) for field, place in headings.places.items()
        ):
            repeated.append(number)
        else:
            shown.append((number, row))
    while shown and (_is_note(shown[-1][1], headings) or _is_aside(shown[-1][1], headings)):
        below.append(shown.pop())
    unsaid = [number for number, row in reversed(below) if _is_note(row, headings)]
    others = (*shown, *(line for line in reversed(below) if line[0] not in unsaid))
    aside = {number: None for number, row in others if _is_aside(row, headings)}
    shown = [line for line in shown if line[0] not in aside]
    of = f"工作表“{table.name}”"
    said = (
        (hidden, "在表中是隐藏的（或被筛选掉），没有读取。需要导入的，请取消隐藏后重新上传。"),
        (repeated, "重复了表头，没有读取。"),
        ([*aside], "是分段的标题、合计或填表说明，没有读取。"),
        (
            unsaid,
            "没有身份证号码、人员类别和所在党支部，是表下的合计或说明，没有读取。",
        ),
    )
    return shown, [f"{of}第 {_numbers(numbers)} 行{sentence}" for numbers, sentence in said if numbers]


def _filled(table: Table, headings: Headings) -> Iterator[tuple[int, list[object]]]:
    for index in range(headings.last + 1, len(table.rows)):
        row = table.rows[index]
        if any(not is_empty(row[place]) for place in headings.places.values()):
            yield index + 1, row


def _is_aside(row: Sequence[object], headings: Headings) -> bool:
    """Whether a row stands between people or below them without being one: the title of a part, a sum, who has filled it in."""
    place = headings.places.get("national_id")
    if place is not None and _figures(row[place]) >= _SOME_FIGURES:
        return False
    filled = [plain_text(cell) for cell in row if not is_empty(cell)]
    return bool(_SUMMED.match(filled[0])) or (len(filled) == 1 and bool(_PART.search(filled[0])))


def _branch_named(table: Table, headings: Headings) -> str:
    """The branch whose people a sheet lists, by the sheet's own name or the title above its headings; "" if neither says one."""
    titles = (plain_text(cell) for row in table.rows[: headings.last] for cell in row if not is_empty(cell))
    for text in (table.name, *titles):
        if found := _OF_A_BRANCH.fullmatch(text):
            return found[1]
    return ""


def _figures(cell: object) -> int:
    return sum(map(str.isdecimal, plain_text(cell)))


def _is_note(row: Sequence[object], headings: Headings) -> bool:
    places = headings.places
    figures = _figures(row[places["national_id"]]) if "national_id" in places else 0
    said = (row[places[field]] for field in ("membership", "unit", "joined", "converted") if field in places)
    return figures < _SOME_FIGURES and all(is_empty(cell) for cell in said)


def _all_full(rows: Sequence[Sequence[object]], headings: Headings) -> bool:
    place, converted = headings.places.get("membership"), headings.places.get("converted")
    unsaid = place is None or all(is_empty(row[place]) for row in rows)
    return (
        bool(rows) and unsaid and converted is not None and all(not is_empty(row[converted]) for row in rows)
    )


def _numbers(numbers: Sequence[int]) -> str:
    more = f" 等 {len(numbers)}" if len(numbers) > _MOST_LISTED else ""
    return "、".join(map(str, numbers[:_MOST_LISTED])) + more
