"""What an activation may write into a policy's blanks: a value of the blank's declared type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dangwu.policy.policy import Blank, Policy
from dangwu.values.share import Share

EXPECTED = {
    "text": "文字，不能为空",
    "number": "不小于 0 的数，例如 7",
    "share": "比例，例如 >1/2 或 >=2/3",
    "list": "一项或多项，不能为空，例如 [bulletin-board, website]",
}
"""What each type of blank takes, in words."""


def fits(blank: Blank, value: Any) -> bool:
    """Whether a value is of the blank's declared type."""
    if blank.type == "number":
        return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    if blank.type == "list":
        return isinstance(value, list | tuple) and bool(value) and all(_is_text(one) for one in value)
    if not _is_text(value):
        return False
    return blank.type == "text" or _is_share(value)


def misfits(policy: Policy, fill: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each blank of the policy that is filled with a value of another type."""
    for name, value in fill.items():
        blank = policy.blanks.get(name)
        if blank is not None and not fits(blank, value):
            yield (
                f"填空“{blank.title}”（{name}）应填{EXPECTED[blank.type]}，"
                f"填的是“{value}”。请按填空说明重新填写。"
            )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_share(text: str) -> bool:
    try:
        Share(text)
    except ValueError:
        return False
    return True
