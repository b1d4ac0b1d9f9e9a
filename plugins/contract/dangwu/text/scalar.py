"""What a single YAML value means: YAML 1.2's words, so that `off`, `on`, `yes` and `no` stay words and numbers are decimal."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import yaml

LONGEST_TEXT = 2000
LONGEST_NUMBER = 15

_DAY = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_TIME = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|[ \t]+)\d{1,2}:\d{2}:\d{2}")
_WHOLE = re.compile(r"^[-+]?[0-9]+$")
_FRACTION = re.compile(r"^[-+]?[0-9]+\.[0-9]+$")
_FIXED = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "false": False, "False": False,
}  # fmt: skip


class Unreadable(ValueError):
    """A value that is not one; the text says why, without full stop."""


def scalar(event: yaml.ScalarEvent) -> Any:
    """The value of a scalar; only a plain one is more than text. Raises Unreadable."""
    text = event.value
    if len(text) > LONGEST_TEXT:
        raise Unreadable(f"有 {len(text)} 个字，最多 {LONGEST_TEXT} 个字。请写短些")
    if not event.implicit[0]:
        return text
    if text in _FIXED:
        return _FIXED[text]
    if _WHOLE.match(text) or _FRACTION.match(text):
        return _number(text)
    if _TIME.match(text):
        raise Unreadable(f"“{text[:60]}”写了时刻，只写日期")
    return _day(text) if _DAY.match(text) else text


def _number(text: str) -> int | float:
    if re.match(r"[-+]?0[0-9]", text):
        raise Unreadable(f"“{text[:60]}”以 0 开头，看不出是几。是数的去掉开头的 0，是编号的前后加引号")
    if len(text) > LONGEST_NUMBER:
        raise Unreadable(f"“{text[:60]}”这个数太大或太长。请核对")
    return float(text) if "." in text else int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(f"没有“{text}”这一天") from error
