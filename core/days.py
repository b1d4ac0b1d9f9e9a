"""A day as people write it: the one reader for a cell of a roster and a field of a form."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

ROUNDED = timedelta(seconds=60)
"""Writers of spreadsheets shift a midnight by up to 43 seconds (local mean time): so near, the midnight is meant."""

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""What a field or an address can ask about: there is a day before and a day after."""

_FIGURES = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_TENS = re.compile("([一二三四五六七八九]?)十([一二三四五六七八九]?)")
_DAY = r"(?P<year>\d{4})(?:%s(?P<month>\d{1,2})%s(?P<day>\d{1,2})\s*[日号]?[.。]?|(?P<figures>\d{4}))"
_TIME = r"(?:[T\s]*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?(?:Z|\+08:?00)?)?"
_BETWEEN = r"(?:\s*[-/.、,。年月‐‑‒–—―−~·]\s*|\s+)"
_WRITTEN = re.compile(_DAY % (_BETWEEN, _BETWEEN) + _TIME)
_DAY_FIRST = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})" + _TIME)
_WEEKDAY = re.compile(r"\s*[(]?(?:星期|周)[一二三四五六日天][)]?$")
_MONTH = re.compile(rf"(\d{{4}})(?:{_BETWEEN}(\d{{1,2}})\s*月?[.。]?|(\d{{2}}))")


def plain_day(text: str) -> str:
    """Half-width text without quotation marks at its ends; Chinese figures as Arabic ones."""
    text = unicodedata.normalize("NFKC", text).strip(" \t\r\n\u200b'\"‘’“”`").removeprefix("公元")
    text = _WEEKDAY.sub("", text)
    if "年" in text and re.search("[一二三四五六七八九十]", text):
        text = _TENS.sub(_ten, text).translate(_FIGURES)
    return text


def _ten(found: re.Match[str]) -> str:
    return (found[1] or "一") + (found[2] or "〇")


def moment_of(text: str) -> datetime | None:
    """The moment written, midnight where there is no time of day; None for what is no complete date.

    Raises ValueError for one that does not exist.
    """
    plain = plain_day(text)
    found = _WRITTEN.fullmatch(plain)
    if not found:
        return _abroad(plain)
    figures = found["figures"]
    month, day = (figures[:2], figures[2:]) if figures else (found["month"], found["day"])
    return datetime(
        int(found["year"]), int(month), int(day),
        int(found["hour"] or 0), int(found["minute"] or 0), int(found["second"] or 0),
    )  # fmt: skip


def _abroad(text: str) -> datetime | None:
    """28/6/2009 and 6/28/2009, where only one of the figures can be the month; 6/5/2009 says nothing certain."""
    found = _DAY_FIRST.fullmatch(text)
    if not found:
        return None
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    if (one > 12) == (other > 12) and one != other:
        return None
    month, day = (other, one) if one > 12 else (one, other)
    return datetime(
        year, month, day, int(found["hour"] or 0), int(found["minute"] or 0), int(found["second"] or 0)
    )


def rounded(moment: datetime) -> date | None:
    """The day whose midnight is at most a minute away; None when there is a time of day."""
    nearest = (moment + timedelta(hours=12)).replace(hour=0, minute=0, second=0, microsecond=0)
    return nearest.date() if abs(moment - nearest) <= ROUNDED else None


def day_of(text: str) -> date | None:
    """The day written; None for what is no complete, real date, or a time of a day."""
    try:
        moment = moment_of(text)
    except ValueError:
        return None
    return rounded(moment) if moment else None


def is_near(day: date) -> bool:
    """Whether a day is one that somebody can mean."""
    return EARLIEST <= day <= LATEST


def spans(since: date, last: date, most: int) -> bool:
    """Whether `last` is one of the `most` days that begin with `since`, and not the last that there is."""
    return since <= last < date.max and (last - since).days < most


def month_of(text: str) -> tuple[int, int] | None:
    """(year, month) where just these are written: 1980.05, 1980年5月, 198005."""
    found = _MONTH.fullmatch(plain_day(text))
    month = int(found[2] or found[3]) if found else 0
    return (int(found[1]), month) if found and 1 <= month <= 12 else None
