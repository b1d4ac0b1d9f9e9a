"""Days, numbers, kinds of units and addresses as the pages write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import urlencode

from core.organisation.model import KINDS
from core.register.values import VALUES
from web.kit.clock import SHANGHAI

PARTICULARS = {field: list(words.items()) for field, words in VALUES.items()}
"""Field of a person → what can be chosen there: (value, word)."""
SIGNS = {
    "department": "部",
    "committee": "委",
    "general-branch": "总",
    "branch": "支",
    "temporary-branch": "临",
    "group": "组",
}


def day(value: date | datetime | None) -> str:
    """2026-06-16; "" for none. A moment is shown as the day it was in China."""
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date()
    return value.isoformat() if value else ""


def moment(value: datetime | str | None) -> str:
    """2026-06-16 09:12, China time; texts are ISO moments."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if value else ""


def span(value: date | None, today: date) -> str:
    """How far a day is from today: 还有 7 天, 今天, 已过 3 天."""
    if value is None:
        return ""
    days = (value - today).days
    return "今天" if days == 0 else f"还有 {days} 天" if days > 0 else f"已过 {-days} 天"


def number(value: int) -> str:
    """12,345."""
    return f"{value:,}"


def query(filters: Mapping[str, object], **more: object) -> str:
    """The query part of an address, "?" included; empty values are left out, lists repeat their name."""
    kept = {name: value for name, value in {**filters, **more}.items() if value not in (None, "", [], ())}
    return "?" + urlencode(kept, doseq=True) if kept else ""


def unit_kind(kind: str) -> str:
    """党委, 党支部 …; an unknown kind as it stands."""
    return KINDS.get(kind, kind)


def unit_sign(kind: str) -> str:
    """One character for the kind of unit."""
    return SIGNS.get(kind, "·")


def titled(value: str | None, words: Mapping[str, str]) -> str:
    """The official word for a value; "" for none, an unknown one as it stands."""
    return words.get(value, value) if value else ""
