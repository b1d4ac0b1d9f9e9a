"""One cell of a roster as a value: dates in every way people write them, words of the value lists, yes and no."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from core.errors import Invalid
from core.register.values import (
    EDUCATION,
    EDUCATION_ALSO,
    ETHNICITIES,
    MEMBERSHIP,
    MEMBERSHIP_ALSO,
    SEX,
    STANDING,
)  # fmt: skip
from core.text import tidy

EXCEL_DAY_ZERO = date(1899, 12, 30)
EXCEL_SERIALS = range(367, 73_051)
"""1901 to 2099; below lie figures that are no dates, above the eight digits of yyyyMMdd."""

_WRITTEN_DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?|(\d{4})(\d{2})(\d{2})"
)
_EMPTY = ("", "-", "—", "/", "无", "空")


_SHORT_ETHNICITIES = {name.removesuffix("族"): name for name in ETHNICITIES}


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


def day(cell: object) -> date:
    """A date cell, an Excel serial, yyyyMMdd, or yyyy-MM-dd with - / . or 年月日. Raises Invalid."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = plain_text(cell)
    if re.fullmatch("[0-9]{3,5}", text) and int(text) in EXCEL_SERIALS:
        return EXCEL_DAY_ZERO + timedelta(days=int(text))
    found = _WRITTEN_DATE.fullmatch(text)
    if not found:
        raise Invalid(f"“{text}”不是完整的日期。请写成 2026-05-11 或 20260511。")
    year, month, number = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, number)
    except ValueError:
        raise Invalid(f"“{text}”这一天不存在。请核对日期。") from None


def id_number(cell: object) -> str:
    """An identity number; refused when the sheet has stored it as a number, which loses its last digits."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        raise Invalid("身份证号码被存成了数字，末几位已经丢失。请把这一列设为“文本”，重新填写号码。")
    return plain_text(cell).replace(" ", "").lstrip("'")


def yes(cell: object) -> bool:
    """是 or 否. Raises Invalid."""
    text = plain_text(cell)
    if text in ("是", "Y", "y", "1", "√"):
        return True
    if text in ("否", "不是", "N", "n", "0", "×"):
        return False
    raise Invalid(f"“{text}”应填“是”或“否”。")


def ethnicity(cell: object) -> str:
    """A name of the list, 族 added where it is left out."""
    text = re.sub(r"^\d{2}", "", plain_text(cell))
    return (
        text
        if text in ETHNICITIES
        else _one_of(text, dict.fromkeys(ETHNICITIES, ""), _SHORT_ETHNICITIES, by_word=False)
    )


def education(cell: object) -> str:
    """A name of the list, or the everyday word for one."""
    text = plain_text(cell)
    plain = {unicodedata.normalize("NFKC", word): word for word in EDUCATION}
    return plain.get(text) or _one_of(text, dict.fromkeys(EDUCATION, ""), EDUCATION_ALSO, by_word=False)


def _one_of(text: str, words: Mapping[str, str], also: Mapping[str, str], *, by_word: bool = True) -> str:
    known = {word: key for key, word in words.items()} if by_word else {word: word for word in words}
    value = known.get(text) or also.get(text)
    if value is None:
        raise Invalid(
            f"没有“{text}”这个选项。可填：{'、'.join(list(known)[:12])}{'等' if len(known) > 12 else ''}。"
        )
    return value


def _word(words: Mapping[str, str], also: Mapping[str, str] | None = None) -> Callable[[object], str]:
    return lambda cell: _one_of(plain_text(cell), words, also or {})


READERS: dict[str, Callable[[object], object]] = {
    "national_id": id_number,
    "sex": _word(SEX, {"男性": "male", "女性": "female"}),
    "ethnicity": ethnicity,
    "born": day,
    "education": education,
    "membership": _word(MEMBERSHIP, MEMBERSHIP_ALSO),
    "joined": day,
    "converted": day,
    "standing": _word(STANDING, {"停止": "suspended"}),
    "lost_contact": yes,
    "lost_since": day,
    "mobile": yes,
}


def read(field: str, cell: object) -> object:
    """The value of a cell of the column `field`. Raises Invalid with a sentence about the cell."""
    return READERS.get(field, plain_text)(cell)
