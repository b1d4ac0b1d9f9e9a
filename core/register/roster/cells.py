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
from core.register.roster.extent import UNRECKONED
from core.register.roster.words import education, ethnicity, membership, word
from core.register.values import SEX, SEX_ALSO, STANDING, STANDING_ALSO
from core.text import tidy

EXCEL_DAY_ZERO = date(1899, 12, 30)
EXCEL_SERIALS = range(10_000, 73_051)
"""1927 to 2099; below lie years, above the eight digits of yyyyMMdd."""

FORMULA_ERRORS = frozenset(
    (
        "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA", "#SPILL!", "#CALC!", "#FIELD!",
        "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#EXTERNAL!", "#名称?", "#值!", "#引用!", "#数字!", "#空!", UNRECKONED,
        *(f"ERR:{number}" for number in range(501, 541)), *("#" * width for width in range(3, 41)),
    )
)  # fmt: skip
"""Of Excel, WPS and LibreOffice; and what a column shows that is too narrow, once somebody has copied that."""
DITTO = frozenset(("〃", "同上", "′′", "''", '"', "“", "”"))
"""The same as in the row above."""
MOST_CELLS = 4_096
"""Cells whose text is kept: each is asked for several times, and most words come again in every row."""

MOST_DAYS = 32_768
"""Dates that are kept: there are no more days in the life of anybody who is living."""

EMPTY = frozenset(
    ("", "-", "—", "–", "--", "——", "/", "\\", "无", "空", "暂无", "N/A", "NULL", "null", "None")
)
_TWO_FIGURES = re.compile(r"\d{2}\D\d{1,2}\D\d{1,2}日?")
_EITHER_MONTH = re.compile(r"\d{1,2}([-/])\d{1,2}\1\d{4}")
_A_DAY = re.compile(r"\d{4}\D\d{1,2}\D\d{1,2}|\d{8}")
_WHOLE = re.compile("[0-9]{17}[0-9X]")
_LABELS = re.compile(
    r"身份证件?(号码?)?|公民身份号码|ID|[二一]代证?|[:()=.,;\"]|[" + QUOTES + "]", re.IGNORECASE
)


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
    return plain_text(cell) in EMPTY


def is_ditto(cell: object) -> bool:
    """The same as in the row above."""
    return plain_text(cell) in DITTO


@lru_cache(MOST_DAYS, typed=True)
def day(cell: object) -> date:
    """A date cell, an Excel serial, yyyyMMdd, or year, month and day however they are set apart. Raises Invalid."""
    try:
        moment = _moment(cell)
    except ValueError:
        raise Invalid(f"“{plain_text(cell)}”这一天不存在。请核对日期。") from None
    if moment is None:
        raise Invalid(_no_day(plain_text(cell)))
    found = rounded(moment)
    if found is None:
        raise Invalid(f"“{moment:%Y-%m-%d %H:%M}”带有时刻，不能确定是哪一天。请只填日期，写成 2026-05-11。")
    return found


def _no_day(text: str) -> str:
    if _TWO_FIGURES.fullmatch(text):
        return f"“{text}”的年份只有两位，不能确定是哪一年。请写成四位年份，如 2026-05-11。"
    if _EITHER_MONTH.fullmatch(text):
        return f"“{text}”分不清哪个是月、哪个是日。请写成 2026-05-11。"
    if _A_DAY.search(text):
        return f"“{text}”里除了日期还有别的内容。请只留一个日期，写成 2026-05-11。"
    return f"“{text}”不是完整的日期。请写成 2026-05-11 或 20260511。"


def _moment(cell: object) -> datetime | None:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    text = plain_text(cell).removesuffix(".0")
    if re.fullmatch("[0-9]{5}", text) and int(text) in EXCEL_SERIALS:
        serial = EXCEL_DAY_ZERO + timedelta(days=int(text))
        return datetime(serial.year, serial.month, serial.day)
    return moment_of(text)


def birth_month(cell: object, *, monthly: bool = False) -> tuple[int, tuple[int, ...]] | None:
    """(year, months that may be meant) where a cell gives no day: the number 1980.1 may be January or October."""
    if isinstance(cell, date):
        # Under a heading of years and months a day is what the spreadsheet made of a month.
        return (cell.year, (cell.month,)) if monthly and cell.day == 1 else None
    found = month_of(plain_text(cell))
    if found is None:
        return None
    year, month = found
    return year, (1, 10) if isinstance(cell, float) and month == 1 else (month,)


def id_number(cell: object) -> str:
    """An identity number; refused when the sheet has stored it as a number, which loses its last digits."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        raise Invalid("身份证号码被存成了数字，末几位已经丢失。请把这一列设为“文本”，重新填写号码。")
    text = plain_text(cell).replace(" ", "")
    if _WHOLE.fullmatch(text):
        return text
    # Nothing but the words that say what it is, and the strokes that set its parts apart, stands beside it.
    bare = re.sub("[-‐‑–—]", "", _LABELS.sub("", text)).upper()
    return bare if _WHOLE.fullmatch(bare) else text.strip(QUOTES)


def yes(cell: object) -> bool:
    """是 or 否. Raises Invalid."""
    text = plain_text(cell)
    if text.upper() in ("是", "Y", "YES", "TRUE", "1", "√", "✓", "✔", "有", "对"):
        return True
    if text.upper() in ("否", "不", "不是", "没有", "N", "NO", "FALSE", "0", "×", "X", "✗", "✘"):
        return False
    raise Invalid(f"“{text}”应填“是”或“否”。")


def _either(*words: str) -> Callable[[object], bool]:
    """是 or 否, or the column's own word, or that word denied."""
    said = dict.fromkeys(words, True) | {
        f"{no}{word}": False for word in words for no in ("未", "非", "不", "没有")
    }
    return lambda cell: said[text] if (text := plain_text(cell)) in said else yes(cell)


def _text(reader: Callable[[str], str]) -> Callable[[object], str]:
    return lru_cache(MOST_CELLS, typed=True)(lambda cell: reader(plain_text(cell)))


READERS: dict[str, Callable[[object], object]] = {
    "name": _text(one_name),
    "national_id": id_number,
    "sex": _text(word(SEX, SEX_ALSO)),
    "ethnicity": _text(ethnicity),
    "born": day,
    "education": _text(education),
    "membership": _text(membership),
    "joined": day,
    "converted": day,
    "standing": _text(word(STANDING, STANDING_ALSO)),
    "lost_contact": _either("失联"),
    "lost_since": day,
    "mobile": _either("流动", "流动党员", "外出"),
}


def formula_error(text: str) -> str:
    """The sentence for a cell that holds the error of a formula instead of content."""
    if text == UNRECKONED:
        return "单元格里是公式，文件里没有它的结果。请在 Excel 或 WPS 中打开名册，重新计算并保存后上传。"
    if not text.strip("#"):
        return "单元格里只有“#”，是列宽不够时显示的样子，没有内容。请填上内容。"
    return f"单元格里是公式错误 {text}，没有内容。请改正公式，或填上内容。"


def read(field: str, cell: object) -> object:
    """The value of a cell of the column `field`. Raises Invalid with a sentence about the cell."""
    if (text := plain_text(cell).upper()) in FORMULA_ERRORS:
        raise Invalid(formula_error(text))
    return READERS.get(field, plain_text)(cell)
