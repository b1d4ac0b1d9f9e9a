"""Numbers that are counted on from a first one: 2026-009, 2026-010 …"""

from __future__ import annotations

import re

from core.errors import Invalid

_SERIES = re.compile(r"(?![-/])((?:[^\W_]|[-/〔〕（）()\[\]])*?)([0-9]+)")
"""Words and letters as documents are numbered, and the figures that are counted on; no dash before them all: `-1` is none."""
LONGEST = 60


def series(first: str, count: int) -> list[str]:
    """`count` numbers from the first on, which ends with digits, as wide as it is, or wider. Raises Invalid (field `first`)."""
    found = _SERIES.fullmatch(first) if len(first) <= LONGEST else None
    if found is None:
        sentence = f"起始编号只能有汉字、字母、数字、括号和其间的连字符，以数字结尾，最多 {LONGEST} 个字，例如 JH2026-0001。"
        raise Invalid(sentence, code="first", fields={"first": sentence})
    head, digits = found.groups()
    return [f"{head}{int(digits) + one:0{len(digits)}d}" for one in range(count)]
