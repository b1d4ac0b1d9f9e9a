"""Finding the headings of a roster, however they are set: under a title, one above the other, two that mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

import msgspec

from core.errors import Invalid
from core.register.roster.cells import is_empty, plain_text
from core.register.roster.columns import COLUMNS, YES_OR_NO, normal
from core.register.roster.words import is_membership

HEADING_ROWS = 10
"""The headings are looked for in this many rows from the top: a title line may stand above them."""

LEAST_HEADINGS = 3
"""A row with fewer words is a title or a note."""

SAMPLE = 500
"""So many rows tell by their values what a column holds."""

_FIELD_OF = {heading: column.field for column in reversed(COLUMNS) for heading in column.headings}
_EITHER_TELEPHONE = frozenset(
    ("联系电话", "联系方式", "电话", "电话号码", "联系电话1", "联系电话2", "电话1", "电话2", "手机1", "手机2", "手机号1",
     "手机号2", "备用电话", "其他电话")
)  # fmt: skip
_FULL_OR_NOT = frozenset(("人员类别", "党员类别", "正式/预备", "预/正", "正式预备"))
"""Whatever stands under these says what somebody is; the other headings of that column (政治面貌) may ask for something else."""
_SERIAL = frozenset(("序号", "编号", "号"))


class Heading(msgspec.Struct, frozen=True):
    """A heading as a sheet writes it, and the field that is read under it: "" for none."""

    text: str
    field: str = ""


class Headings(msgspec.Struct, frozen=True, dict=True):
    """`last` is the index of the lowest row of headings; `places` field → column index; `all` the headings."""

    last: int
    places: dict[str, int]
    all: tuple[Heading, ...]

    @cached_property
    def columns(self) -> tuple[tuple[str, int, bool], ...]:
        """(field, column index, essential) of all that is read cell by cell; telephones are read together."""
        return tuple(
            (one.field, self.places[one.field], one.essential)
            for one in COLUMNS
            if one.field in self.places and one.field not in ("phone", "landline")
        )

    @cached_property
    def monthly(self) -> frozenset[str]:
        """Fields whose heading asks for a year and a month, no day."""
        return frozenset(field for field, text in self.names.items() if normal(text).endswith("年月"))

    def answer(self, text: str) -> str | None:
        """What yes or no says somebody is, under a heading that asks for it."""
        return self._answers.get(text)

    @cached_property
    def _answers(self) -> dict[str, str]:
        yes, no = YES_OR_NO.get(normal(self.names.get("membership", "")), ("", ""))
        return {"是": yes, "√": yes, "否": no, "×": no} if yes else {}

    @cached_property
    def names(self) -> dict[str, str]:
        """Field → the heading as the sheet writes it."""
        return {one.field: one.text for one in self.all if one.field}

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headings that are not read, besides those of serial numbers."""
        return tuple(one.text for one in self.all if not one.field and normal(one.text) not in _SERIAL)

    def missing(self, *, into_branch: bool, all_full: bool) -> list[str]:
        """Titles of essential columns that the sheet has not; one branch's own roster need not say which branch, one that
        says when each became a full member (`all_full`) need not say that he is."""
        spared = {field for field, so in (("unit", into_branch), ("membership", all_full)) if so}
        return [one.title for one in COLUMNS if one.essential and one.field not in {*self.places, *spared}]


def find_headings(
    rows: Sequence[Sequence[object]], taught: Mapping[str, str] = MappingProxyType({})
) -> Headings | None:
    """The headings, or None when no row has any; `taught` (taught.Taught.headings) comes before what we know ourselves.

    Raises Invalid when one heading comes twice.
    """
    known = {**_FIELD_OF, **taught}
    for index, row in enumerate(rows[:HEADING_ROWS]):
        if any(known.get(normal(cell)) == "name" for cell in row):
            last, cells = _stacked(rows, index, known)
            if sum(bool(known.get(normal(cell))) for cell in cells) >= 2:
                return _placed(last, cells, rows[last + 1 : last + 1 + SAMPLE], taught)
    return None


