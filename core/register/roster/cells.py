"""One cell of a roster as a value: dates in every way people write them, words of the value lists, yes and no."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache

from core.days import moment_of, month_of, rounded
from core.errors import Invalid
from core.register.names import one_name
from core.register.numbers import QUOTES
from core.register.roster.words import education, ethnicity, membership, word
from core.register.values import SEX, STANDING
from core.text import tidy

EXCEL_DAY_ZERO = date(1899, 12, 30)
EXCEL_SERIALS = range(10_000, 73_051)
"""1927 to 2099; below lie years, above the eight digits of yyyyMMdd."""

FORMULA_ERRORS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA", "#SPILL!", "#CALC!")
)
MOST_CELLS = 4_096
"""Cells whose text is kept: each is asked for several times, and most words come again in every row."""

MOST_DAYS = 32_768
"""Dates that are kept: there are no more days in the life of anybody who is living."""

_EMPTY = ("", "-", "—", "/", "无", "空")


@lru_cache(MOST_CELLS, typed=True)
def plain_text(cell: object) -> str:
    """The cell as tidied half-width text; whole numbers without a decimal point."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return tidy(unicodedata.normalize("NFKC", str(cell))) if cell is not None else ""


def is_empty(cell: object) -> bool:
    """Nothing, or one of the signs that people put for nothing."""
    return plain_text(cell) in _EMPTY


@lru_cache(MOST_DAYS, typed=True)
def day(cell: object) -> date:
    """A date cell, an Excel serial, yyyyMMdd, or year, month and day however they are set apart. Raises Invalid."""
    try:
        moment = _moment(cell)
    except ValueError:
        raise Invalid(f"“{plain_text(cell)}”这一天不存在。请核对日期。") from None
    if moment is None:
        raise Invalid(f"“{plain_text(cell)}”不是完整的日期。请写成 2026-05-11 或 20260511。")
    found = rounded(moment)
    if found is None:
        raise Invalid(f"“{moment:%Y-%m-%d %H:%M}”带有时刻，不能确定是哪一天。请只填日期，写成 2026-05-11。")
    return found


def _moment(cell: object) -> datetime | None:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    text = plain_text(cell)
    if re.fullmatch("[0-9]{5}", text) and int(text) in EXCEL_SERIALS:
        serial = EXCEL_DAY_ZERO + timedelta(days=int(text))
        return datetime(serial.year, serial.month, serial.day)
    return moment_of(text)


def birth_month(cell: object) -> tuple[int, tuple[int, ...]] | None:
    """(year, months that may be meant) where a cell gives no day: the number 1980.1 may be January or October."""
    found = None if isinstance(cell, date) else month_of(plain_text(cell))
    if found is None:
        return None
    year, month = found
    return year, (1, 10) if isinstance(cell, float) and month == 1 else (month,)


def id_number(cell: object) -> str:
    """An identity number; refused when the sheet has stored it as a number, which loses its last digits."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        raise Invalid("身份证号码被存成了数字，末几位已经丢失。请把这一列设为“文本”，重新填写号码。")
    return plain_text(cell).replace(" ", "").strip(QUOTES)


def yes(cell: object) -> bool:
    """是 or 否. Raises Invalid."""
    text = plain_text(cell)
    if text in ("是", "Y", "y", "1", "√"):
        return True
    if text in ("否", "不是", "N", "n", "0", "×"):
        return False
    raise Invalid(f"“{text}”应填“是”或“否”。")


def _text(reader: Callable[[str], str]) -> Callable[[object], str]:
    return lambda cell: reader(plain_text(cell))


READERS: dict[str, Callable[[object], object]] = {
    "name": _text(one_name),
    "national_id": id_number,
    "sex": _text(word(SEX, {"男性": "male", "女性": "female"})),
    "ethnicity": _text(ethnicity),
    "born": day,
    "education": _text(education),
    "membership": _text(membership),
    "joined": day,
    "converted": day,
    "standing": _text(word(STANDING, {"停止": "suspended"})),
    "lost_contact": yes,
    "lost_since": day,
    "mobile": yes,
}


def formula_error(text: str) -> str:
    """The sentence for a cell that holds the error of a formula instead of content."""
    return f"单元格里是公式错误 {text}，没有内容。请改正公式，或填上内容。"


def read(field: str, cell: object) -> object:
    """The value of a cell of the column `field`. Raises Invalid with a sentence about the cell."""
    if (text := plain_text(cell).upper()) in FORMULA_ERRORS:
        raise Invalid(formula_error(text))
    return READERS.get(field, plain_text)(cell)
