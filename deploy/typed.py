"""Numbers as they are typed behind an option, within what makes sense."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable


def number(least: int, most: int) -> Callable[[str], int]:
    """What reads a whole number from `least` to `most`; argparse says where it is none."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or not least <= int(text[:9]) <= most:
            raise ArgumentTypeError(f"“{text}”不对，应为 {least} 至 {most} 的整数")
        return int(text)

    return read