def likely_headings(rows: Sequence[Sequence[object]]) -> tuple[Heading, ...]:
    """The row that looks most like headings where none are known: for people to say what they mean."""
    found: dict[str, None] = {}
    for row in rows[:HEADING_ROWS]:
        words = dict.fromkeys(
            plain_text(cell)
            for cell in row
            if isinstance(cell, str) and re.fullmatch(r"\D{1,40}", cell.strip())
        )
        found = words if len(words) > len(found) else found
    return tuple(map(Heading, found)) if len(found) >= LEAST_HEADINGS else ()


def _stacked(rows: Sequence[Sequence[object]], index: int, known: Mapping[str, str]) -> tuple[int, list[str]]:
    """(index of the lowest row of headings, the lowest heading of every column)."""
    cells = [plain_text(cell) for cell in rows[index]]
    name = next(place for place, cell in enumerate(cells) if known.get(normal(cell)) == "name")
    last = index
    for below in rows[index + 1 : index + 3]:
        # Merged downwards, the heading stands in both rows.
        same = is_empty(below[name]) or plain_text(below[name]) == cells[name]
        if not same or not any(normal(cell) in known for cell in below):
            break
        cells = [plain_text(low) or high for low, high in zip(below, cells, strict=True)]
        last += 1
    return last, cells


def _placed(
    last: int, cells: list[str], body: Sequence[Sequence[object]], taught: Mapping[str, str]
) -> Headings:
    plain = [normal(cell) for cell in cells]
    own = {field: place for place, cell in enumerate(plain) if (field := taught.get(cell))}
    # What was said of a heading holds: it is no longer ours to guess.
    plain = ["" if cell in taught else cell for cell in plain]
    places = {
        column.field: ranked[0]
        for column in COLUMNS
        if column.field not in ("membership", "standing") and (ranked := _ranked(column.headings, plain))
    }
    told = own.get("membership", _membership(plain, body))
    if told is not None:
        places["membership"] = told
    for place, cell in enumerate(plain):
        if cell == "党籍状态" and place != told and not _tells(body, place):
            places["standing"] = place
        elif cell in _EITHER_TELEPHONE and place != places["phone"]:
            places.setdefault("landline", place)
    places |= own
    fields = {place: field for field, place in places.items()}
    said = {cell: fields.get(place, "") for place, cell in reversed(list(enumerate(cells))) if cell}
    said |= {cells[place]: field for place, field in fields.items()}
    return Headings(last, places, tuple(Heading(cell, said[cell]) for cell in dict.fromkeys(cells) if cell))


def _ranked(headings: tuple[str, ...], cells: list[str]) -> list[int]:
    """The columns under these headings, the preferred first. Raises Invalid when the first two are called alike."""
    found = sorted((headings.index(cell), place) for place, cell in enumerate(cells) if cell in headings)
    if len(found) > 1 and found[0][0] == found[1][0]:
        raise Invalid(
            f"表头里“{headings[found[0][0]]}”出现了两次（第 {found[0][1] + 1} 列和第 {found[1][1] + 1} 列）。"
            "请删去多余的一列，或改用不同的表头，然后重新上传。", code="heading-twice",
        )  # fmt: skip
    return [place for _, place in found]


def _membership(cells: list[str], body: Sequence[Sequence[object]]) -> int | None:
    """The column whose values say what people are; else the one that by its heading should."""
    column = next(one for one in COLUMNS if one.field == "membership")
    ranked = sorted(
        (column.headings.index(cell), place) for place, cell in enumerate(cells) if cell in column.headings
    )
    asking = (place for place, cell in enumerate(cells) if cell in YES_OR_NO)
    telling = (place for _, place in ranked if _tells(body, place))
    named = (place for rank, place in ranked if column.headings[rank] in _FULL_OR_NOT)
    return next(telling, next(asking, next(named, None)))


def _tells(body: Sequence[Sequence[object]], place: int) -> bool:
    filled = [plain_text(row[place]) for row in body if not is_empty(row[place])]
    return sum(map(is_membership, filled)) * 2 > len(filled)


def listed(titles: Iterable[str]) -> str:
    """“姓名”、“民族”."""
    return "、".join(f"“{title}”" for title in titles)
